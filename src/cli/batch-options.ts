import { filterOptions, groups, type OptionTable, readingOptions } from './analyze-arguments.ts'
import { configOption } from './analyze-options.ts'

const { output, run } = groups

const outputOption = {
  alias: 'o',
  type: 'string',
  demandOption: true,
  requiresArg: true,
  group: output,
  describe: 'folder for the pages and the fleet view',
} as const
const baselineOption = {
  type: 'string',
  group: output,
  describe: 'folder of an earlier batch: what it does not have is new',
} as const
const commonOptions = {
  'exit-code': { type: 'boolean', default: false, group: run, describe: 'exit with 1 when there is at least one incident' },
  quiet: { alias: 'q', type: 'boolean', default: false, group: run, describe: 'no progress, no summary' },
  debug: { type: 'boolean', default: false, group: run, describe: 'stack traces of internal errors' },
} as const

/** All options of `batch`. */
export const batchOptions = {
  output: outputOption,
  baseline: baselineOption,
  template: { type: 'string', group: output, describe: 'render the pages with this Handlebars template' },
  ...readingOptions,
  ...filterOptions,
  jobs: { type: 'number', group: run, describe: 'worker processes; one a core by default' },
  shard: {
    type: 'string',
    group: run,
    describe: 'I/N: only this share (0 ≤ I < N); else JOB_COMPLETION_INDEX and OOM_REPORT_SHARDS',
  },
  ...commonOptions,
  ...configOption,
} as const satisfies OptionTable

/** All options of `merge`. */
export const mergeOptions = { output: outputOption, baseline: baselineOption, ...commonOptions } as const satisfies OptionTable
