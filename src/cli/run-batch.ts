import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { runMerge } from '../batch/merge.ts'
import type { BatchOutcome } from '../batch/outcome.ts'
import { redactionKeyVariable } from '../batch/redaction.ts'
import { Refusal } from '../batch/refusal.ts'
import { defaultJobs, runBatch, stateFolder } from '../batch/run.ts'
import { type Shard, shardOf } from '../batch/shard.ts'
import { clearTemporary } from '../batch/state.ts'
import { checkFilter, checkReading } from '../options.ts'
import { templateFiles, templateFolder } from '../render/template-files.ts'
import { visible } from '../text/visible.ts'
import type { BatchArguments, MergeArguments } from './batch-arguments.ts'
import { batchProgress } from './batch-progress.ts'
import { OutputError, UsageError } from './errors.ts'
import { exitCodeOf, interrupted } from './exit-code.ts'
import { filterOf } from './filter-arguments.ts'
import { makeFolder } from './make-folder.ts'
import { keyIn } from './redaction-key.ts'
import { asArgument, readingOf, readTemplate } from './run-analyze.ts'
import { stdinArgument } from './stdin-argument.ts'

/** Ended by SIGTERM, as Kubernetes ends a pod. */
const terminated = 143

/** `oom-report batch`. A signal stops at once: whole results stay, the same command goes on from there. */
export async function batch(argv: BatchArguments): Promise<number> {
  if (argv.jobs !== undefined && !(Number.isInteger(argv.jobs) && argv.jobs >= 1 && argv.jobs <= 256))
    throw new UsageError('--jobs takes a number of workers from 1 to 256')
  await asArgument(() => checkReading(readingOf(argv)))
  const template = argv.template === undefined ? null : await checkedTemplate(argv.template)
  const shard = shardIn(argv.shard)
  const { asked: filter, counted } = await filterOf(argv)
  await asArgument(() => checkFilter(filter))
  const missing = argv.paths.filter((file) => file !== stdinArgument && !existsSync(file))
  // Nothing to read: no fleet of nothing is laid down, and the one that is there stays.
  if (missing.length === argv.paths.length) {
    for (const file of missing) process.stderr.write(`oom-report: ${visible(file)}: cannot be read: there is no such file\n`)
    return 3
  }
  makeFolder(argv.output)
  const progress = await batchProgress(argv.quiet)
  const release = onSignals(argv.output, () => progress.stop())
  const key = argv.redactKey === undefined ? {} : { [redactionKeyVariable]: keyIn(argv.redactKey) }
  const redact = argv.redact || argv.redactKey !== undefined
  try {
    const outcome = await asUsage(() =>
      runBatch({
        paths: argv.paths,
        outDir: argv.output,
        jobs: argv.jobs ?? defaultJobs(),
        shard,
        baseline: argv.baseline ?? null,
        options: { ...readingOf(argv), redact, filter, counted, template },
        templates: template ?? ownTemplates(),
        env: { ...process.env, ...key },
        onProgress: (p) => progress.update(p),
        signal: release.signal,
      }),
    )
    progress.stop()
    return told(outcome, argv)
  } catch (error) {
    progress.stop()
    if (release.signal.aborted) return new Promise(() => {})
    throw error
  } finally {
    release.off()
  }
}

/** `oom-report merge`. */
export async function merge(argv: MergeArguments): Promise<number> {
  makeFolder(argv.output)
  const outcome = await asUsage(() => runMerge(argv.dirs, argv.output, argv.baseline ?? null))
  if (!argv.quiet) for (const note of outcome.notes) process.stderr.write(`oom-report: ${note}\n`)
  return told(outcome, argv)
}

/** What the caller can mend, and what the disk refuses, is told in a line. */
async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof Refusal) throw new UsageError(message)
    if (/^(?:ENOSPC|EROFS|EDQUOT|EACCES|EPERM|EIO|EMFILE|ENFILE|ENOTSUP|EXDEV): /.test(message))
      throw new OutputError('the results', `${message}; the same command goes on from here`)
    throw error
  }
}

/**
 * Ctrl-C, and SIGTERM (which a process with number 1 in a container only gets if it asks for it). What is under way is dropped: a killed run leaves whole
 * results and a temporary folder, which is cleared here or by the next run.
 */
function onSignals(outDir: string, before: () => void): { readonly signal: AbortSignal; off(): void } {
  const stop = new AbortController()
  const end = (code: number) => (): void => {
    stop.abort()
    before()
    process.stderr.write('oom-report: stopped; the same command goes on from here\n')
    // Gives the run a moment to end its threads; a bundle in this thread may hold it for longer.
    setTimeout(() => {
      try {
        clearTemporary(stateFolder(outDir))
      } catch {
        // the next run clears it
      }
      process.exit(code)
    }, 50)
  }
  const handlers = { SIGINT: end(interrupted), SIGTERM: end(terminated) }
  process.removeAllListeners('SIGINT')
  for (const [name, handler] of Object.entries(handlers)) process.once(name, handler)
  return {
    signal: stop.signal,
    off() {
      if (!stop.signal.aborted) for (const [name, handler] of Object.entries(handlers)) process.off(name, handler)
    },
  }
}

async function checkedTemplate(file: string): Promise<string> {
  const text = readTemplate(file)
  try {
    ;(await import('handlebars')).default.parse(text)
  } catch (error) {
    throw new UsageError(`the template ${file} is broken: ${error instanceof Error ? error.message : String(error)}`)
  }
  return text
}

/** A digest of our own templates: somebody who edits them in a checkout gets new pages. */
function ownTemplates(): string {
  const hash = createHash('sha256')
  try {
    for (const file of templateFiles()) hash.update(`${file}\0`).update(readFileSync(new URL(file, templateFolder())))
  } catch {
    return 'built-in'
  }
  return hash.digest('hex')
}

function shardIn(option: string | undefined): Shard | null {
  try {
    return shardOf(option, process.env)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function told(outcome: BatchOutcome, argv: { readonly output: string; readonly quiet: boolean; readonly exitCode: boolean }): number {
  const { fleet } = outcome.choice
  if (!argv.quiet) {
    const files = outcome.written === 1 ? 'file' : 'files'
    process.stderr.write(`${fleet.summary}\n`)
    if (fleet.unreadable.length > 0)
      process.stderr.write(
        `${fleet.unreadable.length} of ${outcome.bundles} bundles could not be read whole: see ${argv.output}/index.md\n`,
      )
    process.stderr.write(
      `${argv.output}/index.html: ${outcome.written} ${files} written, ${outcome.kept} unchanged, ${outcome.reused} bundles known from before\n`,
    )
  }
  const { bundles, unreadable, broken } = outcome
  // Nothing read at all is 3; a broken bundle among others is 4, also where some of it was read.
  if (unreadable < bundles && broken > 0) return 4
  return exitCodeOf({ inputs: bundles, unreadable, incidents: fleet.counts.incidents, tell: argv.exitCode })
}
