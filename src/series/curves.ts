import type { Curve } from '../model/curve.ts'
import type { Incident } from '../model/incident.ts'
import type { SeriesMetric, SeriesSnapshot } from '../model/series.ts'
import { highWaterOf, limitOf, startsOf, totalOf } from './beside.ts'
import { deathCurve } from './deaths.ts'
import { deathsOn, offsetOf, onUtc } from './on-utc.ts'
import { PLATEAU_SHARE } from './one-life.ts'
import { intervalOf, type Points, pointsOf, until } from './points.ts'
import { pressureOf } from './pressure.ts'
import { runsOf } from './runs.ts'
import { type CurveShape, shapeOf } from './shape.ts'
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
const SETTINGS: ReadonlySet<SeriesMetric> = new Set([
  'limit',
  'request',
  'peak',
  'total',
  'restarts',
  'oom-kills',
  'stalled-seconds',
  'pressure',
])

/** The curves of an incident: series of its workload and of its node, those of one subject and metric put together, each with its shape up to the first kill. */
export function curvesOf(incident: Incident, context: CurveContext): Curve[] {
  const offset = offsetOf(incident)
  const all = incident.snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series').map((series) => onUtc(series, offset))
  const deaths = deathCurve(incident, context.limitBytes)
  if (all.length === 0) return deaths === null ? [] : [deaths]
  const mine = all.filter((series) => belongsTo(series, incident, all))
  const groups = new Map<string, SeriesSnapshot[]>()
  for (const series of mine) {
    const key = `${series.of} ${series.metric} ${series.clock} ${subjectKey(series)}`
    groups.set(key, [...(groups.get(key) ?? []), series])
  }
  return [...groups.values()]
    .filter(([first]) => first !== undefined && !SETTINGS.has(first.metric) && !isMirrored(first, mine))
    .map((parts) => curveOf(parts, mine, incident, context))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : Number(a.name > b.name)))
}

/** What a machine used is what it had less what was left: where the better half of such a pair is told, the other says nothing new. */
const TOLD_BY: Partial<Record<SeriesMetric, SeriesMetric>> = {
  usage: 'available',
  free: 'available',
  cache: 'available',
  swap: 'swap-free',
}

const isMirrored = (one: SeriesSnapshot, mine: readonly SeriesSnapshot[]): boolean =>
  one.of === 'node' &&
  mine.some((other) => other.of === 'node' && other.metric === TOLD_BY[one.metric] && subjectKey(other) === subjectKey(one))

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
  const deaths = deathsOn(first.clock, incident)
  const { limitBytes, formerLimitBytes } = limitsOf(points, deaths.at(-1), (us) => limitOf(first, mine, context.limitBytes, us))
  const held = { limitBytes: formerLimitBytes ?? limitBytes }
  const left = LEFT.has(first.metric)
  const whole = totalOf(first, mine) ?? context.nodeBytes ?? points.bytes.reduce((most, value) => Math.max(most, value), 0)
  const used: Points = left ? { us: points.us, bytes: points.bytes.map((value) => Math.max(0, whole - value)) } : points
  const restartsUs = [...startsOf(parts, mine, incident), ...deaths]
  const shaped = (endUs: number | null): CurveShape => shapeOf(used, { ...held, endUs, restartsUs })
  const { found, endUs } = upTo(deaths, shaped)
  const seen = endUs === null ? points : until(points, endUs)
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
    formerLimitBytes,
    shape: found.shape,
    // a wall clock of unknown zone cannot be put beside the kill
    confidence: endUs !== null ? found.confidence : found.confidence === 'high' ? 'medium' : found.confidence,
    slopeBytesPerHour: found.slopeBytesPerHour,
    spikeUs: found.spikeUs,
    livesUs: found.lives.parts.map(({ us }) => us[0] ?? 0),
    falls: found.lives.falls,
    runs: left ? [] : runsOf(used, { ...held, restartsUs }, deaths),
    unseenUs: found.unseenUs,
    highWaterBytes: left ? null : highWaterOf(first, mine, endUs, incident),
    pressure: pressureOf(first, mine),
    lastBytes: seen.bytes.at(-1) ?? points.bytes[0] ?? 0,
    peakBytes: (seen.bytes.length > 0 ? seen : points).bytes.reduce((most, value) =>
      left ? Math.min(most, value) : Math.max(most, value),
    ),
    quotes: parts.flatMap(({ quotes }) => quotes).slice(0, 4),
  }
}

/** The limit at the end, and the one before it: what holds a curve down does so for a quarter of the time, and a limit that was set later held nothing. */
function limitsOf({ us }: Points, deathUs: number | undefined, limitAt: (us: number) => number | null) {
  const [from, to] = [us[0] ?? 0, deathUs ?? us.at(-1) ?? 0]
  const [limitBytes, earlier] = [limitAt(to), limitAt(to - (to - from) * PLATEAU_SHARE)]
  const isFormer = earlier !== null && limitBytes !== null && Math.abs(earlier - limitBytes) > 0.01 * limitBytes
  return { limitBytes, formerLimitBytes: isFormer ? earlier : null }
}

/** The curve leads to the last kill, or, where runs between the kills are too short to show anything, to the first. */
function upTo(
  deaths: readonly number[],
  shaped: (endUs: number | null) => CurveShape,
): { readonly found: CurveShape; readonly endUs: number | null } {
  const [first = null, last = null] = [deaths[0], deaths.at(-1)]
  const found = shaped(last)
  if (found.shape !== 'unknown' || first === last) return { found, endUs: last }
  const early = shaped(first)
  return early.shape === 'unknown' ? { found, endUs: last } : { found: early, endUs: first }
}
