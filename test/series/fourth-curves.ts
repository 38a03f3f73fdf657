import type { UsageShape } from '../../src/model/ids.ts'
import { type Points, pointsOf } from '../../src/series/points.ts'
import { randomOf } from './curves.ts'

/**
 * A fourth family: a process is walked through in steps of a scrape, in MiB and minutes, with memory of what it did before (allocations come in portions, noise
 * lingers, collections come when the heap is full, days differ), and not drawn as a function of time as in the other three.
 */
export interface FourthCurve {
  readonly name: string
  readonly points: Points
  readonly limitBytes: number | null
  readonly restartsUs: readonly number[]
  readonly right: readonly UsageShape[]
  readonly slope: number | null
}

interface Dice {
  readonly u: (low: number, high: number) => number
  readonly whole: (low: number, high: number) => number
  readonly normal: () => number
  readonly once: (chance: number) => boolean
}

/** Memory in MiB at a minute of the walk; called in order, once a scrape. `NaN`: not scraped. */
type Walk = (minute: number) => number

interface Life {
  readonly minutes: number
  readonly every: number
  readonly walk: Walk
  readonly right: readonly UsageShape[]
  /** MiB an hour. */
  readonly slope?: number
  readonly limit?: number
  readonly restarts?: readonly number[]
  readonly noise?: number
  readonly scrape?: 'even' | 'poisson' | 'outages'
  readonly round?: boolean
}

const MIB = 2 ** 20
const DAY = 1440
const START = 1.7641e15

/** Noise that lingers: each value keeps `keep` of the one before. */
function lingering({ normal }: Dice, size: number, keep = 0.8): () => number {
  let now = 0
  return () => {
    now = keep * now + Math.sqrt(1 - keep * keep) * size * normal()
    return now
  }
}

/** Load of a service in the course of a week, 0 to 1; weekends are quieter. */
const load = (minute: number, weekend: number): number =>
  (Math.floor(minute / DAY) % 7 >= 5 ? weekend : 1) * (0.5 - 0.5 * Math.cos((2 * Math.PI * minute) / DAY))

