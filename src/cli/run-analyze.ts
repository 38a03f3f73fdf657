import { readFileSync } from 'node:fs'
import { reasonOf } from '../input/trouble.ts'
import { nodeHost } from '../node/host.ts'
import type { Ahead } from '../node/search-ahead.ts'
import { checkFilter, checkReading, OptionError, type ReadingOptions, yearOf } from '../options.ts'
import { analyzeInputs, type PipelineOptions } from '../pipeline.ts'
import type { OutputOptions } from '../render/define-output.ts'
import { outputs } from '../render/index.ts'
import { visible } from '../text/visible.ts'
import { isBroken, unreadLines } from '../warnings.ts'
import type { AnalyzeArguments } from './analyze-arguments.ts'
import { OutputError, UsageError } from './errors.ts'
import { exitCodeOf } from './exit-code.ts'
import { openWhole, type WholeFile } from './files.ts'
import { filterOf } from './filter-arguments.ts'
import type { NameMap } from './name-map.ts'
import { didYouMean } from './near.ts'
import { progressOn } from './progress.ts'
import { ofData, rendered } from './rendered.ts'
import { standardInput, withStdin } from './stdin-argument.ts'
import { formatOf, type Target, targetOf } from './targets.ts'
import { isTerminal, terminalOf, writeAll } from './terminal.ts'

/** `oom-report analyze`: arguments → report → files, stdout, a summary on stderr. Returns the exit code. */
export async function runAnalyze(argv: AnalyzeArguments, ahead: Ahead | null = null): Promise<number> {
  const plan = await planOf(argv)
  const paths = withStdin(argv.paths)
  const map = argv.redactMap === undefined ? null : (await import('./name-map.ts')).nameMapOf(argv)
  const files = new Map<Target, WholeFile | null>(plan.targets.map((t) => [t, t.file === '-' ? null : openWhole(t.file)]))
  if (paths.includes('-') && process.stdin.isTTY && !argv.quiet)
    process.stderr.write('oom-report: reading what is typed or pasted here; Ctrl-D on a line of its own ends it\n')
  const progress = progressOn(argv.quiet)
  const { report, outcome } = await analyzeInputs(paths, {
    ...readingOf(argv),
    stdin: standardInput(paths),
    host: nodeHost(ahead, progress.bytes),
    onSource: (name) => {
      progress.source(name)
      if (argv.verbose) process.stderr.write(`reading ${name}\n`)
    },
    filter: plan.filter,
    redact: await aliasesOf(argv, map),
  })
  ahead?.close()
  progress.stop()
  await map?.commit()
  // Where nothing could be read, the line about it says all: a page about nothing is no page. Who reads data gets an empty report.
  const isNothing = outcome.inputs > 0 && outcome.unreadable >= outcome.inputs && report.incidents.length === 0
  const isSaid = plan.isBare && isNothing && !argv.quiet
  const wanted = isNothing ? dataOnly(files) : files
  const failed = await writeFiles(wanted, (target) => rendered(report, target.format, target.file, plan.options))
  if (plan.stdout !== null && !isSaid) await writeAll('stdout', await rendered(report, plan.stdout, 'standard output', plan.options))
  if (failed !== null) throw failed
  if (plan.targets.length > 0 && plan.stdout === null && !argv.quiet && !isNothing) {
    const { color, width, ascii } = terminalOf('stderr', argv.color)
    await writeAll(
      'stderr',
      await rendered(report, 'text', 'the summary', { ...plan.options, color, width, ascii: ascii || argv.ascii, template: null }),
    )
  }
  if (outcome.unreadable > 0 && !argv.quiet) {
    const lines = unreadLines(outcome.warnings, isSaid || (isNothing && plan.stdout === null)).slice(0, LINES)
    process.stderr.write(lines.map((line) => `oom-report: ${visible(line)}\n`).join(''))
  }
  return exitCodeOf({
    inputs: outcome.inputs,
    unreadable: outcome.unreadable,
    incidents: report.incidents.length,
    partly: outcome.warnings.some(isBroken),
    tell: argv.exitCode,
  })
}

