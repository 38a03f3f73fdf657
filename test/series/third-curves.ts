import type { UsageShape } from '../../src/model/ids.ts'
import { type Points, pointsOf } from '../../src/series/points.ts'
import { randomOf } from './curves.ts'

/**
 * A curve of a third family, made in the steps in which a real one comes about: a process uses memory, somebody scrapes it (at uneven times, in whole MiB, with
 * holes), the kernel holds it at a limit. `right`: every name that is true of it, the best one first.
 */
export interface ThirdCurve {
  readonly name: string
  readonly points: Points
  readonly limitBytes: number | null
  readonly restartsUs: readonly number[]
  /** The kill that it leads to, in µs; `null`: the last sample. */
  readonly endUs: number | null
  readonly right: readonly UsageShape[]
  readonly slope: number | null
}

interface Dice {
  readonly u: (low: number, high: number) => number
  readonly whole: (low: number, high: number) => number
  readonly normal: () => number
  readonly once: (share: number) => boolean
}

/** What happens, in shares: time from 0 to 1, memory as a share of the limit. */
interface Plot {
  readonly used: (t: number) => number
  readonly right: readonly UsageShape[]
  /** Shares of the limit over the whole time. */
  readonly slope?: number
  /** As a share of what is used at that moment. */
  readonly noise?: number
  readonly limit?: 'known' | 'unknown'
  readonly restarts?: readonly number[]
  readonly count?: number
  readonly hours?: number
  /** Share of the time between the last sample and the kill. */
  readonly silence?: number
  readonly scrape?: 'even' | 'jittered' | 'random' | 'holes'
  readonly round?: 'MiB' | 'page'
}

const MIB = 2 ** 20
const HOUR = 3_600_000_000
const START = 1.763e15

/** Where in one of `n` even parts a moment lies, 0 to 1. */
const within = (t: number, n: number): number => (t * n) % 1

