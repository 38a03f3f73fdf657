import type { UsageShape } from '../../src/model/ids.ts'
import { type Points, pointsOf } from '../../src/series/points.ts'

/** A made-up curve with what is true of it. */
export interface Curve {
  readonly name: string
  readonly points: Points
  readonly limitBytes: number | null
  readonly shape: UsageShape
  /** Bytes per hour where the truth is growth. */
  readonly slope: number | null
}

const MIB = 1024 ** 2
const HOUR = 3_600_000_000

/** mulberry32: the same numbers from the same seed on every machine. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** One of the kinds that real workloads show, with random figures. */
export function curveOf(kind: (typeof kinds)[number], seed: number): Curve {
  const random = randomOf(seed * 7919 + kinds.indexOf(kind))
  const between = (low: number, high: number): number => low + random() * (high - low)
  const hours = between(1, 72)
  const count = Math.round(between(60, 800))
  const limit = between(64, 8192) * MIB
  const at = Array.from({ length: count }, (_, i) => (i / (count - 1)) * hours)
  const base = between(0.1, 0.4) * limit
  const know = random() < 0.7
  const make = (
    value: (h: number, i: number) => number,
    shape: UsageShape,
    slope: number | null = null,
    noise = between(0, 0.01),
  ): Curve => ({
    name: `${kind} ${seed}`,
    points: pointsOf(
      at
        .map((h, i) => [1.7e15 + h * HOUR, Math.max(0, value(h, i) + normal(random) * noise * limit)] as const)
        .filter(([, v]) => Number.isFinite(v)),
    ),
    limitBytes: know ? limit : null,
    shape,
    slope,
  })
  switch (kind) {
    case 'leak': {
      const slope = (limit * between(0.97, 1) - base) / hours
      return make((h) => base + slope * h, 'growth', slope, between(0, 0.005))
    }
    case 'slow-leak': {
      const slope = (limit * between(0.08, 0.3)) / hours
      return make((h) => base + slope * h, 'growth', slope, between(0, 0.006))
    }
    case 'leak-noise': {
      const slope = (limit * 0.95 - base) / hours
      return make((h) => base + slope * h, 'growth', slope, between(0.02, 0.06))
    }
    case 'sawtooth': {
      const period = hours / between(6, Math.max(7, count / 12))
      const height = between(0.15, 0.5) * limit
      return make((h) => base + ((h % period) / period) * height, 'periodic')
    }
    case 'sawtooth-leak': {
      const period = hours / between(8, 20)
      const height = between(0.1, 0.2) * limit
      const slope = (limit * between(0.3, 0.5)) / hours
      return make((h) => base + slope * h + ((h % period) / period) * height, 'growth', slope)
    }
    case 'spike': {
      const start = hours * between(0.92, 0.985)
      return make((h) => base + (h > start ? ((h - start) / (hours - start)) ** 0.7 * (limit - base) : 0), 'spike')
    }
    case 'step': {
      const start = hours * between(0.2, 0.85)
      const height = between(0.2, 0.5) * limit
      return make((h) => base + (h > start ? height : 0), 'spike')
    }
    case 'plateau': {
      const reach = hours * between(0.1, 0.55)
      return {
        ...make((h) => Math.min(limit * 0.99, base + ((limit * 0.99 - base) * h) / reach), 'plateau', null, between(0, 0.003)),
        limitBytes: limit,
      }
    }
    case 'diurnal': {
      const period = hours / between(2, 6)
      const phase = random() * 6
      const height = between(0.1, 0.25) * limit
      return make((h) => base + height * (1 + Math.sin((2 * Math.PI * h) / period + phase)), 'periodic', null, between(0, 0.02))
    }
    case 'restarts': {
      const lives = Math.round(between(2, 6))
      const period = hours / (lives + between(0.7, 0.99))
      const slope = (limit * 0.98 - base * 0.5) / period
      return { ...make((h) => base * 0.5 + (h % period) * slope, 'growth', slope, between(0, 0.01)), limitBytes: limit }
    }
    case 'flat':
      return make(() => base, 'flat', null, between(0, 0.03))
    case 'gap': {
      const slope = (limit * 0.95 - base) / hours
      const from = between(0.2, 0.5)
      const to = from + between(0.1, 0.25)
      return make((h) => (h > hours * from && h < hours * to ? Number.NaN : base + slope * h), 'growth', slope)
    }
  }
}

export const kinds = [
  'leak',
  'slow-leak',
  'leak-noise',
  'sawtooth',
  'sawtooth-leak',
  'spike',
  'step',
  'plateau',
  'diurnal',
  'restarts',
  'flat',
  'gap',
] as const
