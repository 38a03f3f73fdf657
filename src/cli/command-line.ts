import yargs from 'yargs'
import { version } from '../version.ts'
import { analyzeCommand } from './analyze-command.ts'
import { batchCommand, mergeCommand } from './batch-command.ts'
import { UsageError } from './errors.ts'
import { explainCommand, formatsCommand, templatesCommand } from './small-commands.ts'

const examples = `Examples:
  oom-report analyze dmesg.log                      a Markdown report on stdout
  oom-report analyze sosreport.tar.xz -o oom.html   a page to attach, a summary on stderr
  journalctl -k -o json | oom-report analyze - --format text
`

/** Parses the command line with yargs and runs one command. Returns its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code = 0
  const done = (value: number): void => {
    code = value
  }
  const cli = yargs([...args])
    .scriptName('oom-report')
    .usage(`Explains out-of-memory kills from kernel logs, kubelet logs, journals and support bundles.\n\n${examples}`)
    .command(analyzeCommand(done))
    .command(batchCommand(done))
    .command(mergeCommand(done))
    .command(formatsCommand(done))
    .command(explainCommand(done))
    .command(templatesCommand(done))
    .demandCommand(1, 'name a command, such as: oom-report analyze dmesg.log')
    .strict()
    .version(version)
    .alias('version', 'V')
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns || 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
  await cli.parseAsync()
  return code
}