const plots: Readonly<Record<string, (d: Dice) => Plot>> = {
  'leak, scraped at random moments': ({ u }) => {
    const [from, to] = [u(0.1, 0.35), u(0.8, 1)]
    return { used: (t) => from + (to - from) * t, right: ['growth'], slope: to - from, noise: u(0, 0.02), scrape: 'random' }
  },
  'leak in loud noise': ({ u }) => {
    const [from, to] = [u(0.15, 0.3), u(0.75, 0.9)]
    return { used: (t) => from + (to - from) * t, right: ['growth'], slope: to - from, noise: u(0.05, 0.15), scrape: 'jittered' }
  },
  'leak so small that noise is as large': ({ u }) => {
    const [from, rise] = [u(0.4, 0.6), u(0.06, 0.12)]
    return { used: (t) => from + rise * t, right: ['growth', 'unknown', 'flat'], noise: 0.1 }
  },
  'leak of a day in thousands of samples': ({ u }) => {
    const [from, to] = [u(0.1, 0.4), u(0.7, 1)]
    return { used: (t) => from + (to - from) * t, right: ['growth'], slope: to - from, noise: u(0, 0.05), count: 6000, hours: u(20, 200) }
  },
  'staircase of caches': ({ u, whole }) => {
    const steps = whole(6, 24)
    const [from, to] = [u(0.1, 0.3), u(0.8, 0.98)]
    return { used: (t) => from + ((to - from) * Math.floor(t * steps)) / (steps - 1), right: ['growth'], noise: 0.005 }
  },
  'staircase of uneven steps': ({ u, whole }) => {
    const edges = Array.from({ length: whole(7, 15) }, () => u(0, 1))
    const from = u(0.1, 0.3)
    return {
      used: (t) => from + (0.65 * edges.filter((edge) => edge <= t).length) / edges.length,
      right: ['growth', 'unknown'],
      noise: 0.004,
    }
  },
  'slower and slower': ({ u }) => {
    const [from, tau] = [u(0.1, 0.3), u(0.02, 0.2)]
    const all = Math.log(1 + 1 / tau)
    return { used: (t) => from + (0.65 * Math.log(1 + t / tau)) / all, right: ['growth', 'plateau', 'unknown', 'flat'], noise: 0.006 }
  },
  'faster and faster': ({ u }) => {
    const [from, doublings] = [u(0.05, 0.2), u(1.5, 3)]
    return { used: (t) => from * 2 ** (doublings * t), right: ['growth'], noise: 0.01 }
  },
  'explosion at the end': ({ u }) => {
    const rate = u(25, 60)
    return { used: (t) => 0.2 + 0.75 * Math.exp(rate * (t - 1)), right: ['spike', 'growth', 'unknown'], noise: 0.006 }
  },
  'days and a week': ({ u }) => {
    const [phase, depth] = [u(0, 1), u(0.25, 0.5)]
    const day = (t: number): number => t * 14 + phase
    return {
      used: (t) => 0.3 + depth * (Math.floor(day(t)) % 7 > 4 ? 0.45 : 1) * (0.5 - 0.5 * Math.cos(2 * Math.PI * day(t))),
      right: ['periodic'],
      noise: u(0, 0.03),
      hours: 336,
      count: 1344,
    }
  },
  'office hours': ({ u, whole }) => {
    const [days, open, width] = [whole(3, 9), u(0.2, 0.4), u(0.25, 0.45)]
    const ramp = (x: number): number => Math.min(1, Math.max(0, x / 0.06))
    return {
      used: (t) => 0.25 + 0.4 * Math.min(ramp(within(t, days) - open), ramp(open + width - within(t, days))),
      right: ['periodic'],
      noise: u(0.005, 0.03),
      count: 500,
    }
  },
  'a leak beneath days': ({ u, whole }) => {
    const [days, to] = [whole(4, 8), u(0.75, 0.85)]
    return {
      used: (t) => 0.2 + (to - 0.2) * t + 0.06 * Math.sin(2 * Math.PI * days * t),
      right: ['growth'],
      slope: to - 0.2,
      noise: u(0, 0.02),
    }
  },
  'batch jobs of uneven size': ({ u, whole }) => {
    const sizes = Array.from({ length: whole(5, 12) }, () => u(0.2, 0.55))
    return {
      used: (t) => 0.2 + (within(t, sizes.length) < 0.45 ? (sizes[Math.floor(t * sizes.length)] ?? 0.3) : 0),
      right: ['periodic', 'unknown', 'spike'],
      noise: 0.01,
      count: 400,
    }
  },
  'deployments, each a level of its own': ({ u, whole }) => {
    const levels = Array.from({ length: whole(3, 6) }, () => u(0.3, 0.6))
    return {
      used: (t) => levels[Math.min(levels.length - 1, Math.floor(t * levels.length))] ?? 0.4,
      right: ['flat'],
      noise: 0.01,
      restarts: levels.slice(1).map((_, n) => (n + 1) / levels.length),
    }
  },
  'deployments that nobody tells of': ({ u, whole }) => {
    const levels = Array.from({ length: whole(3, 6) }, () => u(0.3, 0.6))
    return {
      used: (t) => levels[Math.min(levels.length - 1, Math.floor(t * levels.length))] ?? 0.4,
      right: ['unknown', 'flat', 'spike', 'periodic'],
      noise: 0.01,
    }
  },
  'crash loop of a leak, starts told': ({ u }) => {
    const runs = u(2.4, 7)
    return {
      used: (t) => 0.1 + 0.88 * within(t, runs),
      right: ['growth'],
      slope: 0.88 * runs,
      noise: u(0, 0.03),
      restarts: [1, 2, 3, 4, 5, 6].map((n) => n / runs).filter((t) => t < 1),
      count: 500,
      limit: 'known',
    }
  },
  'crash loop of a leak, down for a while': ({ u }) => {
    const runs = u(2.5, 5.5)
    return {
      used: (t) => (within(t, runs) < 0.08 ? Number.NaN : 0.1 + (0.89 * (within(t, runs) - 0.08)) / 0.92),
      right: ['growth'],
      slope: (0.89 / 0.92) * runs,
      noise: 0.005,
      count: 500,
      limit: 'known',
    }
  },
  'crash loop of peaks, starts told': ({ u, whole }) => {
    const runs = whole(3, 6)
    const before = u(0.25, 0.4)
    return {
      used: (t) => before + (within(t, runs) > 0.94 ? 0.55 : 0),
      right: ['spike', 'unknown'],
      noise: 0.01,
      restarts: Array.from({ length: runs - 1 }, (_, n) => (n + 1) / runs),
      count: 600,
      limit: 'known',
    }
  },
  'crash loop at full limit at once': ({ whole }) => {
    const runs = whole(3, 8)
    return {
      used: (t) => Math.min(0.99, 0.1 + 9 * within(t, runs)),
      right: ['plateau', 'flat', 'unknown', 'periodic'],
      noise: 0.003,
      restarts: Array.from({ length: runs - 1 }, (_, n) => (n + 1) / runs),
      count: 600,
      limit: 'known',
    }
  },
  'live set drifts under a collector': ({ u, whole }) => {
    const [teeth, rise] = [whole(14, 40), u(0.35, 0.5)]
    return {
      used: (t) => 0.15 + rise * t + 0.15 * within(t, teeth),
      right: ['growth'],
      slope: rise,
      noise: 0.004,
      count: 900,
    }
  },
  'a collector, scraped too seldom': ({ u, whole }) => {
    const teeth = whole(50, 90)
    return { used: (t) => 0.2 + u(0.3, 0.32) * within(t, teeth), right: ['periodic', 'flat', 'unknown'], count: 170 }
  },
  'generations: small teeth upon large ones': ({ u, whole }) => {
    const [large, small] = [whole(6, 12), whole(5, 8)]
    return {
      used: (t) => 0.2 + 0.35 * within(t, large) + u(0.06, 0.07) * within(t, large * small),
      right: ['periodic'],
      noise: 0.003,
      count: 800,
      limit: 'known',
    }
  },
  'page cache held at the limit': ({ u, whole }) => {
    const [reach, dips] = [u(0.05, 0.4), whole(10, 40)]
    return {
      used: (t) => (t < reach ? 0.2 + (0.79 * t) / reach : 0.995 - 0.035 * within(t, dips)),
      right: ['plateau'],
      limit: 'known',
      noise: 0.001,
    }
  },
  'near its limit all the time': ({ u }) => ({
    used: () => u(0.9, 0.905),
    right: ['flat', 'plateau'],
    noise: u(0.002, 0.02),
    limit: 'known',
  }),
  'a peak of one sample': ({ u }) => {
    const at = u(0.3, 0.95)
    return { used: (t) => (t >= at && t < at + 1 / 299 ? 0.9 : 0.3), right: ['spike'], noise: 0.01, count: 300, scrape: 'even' }
  },
  'a peak between two samples': ({ u }) => ({ used: () => 0.3, right: ['flat'], noise: u(0.002, 0.02), limit: 'known' }),
  'a request that was too large': ({ u }) => {
    const [from, wide] = [u(0.9, 0.97), u(0.01, 0.02)]
    return { used: (t) => 0.3 + 0.69 * Math.min(1, Math.max(0, (t - from) / wide)), right: ['spike'], noise: u(0, 0.03), count: 500 }
  },
  'import that stays': ({ u }) => {
    const at = u(0.3, 0.7)
    return { used: (t) => (t < at ? 0.25 : 0.7), right: ['spike'], noise: u(0, 0.03) }
  },
  'level in loud noise': ({ u }) => ({ used: () => 0.4, right: ['flat'], noise: u(0.05, 0.15), scrape: 'jittered' }),
  'level with holes': ({ u }) => ({ used: () => u(0.35, 0.36), right: ['flat'], noise: 0.01, scrape: 'holes' }),
  'leak with holes': ({ u }) => {
    const to = u(0.7, 0.95)
    return { used: (t) => 0.15 + (to - 0.15) * t, right: ['growth'], slope: to - 0.15, noise: 0.01, scrape: 'holes' }
  },
  'nobody scraped before the kill': ({ u }) => ({
    used: (t) => 0.2 + 0.4 * t,
    right: ['unknown'],
    noise: 0.01,
    silence: u(0.35, 0.6),
  }),
  'leak in whole MiB of a small limit': ({ u }) => ({
    used: (t) => 0.2 + 0.7 * t,
    right: ['growth'],
    slope: 0.7,
    noise: u(0, 0.01),
    round: 'MiB',
  }),
  'warm-up, then level': ({ u }) => {
    const tau = u(0.01, 0.05)
    return { used: (t) => 0.55 - 0.4 * Math.exp(-t / tau), right: ['flat', 'plateau', 'spike', 'unknown'], noise: u(0.002, 0.02) }
  },
  'warm-up, then a leak': ({ u }) => {
    const rise = u(0.3, 0.45)
    return { used: (t) => 0.4 - 0.3 * Math.exp(-t / 0.03) + rise * t, right: ['growth'], slope: rise, noise: 0.01 }
  },
  'three to eight samples of a leak': ({ u, whole }) => ({
    used: (t) => 0.2 + 0.7 * t,
    right: ['growth', 'unknown'],
    noise: u(0, 0.02),
    count: whole(3, 8),
  }),
  'three to eight samples of a level': ({ u, whole }) => ({
    used: () => 0.5,
    right: ['flat', 'unknown'],
    noise: u(0.002, 0.05),
    count: whole(3, 8),
  }),
  'three to eight samples and a peak': ({ whole }) => ({
    used: (t) => (t > 0.99 ? 0.95 : 0.3),
    right: ['spike', 'unknown'],
    noise: 0.01,
    count: whole(3, 8),
    scrape: 'even',
  }),
}

