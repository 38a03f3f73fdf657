import type { Curve } from '../model/curve.ts'
import type { Death, Incident } from '../model/incident.ts'
import { leastOf, mostOf } from '../units/extremes.ts'
import { robustLine } from './fit.ts'
import { intervalOf, pointsOf } from './points.ts'

const LEAST_DEATHS = 3
const HOUR_US = 3_600_000_000

/** What dies so soon after another was alive beside it: workers of one container, replicas of one program. No life grew within that time out of another. */
const ONE_BURST_SECONDS = 60

/** Deaths that follow each other as lives do: of those within a minute of each other the largest one stands for all. */
export function successive(deaths: readonly Death[]): Death[] {
  const kept: Death[] = []
  for (const death of deaths) {
    const before = kept.at(-1)
    if (before === undefined || secondsBetween(before, death) >= ONE_BURST_SECONDS) kept.push(death)
    else if ((death.bytes ?? 0) > (before.bytes ?? 0)) kept[kept.length - 1] = death
  }
  return kept
}

/** Infinite where no clock tells. */
function secondsBetween({ at: a }: Death, { at: b }: Death): number {
  if (a.epochUs !== null && b.epochUs !== null) return Math.abs(b.epochUs - a.epochUs) / 1e6
  const known = a.uptimeSeconds !== null && b.uptimeSeconds !== null && a.boot === b.boot
  return known ? Math.abs((b.uptimeSeconds ?? 0) - (a.uptimeSeconds ?? 0)) : Number.POSITIVE_INFINITY
}

/**
 * The curve that only kernel reports draw: what a workload's processes held at each of their deaths. Growth where each held more than the one
 * before by more than noise (2 %); level where all held the same, as under one limit. `null` with fewer than three deaths of known size and time; several at once are one, and
 * children that lived side by side have no course.
 */
export function deathCurve(incident: Incident, limitBytes: number | null): Curve | null {
  const deaths = successive((incident.deaths ?? []).filter(({ bytes, at }) => bytes !== null && at.epochUs !== null))
  if (deaths.length < LEAST_DEATHS || deaths.some(({ beside }) => beside === true)) return null
  const points = pointsOf(deaths.map(({ bytes, at }) => [at.epochUs ?? 0, bytes ?? 0] as const))
  const sizes = [...points.bytes]
  const grows = sizes.every((size, i) => i === 0 || size >= (sizes[i - 1] ?? 0) * 1.02)
  const most = mostOf(sizes)
  const level = leastOf(sizes) >= 0.95 * most
  const kill = incident.kills[0]
  const name = [kill?.workload?.namespace, kill?.workload?.pod, kill?.workload?.container].filter((part) => part != null).join('/')
  return {
    of: 'process',
    metric: 'rss-at-kill',
    subject: {
      cluster: null,
      host: incident.host,
      namespace: kill?.workload?.namespace ?? null,
      pod: kill?.workload?.pod ?? null,
      podUid: null,
      container: kill?.workload?.container ?? null,
      containerId: null,
      cgroup: null,
      unit: kill?.workload?.unit ?? null,
      pid: null,
      comm: kill?.comm ?? null,
    },
    name: name === '' ? (kill?.workload?.unit ?? kill?.comm ?? 'the process') : name,
    source: deaths[0]?.evidence[0]?.source ?? '',
    us: [...points.us],
    bytes: sizes,
    clock: 'utc',
    count: sizes.length,
    intervalUs: intervalOf(points),
    limitBytes,
    formerLimitBytes: null,
    shape: grows ? 'growth' : level ? 'flat' : 'unknown',
    confidence: grows || level ? 'medium' : 'low',
    slopeBytesPerHour: grows ? robustLine(points).slope * HOUR_US : null,
    spikeUs: null,
    livesUs: [points.us[0] ?? 0],
    falls: null,
    runs: [],
    unseenUs: 0,
    lastBytes: sizes.at(-1) ?? 0,
    peakBytes: most,
    highWaterBytes: null,
    pressure: [],
    quotes: deaths.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, 4),
  }
}
