/** What a worker thread runs: some bundles at a time. Built as `batch-worker.js` beside the command line. */
export { analyzeBundles } from './analyze-bundle.ts'
export { contentHashes } from './content.ts'
