export { outputs } from './outputs.ts'
export { renderReport, reportPieces } from './render-report.ts'
export { templateFiles, templateFolder } from './template-files.ts'
export { registerPrecompiled } from './templates.ts'
