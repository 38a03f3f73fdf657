import type { AnyReport, PhrasedReport, Report } from './model/report.ts'
import { nodeHost } from './node/host.ts'
import { checkFilter, checkReading } from './options.ts'
import { analyzeInputs } from './pipeline.ts'
import type { OutputOptions } from './render/define-output.ts'
import { renderReport } from './render/render-report.ts'
import { everything, type ReportFilter } from './report/filter.ts'
import { plainReport } from './report/plain.ts'
import { sentenceOf } from './warnings.ts'

export interface AnalyzeOptions {
  /** IANA zone or offset (`+05:30`) of stamps that print none. Without it they stay unplaced unless the inputs tell it: the machine's own zone is never used. */
  readonly timezone?: string
  /** Year of stamps that print none. */
  readonly year?: number
  /** Id of one of `formats` or `documentReaders`: overrides detection. */
  readonly inputFormat?: string
  /** Whole command lines instead of the executable and script name. Default: false. */
  readonly showCommandLines?: boolean
  /** Passwords, tokens and keys unmasked. Default: false. */
  readonly showSecrets?: boolean
  /** Which incidents to keep; times are ms since the epoch. Default: all. */
  readonly filter?: Partial<ReportFilter>
  /** Replace hosts, namespaces, pods, users, addresses and paths by aliases. Default: false. */
  readonly redact?: boolean
  /** What the input `-` stands for: bytes, such as a stream of Node.js. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Told before each source is read: its name, and its size in bytes where known. */
  readonly onSource?: (name: string, size: number | null) => void
}

/** What an analysis gives. */
export interface Analysis {
  /** The report as it is written down: plain data that the published schema describes. */
  readonly report: Report
  /** The same with its sentences' values, from which outputs are rendered: give the whole analysis to `render`. */
  readonly phrased: PhrasedReport
  /** Inputs of which nothing could be read. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[]
  /** Trouble met while reading, by code; `report.warnings` has the sentences of these and of all others. */
  readonly warnings: readonly {
    readonly code: string
    readonly source: string | null
    readonly line: number | null
    readonly text: string
  }[]
}

/**
 * Reads files, folders and archives (`-`: what `stdin` yields) and returns the report. Bad data never throws: it becomes warnings, and an input that cannot be
 * read stands in `unreadable`. A bad option does: an `OptionError` that names it and says what is allowed.
 */
export async function analyze(inputs: readonly string[], options: AnalyzeOptions = {}): Promise<Analysis> {
  const {
    timezone = null,
    year = null,
    inputFormat = null,
    showCommandLines = false,
    showSecrets = false,
    redact = false,
    stdin = null,
    onSource,
  } = options
  const filter = { ...everything, ...options.filter }
  await checkReading({ timezone, year, inputFormat })
  checkFilter(filter)
  const reading = {
    host: nodeHost(),
    timezone,
    year,
    inputFormat,
    showCommandLines,
    showSecrets,
    stdin,
    ...(onSource === undefined ? {} : { onSource }),
  }
  const { report: phrased, outcome } = await analyzeInputs(inputs, { ...reading, filter, redact: redact ? { hash: null } : null })
  const unreadable = outcome.warnings.filter(({ code }) => code === 'input-unreadable')
  return {
    report: plainReport(phrased),
    phrased,
    unreadable: unreadable.map(({ source, args }) => ({ name: source ?? '', reason: String(args['reason']) })),
    warnings: outcome.warnings.map((w) => ({ code: w.code, source: w.source, line: w.line, text: sentenceOf({ ...w, source: null }) })),
  }
}

/**
 * Writes an analysis down in one of the `outputs` (`md`, `html`, `json` …). A report that was read back from its JSON will do, too: names are not set in
 * code style then. Throws a `RangeError` for an unknown output.
 */
export const render = (what: Analysis | AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<string> =>
  renderReport('phrased' in what ? what.phrased : what, id, options)

export { analyzeEvidence, type EvidenceOptions } from './analyze.ts'
export { documentReaders } from './extract/documents/index.ts'
export { formats } from './formats/index.ts'
export { answerIds } from './model/ids.ts'
export type {
  AnyReport,
  PhrasedReport,
  Report,
  ReportAnswer,
  ReportEvidence,
  ReportFinding,
  ReportIncident,
  ReportKill,
  ReportTimelineRow,
} from './model/report.ts'
export { OptionError } from './options.ts'
export type { OutputOptions } from './render/define-output.ts'
export { outputs } from './render/outputs.ts'
export type { ReportFilter } from './report/filter.ts'
export { plainReport } from './report/plain.ts'
export { rules } from './rules/index.ts'
export { version } from './version.ts'
