import yargs, { type Argv } from 'yargs'
import { version } from '../version.ts'
import { analyzeCommand } from './analyze-command.ts'
import { batchCommand, mergeCommand } from './batch-command.ts'
import { examples } from './commands.ts'
import { UsageError } from './errors.ts'
import { inOurWords } from './parser-words.ts'
import { completionCommand, explainCommand, formatsCommand, templatesCommand } from './small-commands.ts'

const width = Math.max(...examples.map(([command]) => command.length)) + 2
const shown = examples.map(([command, what]) => `  ${command.padEnd(width)}${what}`).join('\n')
const usage = `Explains out-of-memory kills from kernel logs, kubelet logs, journals and support bundles.

Examples:
${shown}

'oom-report analyze --help' lists all options; without a command, analyze runs.`

/** Parses the command line with yargs and runs one command. Returns its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code = 0
  const done = (value: number): void => {
    code = value
  }
  const cli: Argv = yargs([...args])
    .scriptName('oom-report')
    .usage(usage)
    .command(analyzeCommand(done))
    .command(batchCommand(done))
    .command(mergeCommand(done))
    .command(formatsCommand(done))
    .command(explainCommand(done))
    .command(templatesCommand(done))
    .command(completionCommand(done))
    .demandCommand(1, 'name a command, such as: oom-report analyze dmesg.log')
    .strict()
    .version(version)
    .alias('version', 'V')
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns || 100))
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error
      throw new UsageError(inOurWords(error?.message ?? message, args))
    })
  await cli.parseAsync()
  return code
}
