import type { Curve } from '../model/curve.ts'
import type { Incident } from '../model/incident.ts'
import type { SeriesMetric, SeriesSnapshot } from '../model/series.ts'
import { deathCurve } from './deaths.ts'
import { intervalOf, type Points, pointsOf, until } from './points.ts'
import { pressureOf } from './pressure.ts'
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
/** What is said about curves, over time: no curves of their own. */
const SETTINGS: ReadonlySet<SeriesMetric> = new Set(['limit', 'request', 'peak', 'total', 'restarts', 'stalled-seconds', 'pressure'])

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
  const whole = totalOf(first, mine) ?? context.nodeBytes ?? points.bytes.reduce((most, value) => Math.max(most, value), 0)
  const used: Points = left ? { us: points.us, bytes: points.bytes.map((value) => Math.max(0, whole - value)) } : points
  const starts = [...newContainers(parts), ...countedRestarts(first, mine)]
  const found = shapeOf(used, { limitBytes, endUs, restartsUs: first.clock === 'utc' ? [...starts, ...killsUs(incident)] : starts })
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
    highWaterBytes: left ? null : highWaterOf(first, mine, endUs),
    pressure: pressureOf(first, mine),
    lastBytes: seen.bytes.at(-1) ?? points.bytes[0] ?? 0,
    peakBytes: seen.bytes.reduce((most, value) => (left ? Math.min(most, value) : Math.max(most, value)), left ? Infinity : 0),
    quotes: parts.flatMap(({ quotes }) => quotes).slice(0, 4),
  }
}

const killsUs = (incident: Incident): number[] => incident.kills.map(({ at }) => at.epochUs).filter((us) => us !== null)

/**
 * Where another container's series begins: a new run. Series of one container are no runs: replicas of a Prometheus tell of it twice, and an export may
 * come in pieces.
 */
function newContainers(parts: readonly SeriesSnapshot[]): number[] {
  const begins = new Map<string, number>()
  for (const { subject, us } of parts) {
    const id = subject.containerId ?? subject.podUid
    if (id !== null) begins.set(id, Math.min(begins.get(id) ?? Number.POSITIVE_INFINITY, us[0] ?? Number.POSITIVE_INFINITY))
  }
  return [...begins.values()].sort((a, b) => a - b).slice(1)
}

/** Where the counter of restarts went up. */
function countedRestarts(series: SeriesSnapshot, mine: readonly SeriesSnapshot[]): number[] {
  return mine
    .filter((other) => other.metric === 'restarts' && isSame(other, series))
    .flatMap(({ us, bytes }) => us.filter((_, at) => at > 0 && (bytes[at] ?? 0) > (bytes[at - 1] ?? 0)))
}

const isSame = (a: SeriesSnapshot, b: SeriesSnapshot): boolean => a.of === b.of && a.clock === b.clock && subjectKey(a) === subjectKey(b)

/** A node's memory, as a series tells it. */
const totalOf = (series: SeriesSnapshot, mine: readonly SeriesSnapshot[]): number | null =>
  mine.find((other) => other.metric === 'total' && isSame(other, series))?.bytes.at(-1) ?? null

/** The highest that the kernel's own mark shows: it sees what came and went between two samples. */
function highWaterOf(series: SeriesSnapshot, mine: readonly SeriesSnapshot[], endUs: number | null): number | null {
  const marks = mine
    .filter((other) => other.metric === 'peak' && isSame(other, series))
    .flatMap(({ us, bytes }) => bytes.filter((_, at) => endUs === null || (us[at] ?? 0) <= endUs))
  return marks.length === 0 ? null : Math.max(...marks)
}

/** The limit of the same subject as a series tells it (its last value above 0), else as the incident does. */
function limitOf(series: SeriesSnapshot, mine: readonly SeriesSnapshot[], context: CurveContext): number | null {
  const told = mine.find(
    ({ metric, of, subject }) =>
      metric === 'limit' &&
      of === series.of &&
      subject.namespace === series.subject.namespace &&
      subject.pod === series.subject.pod &&
      subject.container === series.subject.container,
  )
  // 0 and 9223372036854771712 stand for none
  const last = told?.bytes.findLast((value) => value > 0 && value < 2 ** 60)
  if (last !== undefined) return last
  if (series.of === 'node' || series.of === 'runtime-heap' || series.of === 'process') return null
  return context.limitBytes
}
