/** What a worker thread runs: one bundle at a time. Built as `batch-worker.js` beside the command line. */
export { analyzeBundle } from './analyze-bundle.ts'
export { contentHash } from './content.ts'
