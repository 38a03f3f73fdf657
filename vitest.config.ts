import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { wholeCorpus } from './test/corpus-place.ts'

const results = process.env['OOM_REPORT_TEST_RESULTS']

// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They speak of incidents that only the larger corpus has.
    exclude: wholeCorpus === null ? ['**/whole-corpus.test.ts'] : [],
    testTimeout: 60_000,
    pool: 'forks',
    // vitest keeps a core for itself, which on CI's two is half of the time.
    maxWorkers: availableParallelism(),
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
})