const lives: Readonly<Record<string, (d: Dice) => Life>> = {
  'leak, a scrape in five minutes, noise that lingers': (d) => {
    const [minutes, limit] = [d.u(2, 8) * DAY, d.u(300, 3000)]
    const [from, to] = [limit * d.u(0.15, 0.35), limit * d.u(0.85, 0.97)]
    const wander = lingering(d, (to - from) * d.u(0.005, 0.03))
    return {
      minutes,
      every: 5,
      walk: (m) => from + ((to - from) * m) / minutes + wander(),
      right: ['growth'],
      slope: ((to - from) / minutes) * 60,
      limit,
    }
  },
  'leak of late onset': (d) => {
    const [minutes, onset] = [d.u(600, 2400), d.u(0.25, 0.55)]
    const begin = d.u(100, 200)
    return {
      minutes,
      every: d.whole(1, 5),
      walk: (m) => begin + Math.max(0, m / minutes - onset) * (700 / (1 - onset)),
      right: ['growth'],
      limit: 900,
      noise: 0.01,
    }
  },
  'leak in portions': (d) => {
    const minutes = d.u(600, 3000)
    let held = d.u(100, 250)
    const chance = d.u(0.1, 0.5)
    return {
      minutes,
      every: 2,
      walk: () => {
        if (d.once(chance)) held += (-Math.log(1 - d.u(0, 1)) * 700 * 2) / minutes / chance
        return held
      },
      right: ['growth'],
      noise: 0.004,
    }
  },
  'level that wanders and comes back': (d) => {
    const wander = lingering(d, d.u(4, 15), d.u(0.5, 0.93))
    return { minutes: d.u(600, 3000), every: d.whole(1, 5), walk: () => 400 + wander(), right: ['flat'], limit: d.u(600, 2000) }
  },
  'collections when the heap is full, heap of changing size': (d) => {
    const floor = d.u(150, 250)
    let [heap, top] = [0, d.u(150, 400)]
    const rate = d.u(4, 15)
    return {
      minutes: 900,
      every: 1,
      walk: () => {
        heap += rate * d.u(0.6, 1.4)
        if (heap > top) [heap, top] = [0, d.u(150, 400)]
        return floor + heap
      },
      right: ['periodic'],
      limit: 800,
      noise: 0.004,
    }
  },
  'collections of changing size above a rising floor': (d) => {
    const [minutes, rise] = [1500, d.u(300, 450)]
    let [heap, top] = [0, d.u(60, 160)]
    const rate = d.u(5, 12)
    return {
      minutes,
      every: 1,
      walk: (m) => {
        heap += rate * d.u(0.6, 1.4)
        if (heap > top) [heap, top] = [0, d.u(60, 160)]
        return 120 + (rise * m) / minutes + heap
      },
      right: ['growth'],
      slope: (rise / minutes) * 60,
      limit: 900,
      noise: 0.003,
    }
  },
  'three weeks of a service': (d) => {
    const [weekend, depth] = [d.u(0.3, 0.7), d.u(150, 400)]
    const days = Array.from({ length: 22 }, () => d.u(0.85, 1.15))
    return {
      minutes: 21 * DAY,
      every: 15,
      walk: (m) => 200 + depth * (days[Math.floor(m / DAY)] ?? 1) * load(m, weekend),
      right: ['periodic'],
      limit: 1000,
      noise: d.u(0.002, 0.02),
    }
  },
  'leak that only work causes, days and nights': (d) => {
    const days = d.whole(4, 9)
    const minutes = days * DAY
    let held = 100
    const all = d.u(500, 800)
    return {
      minutes,
      every: 10,
      walk: (m) => {
        held += (all / (minutes / 10)) * 2 * load(m, 1)
        return held
      },
      right: ['growth'],
      slope: (all / minutes) * 60,
      limit: 1024,
      noise: 0.003,
    }
  },
  'leak beneath the days of a service': (d) => {
    const days = d.whole(5, 10)
    const minutes = days * DAY
    const rise = d.u(400, 550)
    return {
      minutes,
      every: 10,
      walk: (m) => 150 + (rise * m) / minutes + 90 * load(m, 1),
      right: ['growth'],
      slope: (rise / minutes) * 60,
      limit: 1024,
      noise: 0.01,
    }
  },
  'deployments, told, each with a level of its own': (d) => {
    const levels = Array.from({ length: d.whole(3, 7) }, () => d.u(200, 500))
    const minutes = levels.length * d.u(300, 1500)
    const at = (m: number): number => Math.min(levels.length - 1, Math.floor((m / minutes) * levels.length))
    return {
      minutes,
      every: 5,
      walk: (m) => levels[at(m)] ?? 300,
      right: ['flat'],
      restarts: levels.slice(1).map((_, n) => ((n + 1) / levels.length) * minutes),
      noise: 0.01,
      limit: 800,
    }
  },
  'deployments, told, each leaks anew': (d) => {
    const lengths = Array.from({ length: d.whole(3, 6) }, () => d.u(400, 1400))
    const ends = lengths.map((_, n) => lengths.slice(0, n + 1).reduce((a, b) => a + b))
    const minutes = ends.at(-1) ?? 0
    const pace = d.u(0.3, 0.5)
    return {
      minutes,
      every: 5,
      walk: (m) => 150 + pace * (m - Math.max(0, ...ends.filter((end) => end <= m))),
      right: ['growth'],
      slope: pace * 60,
      restarts: ends.slice(0, -1),
      noise: d.u(0.002, 0.02),
      limit: 1200,
    }
  },
  'crash loop whose pauses lengthen, untold': (d) => {
    const run = d.u(60, 110)
    const pauses = [0, 0.2, 0.5, 1, 2.5, 5, 5, 5]
    const begins = pauses.map((_, n) => n * run + pauses.slice(0, n + 1).reduce((a, b) => a + b))
    const lives = d.whole(3, 8)
    return {
      minutes: (begins[lives - 1] ?? 0) + run,
      every: 1,
      walk: (m) => {
        const since = m - Math.max(...begins.filter((begin) => begin <= m))
        return since > run ? Number.NaN : 60 + (440 * since) / run
      },
      right: ['growth'],
      slope: (440 / run) * 60,
      limit: 512,
      noise: 0.01,
    }
  },
  'leak whose scrapes come as they like': (d) => {
    const minutes = d.u(300, 3000)
    const rise = d.u(300, 600)
    return {
      minutes,
      every: minutes / d.whole(40, 500),
      walk: (m) => 150 + (rise * m) / minutes,
      right: ['growth'],
      slope: (rise / minutes) * 60,
      noise: d.u(0.002, 0.03),
      scrape: 'poisson',
      limit: 1024,
    }
  },
  'level, scrapes with outages': (d) => ({
    minutes: d.u(1, 6) * DAY,
    every: 5,
    walk: () => 320,
    right: ['flat'],
    noise: d.u(0.003, 0.05),
    scrape: 'outages',
    limit: 600,
  }),
  'leak, scrapes with outages': (d) => {
    const minutes = d.u(1, 6) * DAY
    return {
      minutes,
      every: 5,
      walk: (m) => 100 + (800 * m) / minutes,
      right: ['growth'],
      slope: (800 / minutes) * 60,
      noise: d.u(0.003, 0.04),
      scrape: 'outages',
      limit: 1000,
    }
  },
  'two replicas in one line, both level': (d) => {
    const [one, other] = [d.u(200, 300), d.u(350, 500)]
    return {
      minutes: 900,
      every: 3,
      walk: () => (d.once(0.5) ? one : other),
      right: ['unknown', 'flat', 'periodic'],
      noise: 0.01,
      limit: 700,
    }
  },
  'two replicas in one line, in turns': (d) => {
    const [one, other] = [d.u(200, 300), d.u(350, 500)]
    let turn = 0
    return {
      minutes: 900,
      every: 3,
      walk: () => {
        turn += 1
        return turn % 2 === 0 ? one : other
      },
      right: ['unknown', 'flat', 'periodic'],
      noise: 0.01,
      limit: 700,
    }
  },
  'two replicas in one line, both leak': (d) => {
    let turn = 0
    const ahead = d.u(30, 120)
    return {
      minutes: 1200,
      every: 3,
      walk: (m) => {
        turn += 1
        return 150 + (500 * m) / 1200 + (turn % 2) * ahead
      },
      right: ['growth', 'unknown', 'periodic'],
      noise: 0.005,
      limit: 900,
    }
  },
  'held at the old limit, let go by a larger one': (d) => {
    const [minutes, raised] = [d.u(900, 2000), d.u(0.4, 0.7)]
    return {
      minutes,
      every: 2,
      walk: (m) =>
        m < minutes * raised ? Math.min(510, 200 + (600 * m) / minutes) : Math.min(1020, 510 + (3000 * (m / minutes - raised)) / 1),
      right: ['growth', 'plateau', 'spike', 'unknown'],
      limit: 1024,
      noise: 0.002,
    }
  },
  'limit raised in the middle of a leak': (d) => {
    const minutes = d.u(900, 2000)
    return {
      minutes,
      every: 2,
      walk: (m) => 150 + (820 * m) / minutes,
      right: ['growth'],
      slope: (820 / minutes) * 60,
      limit: 1024,
      noise: 0.005,
    }
  },
  'leak that comes to rest at the limit and swaps': (d) => {
    const [minutes, reach] = [d.u(400, 2000), d.u(0.3, 0.6)]
    return {
      minutes,
      every: 1,
      walk: (m) => Math.min(510 + d.u(-2, 1.5), 100 + (410 * m) / minutes / reach),
      right: ['plateau'],
      limit: 512,
      noise: 0.001,
    }
  },
  'a job each night': (d) => {
    const [at, long] = [d.u(60, 300), d.u(20, 420)]
    const days = d.whole(4, 12)
    return {
      minutes: days * DAY,
      every: 5,
      walk: (m) => 200 + (m % DAY >= at && m % DAY < at + long ? 250 + d.u(-20, 20) : 0),
      right: ['periodic'],
      limit: 700,
      noise: 0.01,
    }
  },
  'a job each night keeps something': (d) => {
    const days = d.whole(7, 16)
    const each = d.u(35, 60)
    return {
      minutes: days * DAY,
      every: 5,
      walk: (m) => 150 + each * Math.floor((m + DAY / 2) / DAY) + (m % DAY > 700 && m % DAY < 740 ? 30 : 0),
      right: ['growth'],
      limit: 1400,
      noise: 0.006,
    }
  },
  'up at the very end, in one to three scrapes': (d) => {
    const minutes = d.u(300, 3000)
    const last = d.whole(1, 3)
    const every = minutes / d.whole(60, 600)
    return {
      minutes,
      every,
      walk: (m) => (m > minutes - (last - 0.5) * every ? 480 + d.u(-30, 20) : 180),
      right: ['spike'],
      limit: 512,
      noise: d.u(0.002, 0.03),
    }
  },
  'a ramp of minutes after a quiet day': (d) => {
    const ramp = d.u(6, 25)
    return {
      minutes: DAY,
      every: 1,
      walk: (m) => 200 + Math.max(0, 300 * (1 - (DAY - m) / ramp)),
      right: ['spike'],
      limit: 512,
      noise: d.u(0.002, 0.02),
    }
  },
  'a level in whole MiB': (d) => {
    const at = d.u(12, 60)
    return { minutes: d.u(60, 600), every: 1, walk: () => at, right: ['flat'], round: true, noise: d.u(0.002, 0.02), limit: 128 }
  },
  'a small leak in whole MiB, twenty samples': (d) => {
    const rise = d.u(30, 60)
    return {
      minutes: 200,
      every: 10,
      walk: (m) => 40 + (rise * m) / 200,
      right: ['growth'],
      slope: (rise / 200) * 60,
      round: true,
      noise: 0.003,
      limit: 128,
    }
  },
  'a level that a scrape now and then misses as nothing': (d) => ({
    minutes: 1500,
    every: 5,
    walk: () => (d.once(0.01) ? 0 : 350),
    right: ['flat', 'unknown'],
    noise: 0.01,
    limit: 600,
  }),
  'much, and then little for good': (d) => {
    const at = d.u(0.3, 0.7)
    return {
      minutes: 1000,
      every: 2,
      walk: (m) => (m < at * 1000 ? 500 : 220),
      right: ['flat', 'unknown', 'spike'],
      noise: 0.01,
      limit: 700,
    }
  },
  'less and less': (d) => {
    const fall = d.u(150, 300)
    return { minutes: 1000, every: 2, walk: (m) => 500 - (fall * m) / 1000, right: ['flat', 'unknown'], noise: 0.01, limit: 700 }
  },
  'warm-up, then collections': (d) => {
    let heap = 0
    const top = d.u(80, 200)
    return {
      minutes: 1200,
      every: 2,
      walk: (m) => {
        heap += d.u(5, 15)
        if (heap > top) heap = 0
        return 350 - 250 * Math.exp(-m / 40) + heap
      },
      right: ['periodic'],
      limit: 800,
      noise: 0.004,
    }
  },
  'warm-up, then up at the end': (d) => {
    const last = d.whole(2, 12)
    return {
      minutes: 1000,
      every: 2,
      walk: (m) => (m > 1000 - 2 * last ? 500 : 300 - 220 * Math.exp(-m / d.u(80, 81))),
      right: ['spike'],
      limit: 512,
      noise: 0.01,
    }
  },
  'leak beneath a job that came once': (d) => {
    const [from, wide, high] = [d.u(0.2, 0.7), d.u(0.05, 0.2), d.u(150, 220)]
    const minutes = d.u(300, 3000)
    const job = (t: number): number => (t > from && t < from + wide ? high * Math.min(1, (t - from) / 0.03) : 0)
    return {
      minutes,
      every: minutes / 400,
      walk: (m) => 100 + (700 * m) / minutes + job(m / minutes),
      right: ['growth'],
      slope: (700 / minutes) * 60,
      noise: 0.006,
      limit: 1024,
    }
  },
  'requests now and then, none stays': (d) => {
    let extra = 0
    return {
      minutes: 1500,
      every: 1,
      walk: () => {
        extra = d.once(0.02) ? d.u(100, 300) : extra * 0.6
        return 200 + extra
      },
      right: ['periodic', 'unknown', 'flat', 'spike'],
      noise: 0.01,
      limit: 700,
    }
  },
}

