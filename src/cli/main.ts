import { OutputError, UsageError } from './errors.ts'
import { internalError, outputError, usageError } from './exit-code.ts'
import { discardUnfinished } from './files.ts'
import { plainArguments } from './plain-arguments.ts'
import { quickArguments } from './quick-arguments.ts'
import { onSignals } from './signals.ts'
import { startAnalyze } from './start-analyze.ts'
import { stdinArgument } from './stdin-argument.ts'
import { quietOnClosedPipe } from './terminal.ts'

/** Runs one command. Returns the exit code; only bugs throw past it, and are reported as such. */
export async function main(argv: readonly string[]): Promise<number> {
  quietOnClosedPipe()
  listen(argv)
  try {
    const args = plainArguments(argv, () => !process.stdin.isTTY)
    const quick = quickArguments(args)
    if (quick !== null) return await startAnalyze(quick)
    const { runCommandLine } = await import('./command-line.ts')
    return await runCommandLine(args.map((a) => (a === '-' ? stdinArgument : a)))
  } catch (error) {
    discardUnfinished()
    return failed(error, argv.includes('--debug'))
  }
}

/** Who waits for what comes in (`-`, a terminal) is free to listen, and tells by its exit code who ended it. */
function listen(argv: readonly string[]): void {
  if (process.pid === 1) onSignals(discardUnfinished)
  else if (argv.includes('-')) process.stdin.once('end', onSignals(discardUnfinished))
}

/** One or two lines: what, and what to do. A stack only for bugs, or when asked. */
function failed(error: unknown, debug: boolean): number {
  const known = error instanceof UsageError || (error instanceof Error && error.name === 'YError')
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof OutputError) {
    process.stderr.write(`oom-report: ${message}\n`)
    return outputError
  }
  if (known) {
    process.stderr.write(`oom-report: ${message}\nTry 'oom-report --help'.\n`)
    return usageError
  }
  process.stderr.write(
    `oom-report: internal error: ${message}\n${debug && error instanceof Error ? error.stack : 'This is a bug of ours; run again with --debug for the details.'}\n`,
  )
  return internalError
}
