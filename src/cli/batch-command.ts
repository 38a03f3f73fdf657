import type { Argv, CommandModule } from 'yargs'
import type { BatchArguments, MergeArguments } from './batch-arguments.ts'
import { batchOptions, mergeOptions } from './batch-options.ts'
import { commandOf, usageOf } from './commands.ts'

export function batchCommand(done: (code: number) => void): CommandModule<object, BatchArguments> {
  const batchData = commandOf('batch')
  return {
    command: usageOf(batchData),
    describe: batchData.describe,
    builder: (y: Argv<object>) =>
      y
        .positional('paths', { type: 'string', array: true, demandOption: true, describe: 'bundles, or folders of bundles' })
        .options(batchOptions)
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<BatchArguments>,
    handler: async (argv) => {
      const [{ batch }, { withSettings }] = [await import('./run-batch.ts'), await import('./with-settings.ts')]
      done(await batch(await withSettings(argv)))
    },
  }
}

export function mergeCommand(done: (code: number) => void): CommandModule<object, MergeArguments> {
  const mergeData = commandOf('merge')
  return {
    command: usageOf(mergeData),
    describe: mergeData.describe,
    builder: (y: Argv<object>) =>
      y
        .positional('dirs', { type: 'string', array: true, demandOption: true, describe: 'output folders of batch' })
        .options(mergeOptions)
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<MergeArguments>,
    handler: async (argv) => {
      const { merge } = await import('./run-batch.ts')
      done(await merge(argv))
    },
  }
}