export const fourthKinds = Object.keys(lives)

export function fourthCurve(kind: string, seed: number): FourthCurve {
  const random = randomOf(seed * 7_368_787 + fourthKinds.indexOf(kind) * 104_729 + 5)
  const u = (low: number, high: number): number => low + random() * (high - low)
  const dice: Dice = {
    u,
    whole: (low, high) => Math.floor(u(low, high + 1)),
    normal: () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    once: (chance) => random() < chance,
  }
  const life = (lives[kind] as (d: Dice) => Life)(dice)
  const us = (minute: number): number => START + minute * 60e6
  const unit = life.round === true ? MIB : 4096
  const samples = momentsOf(life, dice).map((minute) => {
    const value = life.walk(minute) * (1 + (life.noise ?? 0) * dice.normal())
    return [us(minute), Math.max(0, Math.round((Math.min(life.limit ?? 1e9, value) * MIB) / unit) * unit)] as const
  })
  return {
    name: `${kind} ${seed}`,
    points: pointsOf(samples.filter(([, value]) => Number.isFinite(value))),
    limitBytes: life.limit !== undefined && dice.once(0.75) ? life.limit * MIB : null,
    restartsUs: (life.restarts ?? []).map(us),
    right: life.right,
    slope: life.slope === undefined ? null : life.slope * MIB,
  }
}

function momentsOf({ minutes, every, scrape = 'even' }: Life, { u, once }: Dice): number[] {
  const even = Array.from({ length: Math.round(minutes / every) + 1 }, (_, n) => n * every)
  if (scrape === 'even') return even
  if (scrape === 'outages') {
    const outages = Array.from({ length: 4 }, () => u(0, 0.85) * minutes)
    return even.filter((minute) => !outages.some((from) => minute > from && minute < from + u(0.02, 0.08) * minutes) && !once(0.03))
  }
  const poisson = [0]
  while ((poisson.at(-1) ?? 0) < minutes) poisson.push((poisson.at(-1) ?? 0) - Math.log(1 - u(0, 1)) * every)
  return poisson
}
