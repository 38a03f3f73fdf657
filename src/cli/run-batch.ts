import { mkdirSync, readFileSync } from 'node:fs'
import { type BatchOutcome, type BatchProgress, defaultJobs, runBatch, runMerge } from '../batch/run.ts'
import { type Shard, shardOf } from '../batch/shard.ts'
import type { BatchArguments, MergeArguments } from './batch-command.ts'
import { batchProgress } from './batch-progress.ts'
import { UsageError } from './errors.ts'
import { exitCodeOf, interrupted } from './exit-code.ts'
import { filterOf } from './run-analyze.ts'

/** `oom-report batch`. Ctrl-C stops between bundles: whole results stay, the next run goes on from there. */
export async function batch(argv: BatchArguments): Promise<number> {
  if (argv.jobs !== undefined && !(Number.isInteger(argv.jobs) && argv.jobs >= 1 && argv.jobs <= 256))
    throw new UsageError('--jobs takes a number of worker threads, such as 2')
  const template = argv.template === undefined ? null : readFileSync(argv.template, 'utf8')
  prepare(argv.output)
  const progress = await batchProgress(argv.quiet)
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.removeAllListeners('SIGINT').on('SIGINT', onSignal)
  try {
    const outcome = await runBatch({
      paths: argv.paths,
      outDir: argv.output,
      jobs: argv.jobs ?? defaultJobs(),
      shard: shard(argv.shard),
      baseline: argv.baseline ?? null,
      options: {
        timezone: argv.timezone ?? null,
        year: argv.year ?? null,
        inputFormat: argv.inputFormat ?? null,
        redact: argv.redact,
        showCommandLines: argv.showCommandLines,
        filter: filterOf(argv),
        template,
      },
      templates: template ?? 'built-in',
      onProgress: (p: BatchProgress) => progress.update(p),
      signal: stop.signal,
    })
    progress.stop()
    return told(outcome, argv)
  } catch (error) {
    progress.stop()
    if (stop.signal.aborted) {
      process.stderr.write('oom-report: stopped; the same command goes on from here\n')
      return interrupted
    }
    throw error instanceof RangeError ? new UsageError(error.message) : error
  } finally {
    process.off('SIGINT', onSignal)
  }
}

/** `oom-report merge`. */
export async function merge(argv: MergeArguments): Promise<number> {
  prepare(argv.output)
  try {
    return told(await runMerge(argv.dirs, argv.output, argv.baseline ?? null), argv)
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}

function prepare(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true })
  } catch (error) {
    throw new UsageError(`cannot write to ${dir}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function shard(option: string | undefined): Shard | null {
  try {
    return shardOf(option, process.env)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function told(outcome: BatchOutcome, argv: { readonly output: string; readonly quiet: boolean; readonly exitCode: boolean }): number {
  const { fleet } = outcome.choice
  if (!argv.quiet) {
    process.stderr.write(`${fleet.summary}\n`)
    if (fleet.unreadable.length > 0)
      process.stderr.write(
        `${fleet.unreadable.length} of ${outcome.bundles} bundles could not be read whole; they are listed in ${argv.output}/index.md\n`,
      )
    process.stderr.write(
      `wrote ${argv.output}/index.html (${outcome.written} files written, ${outcome.kept} unchanged, ${outcome.reused} bundles from before)\n`,
    )
  }
  return exitCodeOf({ inputs: outcome.bundles, unreadable: outcome.unreadable, incidents: fleet.counts.incidents, tell: argv.exitCode })
}