function dataOnly(files: ReadonlyMap<Target, WholeFile | null>): ReadonlyMap<Target, WholeFile | null> {
  for (const [target, file] of files) if (!ofData.has(target.format)) file?.discard()
  return new Map([...files].filter(([target]) => ofData.has(target.format)))
}

/** More of them stand in the report's JSON. */
const LINES = 20

/** Without a key aliases are counted in this report; with one they follow from names and key, so that reports of many runs join. */
async function aliasesOf(argv: AnalyzeArguments, map: NameMap | null): Promise<PipelineOptions['redact']> {
  const told = map === null ? {} : { onNames: map.take }
  if (argv.redactKey === undefined) return argv.redact ? { hash: null, ...told } : null
  const { keyIn } = await import('./redaction-key.ts')
  const { nameHash } = await import('../batch/redaction.ts')
  return { hash: nameHash(keyIn(argv.redactKey)), ...told }
}

/** Writes each output that can be written; gives why the first of the others could not. */
async function writeFiles(
  files: ReadonlyMap<Target, WholeFile | null>,
  piecesOf: (target: Target) => Promise<Iterable<string>>,
): Promise<Error | null> {
  let failed: Error | null = null
  for (const [target, file] of files) {
    try {
      const pieces = await piecesOf(target)
      if (file === null) await writeAll('stdout', pieces)
      else await file.commit(pieces)
    } catch (error) {
      if (!(error instanceof OutputError || error instanceof UsageError)) throw error
      failed ??= error
    }
  }
  return failed
}

interface Plan {
  readonly targets: readonly Target[]
  /** Format for stdout, or `null`: silent. */
  readonly stdout: string | null
  readonly options: OutputOptions
  readonly filter: PipelineOptions['filter']
  /** No format and no file was named: a person looks. */
  readonly isBare: boolean
}

/** Checks everything that can be wrong before the long read. */
async function planOf(argv: AnalyzeArguments): Promise<Plan> {
  const asked = argv.json ? 'json' : argv.format === undefined ? undefined : formatOf(argv.format, outputs)
  const output = withStdin(argv.output)
  const targets = output.map((o) => targetOf(o, outputs, asked))
  const filter = await filterOf(argv)
  await asArgument(() => checkReading(readingOf(argv)))
  await asArgument(() => checkFilter(filter.asked))
  const terminal = terminalOf('stdout', argv.color)
  const template = argv.template === undefined ? null : readTemplate(argv.template)
  return {
    targets,
    // `-o -` is standard output already, in the format asked for.
    stdout: output.includes('-') ? null : (asked ?? (targets.length > 0 ? null : isTerminal('stdout') ? 'text' : 'md')),
    options: {
      width: terminal.width,
      color: terminal.color,
      ascii: argv.ascii || terminal.ascii,
      zone: null,
      showCommandLines: argv.showCommandLines,
      mermaid: argv.mermaid,
      template,
    },
    filter:
      filter.counted === null
        ? filter.asked
        : await (await import('../report/counted-times.ts')).filterWhenRead(filter.asked, filter.counted),
    isBare: asked === undefined && targets.length === 0,
  }
}

/** The options that say how to read, checked; shared with `batch`. */
export const readingOf = (
  argv: Pick<AnalyzeArguments, 'timezone' | 'year' | 'inputFormat' | 'showCommandLines' | 'showSecrets'>,
): ReadingOptions => ({
  timezone: argv.timezone ?? null,
  year: argv.year === undefined ? null : yearOf(argv.year),
  inputFormat: argv.inputFormat ?? null,
  showCommandLines: argv.showCommandLines,
  showSecrets: argv.showSecrets,
})

/** A bad option of the library is a bad argument here: `--input-format: …`. */
export async function asArgument<T>(check: () => T | Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    const listed = /^(?<given>\S+) is not one of (?<known>[\w-]+(?:, [\w-]+)+)$/.exec(error.message)?.groups
    const hint = listed === undefined ? '' : didYouMean(listed['given'] ?? '', (listed['known'] ?? '').split(', '))
    throw new UsageError(`--${error.option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${error.message}${hint}`)
  }
}

export function readTemplate(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read the template ${file}: ${reasonOf(error)}`)
  }
}
