import { factsOf } from './facts/facts-of.ts'
import type { SourceEvidence } from './model/evidence.ts'
import type { QuietTally } from './model/quiet.ts'
import type { PhrasedReport } from './model/report.ts'
import type { Timeline, ZoneOffset } from './model/timeline.ts'
import type { Warning } from './model/warning.ts'
import { assembleReport } from './report/index.ts'
import { masked } from './report/mask.ts'
import { renameSources, shortNames } from './report/names.ts'
import { noQuiet } from './report/sources.ts'
import { findFindings } from './rules/findings/index.ts'
import { diagnose } from './rules/index.ts'
import { buildTimeline } from './timeline/index.ts'
import { withMost } from './timeline/most-incidents.ts'
import { version } from './version.ts'
import { reasonOf, warning } from './warnings.ts'

export interface EvidenceOptions {
  /** IANA zone or fixed offset (`+05:30`) of stamps that print none; the machine's own zone is never used. */
  readonly timezone: string | null
  /** Year of stamps that print none. */
  readonly year: number | null
  /** Show whole command lines instead of the executable and script name. */
  readonly showCommandLines: boolean
  /** Leave passwords, keys and tokens in quoted lines and commands as they stand. */
  readonly showSecrets?: boolean
  /** Zone data, injected by the caller (`units/zone.ts`); needed only where a zone is named. */
  readonly zoneOffset: ZoneOffset | null
  /** Problems met while reading, for the report's warnings. */
  readonly warnings: readonly Warning[]
  /** The arguments by the names that sources carry; the report shows their last part. Empty: names stay as they are. */
  readonly inputNames: readonly string[]
  /** Sources that were looked at and told nothing, for the report's count; absent: none. */
  readonly quiet?: QuietTally
  /** The evidence is read no more: of very many deaths it is emptied while they are written down. Absent: it stays as it is. */
  readonly isLastUse?: boolean
}

/** From so many events on the evidence is let go. */
const MANY_EVENTS = 5_000

/**
 * The pure part, from what the sources say to the report. Synchronous; no file, no clock, no terminal. Evidence that makes it throw (a bug of ours) costs
 * its own source, with a warning, never the report.
 */
export function analyzeEvidence(evidence: readonly SourceEvidence[], options: EvidenceOptions): PhrasedReport {
  const isMany = options.isLastUse === true && evidence.reduce((sum, { events }) => sum + events.length, 0) > MANY_EVENTS
  let isGone = false
  const letGo = (timeline: Timeline): void => {
    isGone = true
    emptied(evidence, timeline)
  }
  try {
    return reportOn(evidence, options, isMany ? letGo : undefined)
  } catch (error) {
    if (isGone) throw error
    return reportOn(...withoutCulprits(evidence, options, error))
  }
}

/** Takes what was read out of the lists that hold it. */
function emptied(evidence: readonly SourceEvidence[], { events, incidents }: Timeline): void {
  const lists = [events, ...evidence.map((e) => e.events), ...incidents.flatMap(({ kills, dumps, context }) => [kills, dumps, context])]
  for (const list of lists) (list as unknown[]).length = 0
}

function reportOn(evidence: readonly SourceEvidence[], options: EvidenceOptions, letGo?: (timeline: Timeline) => void): PhrasedReport {
  const short = shortNames(options.inputNames)
  const timeline = withMost(buildTimeline(evidence, { ...options, shortName: short }))
  const diagnosed = timeline.incidents.map((incident) => {
    const facts = factsOf(incident)
    return { facts, ...diagnose(facts) }
  })
  const { findings, warnings: ofFindings } = findFindings(timeline)
  const all = [...options.warnings, ...timeline.warnings, ...diagnosed.flatMap((d) => d.warnings), ...ofFindings]
  const warnings = all.map((w) => ({ ...w, source: w.source === null ? null : short(w.source) }))
  const report = assembleReport(
    { ...timeline, warnings },
    diagnosed.map(({ facts, warnings: _, ...diagnosis }) => ({ facts, diagnosis })),
    findings,
    {
      version,
      showCommandLines: options.showCommandLines,
      shortName: short,
      inputNames: options.inputNames,
      quiet: options.quiet ?? noQuiet,
      ...(letGo === undefined ? {} : { letGo: () => letGo(timeline) }),
    },
  )
  const named = renameSources(report, short)
  return options.showSecrets === true ? named : masked(named)
}

/** The sources that make no trouble by themselves; of all of them only their names, when it is their being together that does. */
function withoutCulprits(evidence: readonly SourceEvidence[], options: EvidenceOptions, error: unknown): Parameters<typeof reportOn> {
  const failed = (e: SourceEvidence, reason: unknown): Warning =>
    warning('reader-failed', e.source.name, null, { reader: 'analysis', reason: reasonOf(reason) })
  const warnings: Warning[] = []
  const kept = evidence.map((e): SourceEvidence => {
    try {
      reportOn([e], options)
      return e
    } catch (reason) {
      warnings.push(failed(e, reason))
      return silenced(e)
    }
  })
  const fewer = { ...options, warnings: [...options.warnings, ...warnings] }
  try {
    reportOn(kept, fewer)
    return [kept, fewer]
  } catch {
    return [evidence.map(silenced), { ...options, warnings: [...options.warnings, ...evidence.map((e) => failed(e, error))] }]
  }
}

const silenced = (e: SourceEvidence): SourceEvidence => ({ ...e, events: [], anchors: [], snapshots: [] })
