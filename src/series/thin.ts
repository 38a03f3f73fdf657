import { type Points, pointsOf } from './points.ts'

/**
 * Takes samples in any order and keeps a bounded number of them: when the room is full, time is cut into buckets and of each the smallest and
 * the largest sample stay, beside the very first and last. So no extreme is ever lost, and what lies between is off by at most `bucketUs` in time.
 */
export class ThinnedSeries {
  readonly #room: number
  #samples: (readonly [us: number, bytes: number])[] = []
  #bucketUs = 0
  /** Samples given so far. */
  count = 0

  /** `room`: how many samples are kept at most. */
  constructor(room = 4096) {
    this.#room = room
  }

  /** The width of the buckets in µs; 0 while every sample is kept. */
  get bucketUs(): number {
    return this.#bucketUs
  }

  add(us: number, bytes: number): void {
    if (!Number.isFinite(us) || !Number.isFinite(bytes)) return
    this.count += 1
    this.#samples.push([us, bytes])
    if (this.#samples.length > this.#room) this.#thin()
  }

  /** What is kept, in order of time. */
  points(): Points {
    if (this.#bucketUs > 0) this.#samples = extremes(this.#samples, this.#bucketUs)
    return pointsOf(this.#samples)
  }

  #thin(): void {
    const times = this.#samples.map(([us]) => us)
    const span = times.reduce((max, us) => Math.max(max, us), -Infinity) - times.reduce((min, us) => Math.min(min, us), Infinity)
    this.#bucketUs = Math.max(1, this.#bucketUs, (4 * span) / this.#room)
    this.#samples = extremes(this.#samples, this.#bucketUs)
  }
}

type Sample = readonly [us: number, bytes: number]

/** Of each bucket the smallest and the largest sample; of all the first and the last. */
function extremes(samples: readonly Sample[], bucketUs: number): Sample[] {
  const lows = new Map<number, Sample>()
  const highs = new Map<number, Sample>()
  let first = samples[0]
  let last = samples[0]
  for (const sample of samples) {
    const bucket = Math.floor(sample[0] / bucketUs)
    if (sample[1] < (lows.get(bucket)?.[1] ?? Infinity)) lows.set(bucket, sample)
    if (sample[1] > (highs.get(bucket)?.[1] ?? -Infinity)) highs.set(bucket, sample)
    if (first === undefined || sample[0] < first[0]) first = sample
    if (last === undefined || sample[0] > last[0]) last = sample
  }
  const kept = new Set([...lows.values(), ...highs.values()])
  if (first !== undefined) kept.add(first)
  if (last !== undefined) kept.add(last)
  return [...kept]
}
