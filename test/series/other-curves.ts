import type { UsageShape } from '../../src/model/ids.ts'
import { type Points, pointsOf } from '../../src/series/points.ts'
import { randomOf } from './curves.ts'

/** A curve of a second family: jitter, weekends, outliers, saturation, deployments, rounding, very few samples. `right` holds every name that is true of it. */
export interface OtherCurve {
  readonly name: string
  readonly points: Points
  readonly limitBytes: number | null
  readonly restartsUs: readonly number[]
  readonly right: readonly UsageShape[]
  readonly slope: number | null
}

interface Frame {
  /** Between two numbers, at random. */
  readonly u: (low: number, high: number) => number
  readonly normal: () => number
  readonly hours: number
  readonly limit: number
  readonly base: number
}

interface Plan {
  readonly at: (h: number, i: number) => number
  readonly right: readonly UsageShape[]
  readonly slope?: number
  readonly noise?: number
  /** Absent: known as often as not. */
  readonly limit?: number | null
  readonly restarts?: readonly number[]
  readonly count?: number
}

const MIB = 2 ** 20
const HOUR = 3_600_000_000
const START = 1.76e15

/** Where in an uneven rhythm an hour lies: 0 at a beat, 1 right before the next. */
function rhythm({ u }: Frame, period: number): (h: number) => number {
  let [from, to] = [0, period]
  return (h) => {
    while (h >= to) [from, to] = [to, to + period * u(0.7, 1.3)]
    return (h - from) / (to - from)
  }
}

