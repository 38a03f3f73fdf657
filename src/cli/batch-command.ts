import type { Argv, CommandModule } from 'yargs'
import { filterOptions, readingOptions } from './analyze-arguments.ts'
import type { BatchArguments, MergeArguments } from './batch-arguments.ts'

const outputOption = {
  alias: 'o',
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'folder for the pages and the fleet view',
} as const
const baselineOption = { type: 'string', describe: 'folder of an earlier batch: what it does not have is new' } as const
const commonOptions = {
  'exit-code': { type: 'boolean', default: false, describe: 'exit with 1 when there is at least one incident' },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'no progress, no summary' },
  debug: { type: 'boolean', default: false, describe: 'stack traces of internal errors' },
} as const

export function batchCommand(done: (code: number) => void): CommandModule<object, BatchArguments> {
  return {
    command: 'batch <paths..>',
    describe: 'Analyse many bundles: a page per incident and a fleet view; goes on where a run was stopped',
    builder: (y: Argv<object>) =>
      y
        .positional('paths', { type: 'string', array: true, demandOption: true, describe: 'bundles, or folders of bundles' })
        .option('output', outputOption)
        .option('jobs', { type: 'number', describe: 'worker processes; one a core by default' })
        .option('shard', { type: 'string', describe: 'I/N: only this share (0 ≤ I < N); else JOB_COMPLETION_INDEX and OOM_REPORT_SHARDS' })
        .option('baseline', baselineOption)
        .option('template', { type: 'string', describe: 'render the pages with this Handlebars template' })
        .options(readingOptions)
        .options(filterOptions)
        .options(commonOptions)
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<BatchArguments>,
    handler: async (argv) => {
      const { batch } = await import('./run-batch.ts')
      done(await batch(argv))
    },
  }
}

export function mergeCommand(done: (code: number) => void): CommandModule<object, MergeArguments> {
  return {
    command: 'merge <dirs..>',
    describe: 'Fold the folders of several batch runs (shards) into one fleet view',
    builder: (y: Argv<object>) =>
      y
        .positional('dirs', { type: 'string', array: true, demandOption: true, describe: 'output folders of batch' })
        .option('output', outputOption)
        .option('baseline', baselineOption)
        .options(commonOptions)
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<MergeArguments>,
    handler: async (argv) => {
      const { merge } = await import('./run-batch.ts')
      done(await merge(argv))
    },
  }
}
