import type { Readable } from 'node:stream'
import { analyzeEvidence } from './analyze.ts'
import { gather, namesZone } from './gather.ts'
import type { AnyReport, PhrasedReport, Report } from './model/report.ts'
import { type OutputOptions, renderReport } from './render/index.ts'
import { plainReport } from './report/plain.ts'

export interface AnalyzeInputs {
  readonly timezone?: string
  readonly year?: number
  readonly inputFormat?: string
  readonly showCommandLines?: boolean
  readonly showSecrets?: boolean
  /** Read for the path `-`. */
  readonly stdin?: Readable
}

/** What an analysis gives: the report as it is written down, and the same with its sentences' values, from which outputs are rendered. */
export interface Analysis {
  readonly report: Report
  readonly phrased: PhrasedReport
}

/**
 * Reads files, folders and archives and returns the report. Bad data never throws: it becomes warnings of the report; an unreadable path does too.
 * Times without a zone stay `null` unless a zone is given or the inputs tell it.
 */
export async function analyze(paths: readonly string[], options: AnalyzeInputs = {}): Promise<Analysis> {
  const { evidence, outcome, inputNames, quiet } = await gather(paths, {
    stdin: options.stdin ?? null,
    inputFormat: options.inputFormat ?? null,
  })
  const zones = options.timezone !== undefined || namesZone(evidence) ? (await import('./units/zone.ts')).zoneOffset : null
  const phrased = analyzeEvidence(evidence, {
    timezone: options.timezone ?? null,
    year: options.year ?? null,
    showCommandLines: options.showCommandLines ?? false,
    showSecrets: options.showSecrets ?? false,
    zoneOffset: zones,
    warnings: outcome.warnings,
    inputNames,
    quiet,
  })
  return { report: plainReport(phrased), phrased }
}

/**
 * Writes an analysis down in one of the outputs (`md`, `html`, `json` …). A report that was read back from its JSON will do, too: names are not set in
 * code style then. Throws a RangeError for an unknown output.
 */
export const render = (what: Analysis | AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<string> =>
  renderReport('phrased' in what ? what.phrased : what, id, options)

export { type AnalyzeOptions, analyzeEvidence } from './analyze.ts'
export { documentReaders } from './extract/documents/index.ts'
export { formats } from './formats/index.ts'
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
export type { OutputOptions } from './render/define-output.ts'
export { outputs } from './render/index.ts'
export { rules } from './rules/index.ts'
export { version } from './version.ts'
