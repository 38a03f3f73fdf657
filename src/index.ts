import type { Readable } from 'node:stream'
import { analyzeEvidence } from './analyze.ts'
import { gather, namesZone } from './gather.ts'
import type { Report } from './model/report.ts'
import { type OutputOptions, renderReport } from './render/index.ts'

export interface AnalyzeInputs {
  readonly timezone?: string
  readonly year?: number
  readonly inputFormat?: string
  readonly showCommandLines?: boolean
  /** Read for the path `-`. */
  readonly stdin?: Readable
}

/**
 * Reads files, folders and archives and returns the report. Bad data never throws: it becomes warnings of the report; an unreadable path does too.
 * Times without a zone stay `null` unless a zone is given or the inputs tell it.
 */
export async function analyze(paths: readonly string[], options: AnalyzeInputs = {}): Promise<Report> {
  const { evidence, outcome, inputNames } = await gather(paths, { stdin: options.stdin ?? null, inputFormat: options.inputFormat ?? null })
  const zones = options.timezone !== undefined || namesZone(evidence) ? (await import('./units/zone.ts')).zoneOffset : null
  return analyzeEvidence(evidence, {
    timezone: options.timezone ?? null,
    year: options.year ?? null,
    showCommandLines: options.showCommandLines ?? false,
    zoneOffset: zones,
    warnings: outcome.warnings,
    inputNames,
  })
}

/** Writes a report down in one of the outputs (`md`, `html`, `json` …). Throws a RangeError for an unknown one. */
export const render = (report: Report, id: string, options: Partial<OutputOptions> = {}): Promise<string> =>
  renderReport(report, id, options)

export { type AnalyzeOptions, analyzeEvidence } from './analyze.ts'
export { documentReaders } from './extract/documents/index.ts'
export { formats } from './formats/index.ts'
export type { Report, ReportAnswer, ReportEvidence, ReportFinding, ReportIncident, ReportKill, ReportTimelineRow } from './model/report.ts'
export type { OutputOptions } from './render/define-output.ts'
export { outputs } from './render/index.ts'
export { rules } from './rules/index.ts'
export { version } from './version.ts'
