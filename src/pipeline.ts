import { analyzeEvidence } from './analyze.ts'
import { type GatherOptions, gather, namesZone } from './gather.ts'
import type { InputOutcome } from './input/index.ts'
import type { PhrasedReport } from './model/report.ts'
import type { ReadingOptions } from './options.ts'
import { filterReport, type ReportFilter } from './report/filter.ts'
import type { Named, NameHash } from './report/redact-names.ts'

export interface PipelineOptions extends ReadingOptions, Pick<GatherOptions, 'host' | 'stdin' | 'onSource'> {
  /** What to keep; a function is asked when all is read, where it takes the evidence to know. */
  readonly filter: ReportFilter | ((whole: PhrasedReport) => ReportFilter)
  /** Told when all is read and the thinking begins. */
  readonly onRead?: () => void
  /** `null`: names stay; `hash`: aliases that are the same across reports, for those who have the key. */
  readonly redact: { readonly hash: NameHash | null; readonly onNames?: (names: readonly Named[]) => void } | null
}

export interface Analyzed {
  readonly report: PhrasedReport
  /** What became of the inputs; names in it are not redacted. */
  readonly outcome: InputOutcome
}

/** The one way from paths to a report, for the command line, batches and the library: read, analyse, filter, redact. Options are checked before. */
export async function analyzeInputs(paths: readonly string[], options: PipelineOptions): Promise<Analyzed> {
  const { timezone, year, inputFormat, showCommandLines, showSecrets, filter, redact, onRead, ...reading } = options
  const { evidence, outcome, inputNames, quiet } = await gather(paths, { ...reading, inputFormat })
  onRead?.()
  const zoneOffset = timezone !== null || namesZone(evidence) ? (await import('./units/zone.ts')).zoneOffset : null
  const whole = analyzeEvidence(evidence, {
    ...{ timezone, year, showCommandLines, showSecrets, zoneOffset, warnings: outcome.warnings, inputNames, quiet, isLastUse: true },
  })
  const filtered = filterReport(whole, typeof filter === 'function' ? filter(whole) : filter)
  const report = redact === null ? filtered : (await import('./report/redact.ts')).redact(filtered, redact.hash, redact.onNames)
  return { report, outcome }
}
