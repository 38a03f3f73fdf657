import type { Argv, CommandModule } from 'yargs'
import type { AnalyzeArguments } from './analyze-arguments.ts'
import { analyzeOptions } from './analyze-options.ts'
import { commandOf, examples, usageOf } from './commands.ts'
import { startAnalyze } from './start-analyze.ts'

export function analyzeCommand(done: (code: number) => void): CommandModule<object, AnalyzeArguments> {
  const data = commandOf('analyze')
  return {
    command: usageOf(data),
    describe: data.describe,
    builder: (y: Argv<object>) =>
      y
        .positional('paths', { type: 'string', array: true, demandOption: true, describe: 'logs, documents, folders, archives, or -' })
        .options(analyzeOptions)
        .example(examples.slice(0, 5).map(([command, what]) => [command, what] as [string, string]))
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<AnalyzeArguments>,
    handler: async (argv) => {
      done(await startAnalyze(argv))
    },
  }
}
