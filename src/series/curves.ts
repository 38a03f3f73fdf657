import type { Curve } from '../model/curve.ts'
import type { Incident } from '../model/incident.ts'
import type { SeriesMetric, SeriesSnapshot } from '../model/series.ts'
import { deathCurve } from './deaths.ts'
import { intervalOf, type Points, pointsOf, until } from './points.ts'
import { shapeOf } from './shape.ts'
import { belongsTo, nameOf, subjectKey } from './subjects.ts'

/** What curves are measured against, where the incident's own lines tell it. */
export interface CurveContext {
  /** The limit of the container or unit. */
  readonly limitBytes: number | null
  /** The node's memory. */
  readonly nodeBytes: number | null
}

/** Metrics that tell what is left, not what is used. */
const LEFT: ReadonlySet<SeriesMetric> = new Set(['available', 'free', 'swap-free'])
/** Settings over time are no curves of their own. */
const SETTINGS: ReadonlySet<SeriesMetric> = new Set(['limit', 'request', 'peak'])

/** The curves of an incident: series of its workload and of its node, those of one subject and metric put together, each with its shape up to the first kill. */
export function curvesOf(incident: Incident, context: CurveContext): Curve[] {
  const all = incident.snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series')
  const deaths = deathCurve(incident, context.limitBytes)
  if (all.length === 0) return deaths === null ? [] : [deaths]
  const mine = all.filter((series) => belongsTo(series, incident, all))
  const groups = new Map<string, SeriesSnapshot[]>()
  for (const series of mine) {
    const key = `${series.of} ${series.metric} ${series.clock} ${subjectKey(series)}`
    groups.set(key, [...(groups.get(key) ?? []), series])
  }
  return [...groups.values()]
    .filter(([first]) => first !== undefined && !SETTINGS.has(first.metric))
    .map((parts) => curveOf(parts, mine, incident, context))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : Number(a.name > b.name)))
}

const ORDER: readonly SeriesMetric[] = [
  'working-set',
  'rss',
  'usage',
  'heap-after-gc',
  'heap',
  'available',
  'free',
  'cache',
  'swap',
  'swap-free',
]
const WHOSE: readonly Curve['of'][] = ['container', 'unit', 'process', 'runtime-heap', 'pod', 'node']
const rankOf = (curve: Curve): number => WHOSE.indexOf(curve.of) * 20 + ORDER.indexOf(curve.metric)

function curveOf(parts: readonly SeriesSnapshot[], mine: readonly SeriesSnapshot[], incident: Incident, context: CurveContext): Curve {
  const [first] = parts as [SeriesSnapshot]
  const points = pointsOf(parts.flatMap(({ us, bytes }) => us.map((at, index) => [at, bytes[index] ?? 0] as const)))
  const endUs = first.clock === 'utc' ? incident.first.epochUs : null
  const seen = endUs === null ? points : until(points, endUs)
  const limitBytes = limitOf(first, mine, context)
  const left = LEFT.has(first.metric)
  const whole = context.nodeBytes ?? points.bytes.reduce((most, value) => Math.max(most, value), 0)
  const used: Points = left ? { us: points.us, bytes: points.bytes.map((value) => Math.max(0, whole - value)) } : points
  const starts = parts.map(({ us }) => us[0] ?? 0).sort((a, b) => a - b)
  const found = shapeOf(used, {
    limitBytes,
    endUs,
    restartsUs: first.clock === 'utc' ? [...starts.slice(1), ...killsUs(incident)] : starts.slice(1),
  })
  return {
    of: first.of,
    metric: first.metric,
    subject: first.subject,
    name: nameOf(first),
    source: first.source,
    us: [...points.us],
    bytes: [...points.bytes],
    clock: first.clock,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    intervalUs: intervalOf(points),
    limitBytes,
    shape: found.shape,
    // a wall clock of unknown zone cannot be put beside the kill
    confidence: first.clock === 'utc' && endUs !== null ? found.confidence : found.confidence === 'high' ? 'medium' : found.confidence,
    slopeBytesPerHour: found.slopeBytesPerHour,
    spikeUs: found.spikeUs,
    livesUs: found.lives.parts.map(({ us }) => us[0] ?? 0),
    falls: found.lives.falls,
    unseenUs: found.unseenUs,
    lastBytes: seen.bytes.at(-1) ?? points.bytes[0] ?? 0,
    peakBytes: seen.bytes.reduce((most, value) => (left ? Math.min(most, value) : Math.max(most, value)), left ? Infinity : 0),
    quotes: parts.flatMap(({ quotes }) => quotes).slice(0, 4),
  }
}

const killsUs = (incident: Incident): number[] => incident.kills.map(({ at }) => at.epochUs).filter((us) => us !== null)

/** The limit of the same subject as a series tells it (its last value above 0), else as the incident does. */
function limitOf(series: SeriesSnapshot, mine: readonly SeriesSnapshot[], context: CurveContext): number | null {
  const told = mine.find(
    ({ metric, of, subject }) =>
      metric === 'limit' && of === series.of && subject.pod === series.subject.pod && subject.container === series.subject.container,
  )
  const last = told?.bytes.findLast((value) => value > 0)
  if (last !== undefined) return last
  if (series.of === 'node' || series.of === 'runtime-heap' || series.of === 'process') return null
  return context.limitBytes
}