const plans: Readonly<Record<string, (f: Frame) => Plan>> = {
  'collections, uneven': (f) => {
    const [tooth, height] = [rhythm(f, f.hours / f.u(8, 20)), f.u(0.2, 0.5) * f.limit]
    return { at: (h) => f.base + tooth(h) * height, right: ['periodic'], noise: 0.003, count: 400 }
  },
  'collections over a leak': (f) => {
    const [tooth, height, slope] = [rhythm(f, f.hours / f.u(12, 25)), f.u(0.1, 0.2) * f.limit, (f.u(0.3, 0.5) * f.limit) / f.hours]
    return { at: (h) => f.base + slope * h + tooth(h) * height, right: ['growth'], slope, noise: 0.003, count: 400 }
  },
  'days and weekends': (f) => {
    const [phase, height] = [f.u(0, 24), f.u(0.15, 0.3) * f.limit]
    const day = (h: number): number => (h / f.hours) * 24 * 14
    return {
      at: (h) =>
        f.base + height * (Math.floor(day(h) / 24) % 7 > 4 ? 0.5 : 1) * Math.max(0, Math.sin((2 * Math.PI * (day(h) + phase)) / 24)),
      right: ['periodic'],
      noise: 0.01,
    }
  },
  batches: (f) => {
    const [runs, duty, height] = [Math.round(f.u(4, 12)), f.u(0.25, 0.7), f.u(0.2, 0.5) * f.limit]
    return { at: (h) => f.base + (((h / f.hours) * runs) % 1 < duty ? height : 0), right: ['periodic'], noise: 0.005, count: 300 }
  },
  'runs of unequal length': (f) => {
    const cuts = [0]
    while ((cuts.at(-1) ?? 0) < f.hours) cuts.push((cuts.at(-1) ?? 0) + f.hours * f.u(0.12, 0.45))
    const run = (h: number): number => cuts.findLastIndex((cut) => cut <= h)
    return {
      at: (h) => f.base / 2 + ((h - (cuts[run(h)] ?? 0)) / ((cuts[run(h) + 1] ?? 1) - (cuts[run(h)] ?? 0))) * (f.limit * 0.98 - f.base / 2),
      right: ['growth'],
      noise: 0.005,
      limit: f.limit,
    }
  },
  'runs, their starts told': (f) => {
    const period = f.hours / f.u(2.3, 5)
    const slope = (f.limit * 0.95 - f.base / 2) / period
    const restarts = [1, 2, 3, 4].map((n) => n * period).filter((h) => h < f.hours)
    return { at: (h) => f.base / 2 + (h % period) * slope, right: ['growth'], slope, noise: 0.004, restarts }
  },
  deployments: (f) => {
    const levels = Array.from({ length: Math.round(f.u(2, 5)) }, () => f.base * f.u(0.9, 1.1))
    const restarts = levels.map((_, n) => (n * f.hours) / levels.length).slice(1)
    return {
      at: (h) => levels[Math.min(levels.length - 1, Math.floor((h / f.hours) * levels.length))] ?? 0,
      right: ['flat'],
      noise: 0.002,
      restarts,
    }
  },
  'flat with a gap': (f) => {
    const [from, wide] = [f.u(0.2, 0.5), f.u(0.1, 0.3)]
    return { at: (h) => (h > f.hours * from && h < f.hours * (from + wide) ? Number.NaN : f.base), right: ['flat'], noise: f.u(0, 0.015) }
  },
  'leak with many gaps': (f) => {
    const slope = (f.limit * 0.95 - f.base) / f.hours
    return { at: (h, i) => (Math.floor(i / 7) % 3 === 1 ? Number.NaN : f.base + slope * h), right: ['growth'], slope, noise: 0.005 }
  },
  'level that wanders': (f) => {
    let off = 0
    return {
      at: () => {
        off = 0.9 * off + f.normal() * 0.01 * f.base
        return f.base + off
      },
      right: ['flat', 'unknown'],
    }
  },
  'level with outliers': (f) => ({
    at: () => f.base * (1 + 0.01 * f.normal()) + (f.u(0, 1) < 0.02 ? f.u(0.05, 0.3) * f.limit : 0),
    right: ['flat', 'spike', 'unknown'],
  }),
  'fills up and rests': (f) => {
    const [tau, top] = [f.hours * f.u(0.03, 0.12), f.limit * f.u(0.4, 0.8)]
    return {
      at: (h) => f.base * 0.3 + (top - f.base * 0.3) * (1 - Math.exp(-h / tau)),
      right: ['plateau', 'flat', 'unknown'],
      noise: 0.004,
    }
  },
  'leak that stopped': (f) => {
    const [stop, top] = [f.u(0.2, 0.5) * f.hours, f.limit * f.u(0.5, 0.8)]
    return { at: (h) => (h < stop ? f.base + ((top - f.base) * h) / stop : top), right: ['plateau', 'flat', 'unknown'], noise: 0.004 }
  },
  'ever faster': (f) => ({ at: (h) => f.base * ((f.limit * 0.98) / f.base) ** (h / f.hours), right: ['growth'], noise: 0.004 }),
  'flat, then a leak': (f) => {
    const begin = f.u(0.2, 0.5) * f.hours
    return { at: (h) => f.base + (Math.max(0, h - begin) * (f.limit * 0.97 - f.base)) / (f.hours - begin), right: ['growth'], noise: 0.004 }
  },
  stairs: (f) => {
    const steps = Math.round(f.u(5, 10))
    return {
      at: (h) => f.base + ((f.limit * 0.95 - f.base) * Math.floor((h / f.hours) * steps)) / steps,
      right: ['growth', 'unknown'],
      noise: 0.004,
    }
  },
  'falls all the time': (f) => ({ at: (h) => f.base * (1.5 - h / f.hours), right: ['flat', 'unknown'], noise: 0.004 }),
  'half after half of the time': (f) => ({
    at: (h) => f.base * (h > f.hours / 2 ? 0.5 : 1),
    right: ['flat', 'unknown'],
    noise: 0.004,
    limit: f.limit,
  }),
  'days over a leak': (f) => {
    const [days, slope] = [f.u(3, 7), (0.5 * f.limit) / f.hours]
    return {
      at: (h) => f.base + slope * h + 0.08 * f.limit * Math.sin((2 * Math.PI * days * h) / f.hours),
      right: ['growth'],
      slope,
      noise: 0.005,
    }
  },
  'whole MiB, few samples': (f) => {
    const slope = (0.3 * f.limit) / f.hours
    return {
      at: (h) => Math.round((f.base + slope * h) / MIB) * MIB,
      right: ['growth'],
      slope,
      noise: 0.002,
      count: Math.round(f.u(30, 120)),
    }
  },
  'a dozen samples of a leak': (f) => ({
    at: (h) => f.base + (0.5 * f.limit * h) / f.hours,
    right: ['growth', 'unknown'],
    noise: 0.004,
    count: Math.round(f.u(6, 14)),
  }),
  'a dozen samples of noise': (f) => ({
    at: () => f.base,
    right: ['flat', 'unknown', 'periodic'],
    noise: 0.05,
    count: Math.round(f.u(6, 14)),
  }),
  'a hill in the middle': (f) => {
    const top = f.u(0.3, 0.7)
    return { at: (h) => (Math.abs(h / f.hours - top) < 0.03 ? f.base + 0.5 * f.limit : f.base), right: ['spike'], noise: 0.004 }
  },
  'a jump over days': (f) => {
    const days = f.u(3, 6)
    const jump = (h: number): number => Math.max(0, h / f.hours - 0.97) / 0.03
    return {
      at: (h) => f.base + 0.06 * f.limit * Math.sin((2 * Math.PI * days * h) / f.hours) + 0.6 * f.limit * jump(h),
      right: ['spike'],
      noise: 0.004,
    }
  },
  'rests right below its limit': (f) => ({ at: () => f.limit * 0.93, right: ['plateau', 'flat'], noise: 0.005, limit: f.limit }),
}

export const otherKinds = Object.keys(plans)

export function otherCurve(kind: string, seed: number): OtherCurve {
  const random = randomOf(seed * 104_729 + otherKinds.indexOf(kind) * 31)
  const u = (low: number, high: number): number => low + random() * (high - low)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const limit = u(64, 16384) * MIB
  const frame: Frame = { u, normal, hours: u(1, 96), limit, base: u(0.1, 0.4) * limit }
  const plan = (plans[kind] as (f: Frame) => Plan)(frame)
  const count = plan.count ?? Math.round(u(60, 900))
  const limitBytes = plan.limit === undefined ? (u(0, 1) < 0.6 ? limit : null) : plan.limit
  const samples = Array.from({ length: count }, (_, i): readonly [number, number] => {
    const h = Math.min(frame.hours, Math.max(0, ((i + u(-0.2, 0.2)) / (count - 1)) * frame.hours))
    const value = plan.at(h, i) + normal() * (plan.noise ?? 0) * limit
    return [START + h * HOUR, Math.round(Math.min(Math.max(0, value), limitBytes ?? Number.POSITIVE_INFINITY))]
  })
  return {
    name: `${kind} ${seed}`,
    points: pointsOf(samples),
    limitBytes,
    restartsUs: (plan.restarts ?? []).map((h) => START + h * HOUR),
    right: plan.right,
    slope: plan.slope ?? null,
  }
}
