import type { SourceFacts } from '../model/evidence.ts'
import type { QuietTally } from '../model/quiet.ts'
import type { PhrasedReport, ReportSource } from '../model/report.ts'
import type { Moment } from '../model/stamp.ts'
import type { Timeline } from '../model/timeline.ts'
import type { Warning } from '../model/warning.ts'
import { rfc3339 } from '../text/values.ts'
import { sentenceOf } from '../warnings.ts'

export const noQuiet: QuietTally = { count: 0, lines: 0, bytes: 0 }

interface Options {
  readonly shortName: (source: string) => string
  readonly inputNames: readonly string[]
  readonly quiet: QuietTally
}

/** What was read: each source that told something, and a count of the others. */
export function sourcesOf(timeline: Timeline, options: Options): Pick<PhrasedReport, 'sources' | 'quietSources'> {
  const given = new Set(options.inputNames)
  const warnings = new Map<string, Warning[]>()
  for (const w of timeline.warnings) if (w.source !== null) warnings.set(w.source, [...(warnings.get(w.source) ?? []), w])
  const all = timeline.sources.map((s) => ({ facts: s, listed: given.size === 0 || given.has(s.name) || timeline.told.has(s.name) }))
  const quiet = all.filter((s) => !s.listed).map(({ facts }) => facts)
  const spans = quiet.map((s) => spanOf(s, timeline))
  const times = spans.flatMap(({ from, to }) => [from, to]).filter((t) => t !== null)
  times.sort()
  return {
    sources: all.filter((s) => s.listed).map(({ facts }) => sourceOf(facts, timeline, warnings.get(options.shortName(facts.name)) ?? [])),
    quietSources: {
      count: options.quiet.count + quiet.length,
      lines: options.quiet.lines + quiet.reduce((sum, s) => sum + s.lines, 0),
      bytes: options.quiet.bytes + quiet.reduce((sum, s) => sum + s.bytes, 0),
      from: times[0] ?? null,
      to: times.at(-1) ?? null,
    },
  }
}

function sourceOf(s: SourceFacts, timeline: Timeline, own: readonly Warning[]): ReportSource {
  return {
    name: s.name,
    format: s.format,
    lines: s.lines,
    warnings: [...new Set(own.map((w) => sentenceOf({ ...w, source: null })))],
    host: s.host ?? s.place.host,
    ...spanOf(s, timeline),
    bytes: s.bytes,
  }
}

/** By the lines' own stamps; where they print only uptimes, by the clock of their boot, to the second. */
function spanOf(s: SourceFacts, timeline: Timeline): { from: string | null; to: string | null } {
  const span = timeline.spans.get(s.name)
  const time = (m: Moment | null, placedUs: number | null): string | null => {
    const wall = m?.wall?.epochUs ?? null
    if (wall === null) return placedUs === null ? null : rfc3339(placedUs, 0)
    const precisionUs = m?.wall?.precisionUs ?? 1
    return rfc3339(wall, precisionUs >= 1e6 ? 0 : precisionUs >= 1e3 ? 3 : 6)
  }
  return { from: time(s.first, span?.fromUs ?? null), to: time(s.last, span?.toUs ?? null) }
}
