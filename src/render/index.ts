export { outputs } from './outputs.ts'
export { renderReport } from './render-report.ts'
export { registerPrecompiled, templateFiles, templateFolder } from './templates.ts'