export const thirdKinds = Object.keys(plots)

export function thirdCurve(kind: string, seed: number): ThirdCurve {
  const random = randomOf(seed * 15_485_863 + thirdKinds.indexOf(kind) * 6151 + 77)
  const u = (low: number, high: number): number => low + random() * (high - low)
  const dice: Dice = {
    u,
    whole: (low, high) => Math.floor(u(low, high + 1)),
    normal: () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    once: (share) => random() < share,
  }
  const plot = (plots[kind] as (d: Dice) => Plot)(dice)
  const hours = plot.hours ?? u(1, 150)
  const limit = plot.round === 'MiB' ? u(64, 256) * MIB : 2 ** u(26, 35)
  const unit = plot.round === 'MiB' ? MIB : 4096
  const us = (t: number): number => START + t * hours * HOUR
  const count = plot.count ?? dice.whole(50, 700)
  const moments = momentsOf(plot.scrape ?? (['even', 'jittered'] as const)[dice.whole(0, 1)] ?? 'even', count, dice)
  const samples = moments.map((t) => {
    const value = plot.used(t) * (1 + (plot.noise ?? 0) * dice.normal())
    return [us(t), Math.max(0, Math.round((Math.min(plot.limit === 'known' ? 1 : 9, value) * limit) / unit) * unit)] as const
  })
  const knows = plot.limit === 'known' || (plot.limit === undefined && dice.once(0.6))
  return {
    name: `${kind} ${seed}`,
    points: pointsOf(samples.filter(([, value]) => Number.isFinite(value))),
    limitBytes: knows ? limit : null,
    restartsUs: (plot.restarts ?? []).map(us),
    endUs: plot.silence === undefined ? null : us(1 / (1 - plot.silence)),
    right: plot.right,
    slope: plot.slope === undefined ? null : (plot.slope * limit) / hours,
  }
}

/** When somebody looked, from 0 to 1. */
function momentsOf(scrape: NonNullable<Plot['scrape']>, count: number, { u, once }: Dice): number[] {
  const even = Array.from({ length: count }, (_, i) => i / Math.max(1, count - 1))
  if (scrape === 'even') return even
  if (scrape === 'jittered') return even.map((t, i) => (i === 0 ? t : Math.min(1, Math.max(0, t + u(-0.3, 0.3) / count))))
  if (scrape === 'random') return [0, ...Array.from({ length: count - 1 }, () => u(0, 1)), 1]
  const holes = Array.from({ length: 3 }, () => u(0.05, 0.8))
  return even.filter((t) => !holes.some((from) => t > from && t < from + 0.07) && !once(0.05))
}
