import yargs from 'yargs'
import { version } from '../version.ts'
import { analyzeCommand } from './analyze-command.ts'
import { batchCommand, mergeCommand } from './batch-command.ts'
import { UsageError } from './errors.ts'
import { internalError, interrupted, usageError } from './exit-code.ts'
import { discardUnfinished } from './files.ts'
import { explainCommand, formatsCommand, templatesCommand } from './small-commands.ts'
import { stdinArgument } from './stdin-argument.ts'
import { quietOnClosedPipe } from './terminal.ts'

const examples = `Examples:
  oom-report analyze dmesg.log                      a Markdown report on stdout
  oom-report analyze sosreport.tar.xz -o oom.html   a page to attach, a summary on stderr
  journalctl -k -o json | oom-report analyze - --format text
`

/** Parses the command line and runs one command. Returns the exit code; only bugs throw past it, and are reported as such. */
export async function main(argv: readonly string[]): Promise<number> {
  quietOnClosedPipe()
  process.once('SIGINT', () => {
    discardUnfinished()
    process.exit(interrupted)
  })
  let code = 0
  const done = (value: number): void => {
    code = value
  }
  // A bare call with piped input reads it; on a terminal it shows the help.
  const args = (argv.length === 0 && !process.stdin.isTTY ? ['analyze', '-'] : argv.length === 0 ? ['--help'] : argv).map((a) =>
    a === '-' ? stdinArgument : a,
  )
  const cli = yargs(args)
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
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
  try {
    await cli.parseAsync()
    return code
  } catch (error) {
    discardUnfinished()
    return failed(error, args.includes('--debug'))
  }
}

/** One or two lines: what, and what to do. A stack only for bugs, or when asked. */
function failed(error: unknown, debug: boolean): number {
  const known = error instanceof UsageError || (error instanceof Error && error.name === 'YError')
  const message = error instanceof Error ? error.message : String(error)
  if (known) {
    process.stderr.write(`oom-report: ${message}\nTry 'oom-report --help'.\n`)
    return usageError
  }
  process.stderr.write(
    `oom-report: internal error: ${message}\n${debug && error instanceof Error ? error.stack : 'This is a bug of ours; run again with --debug for the details.'}\n`,
  )
  return internalError
}
