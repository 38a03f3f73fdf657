import { type Points, pointsOf } from './points.ts'

/**
 * Takes samples in any order and keeps a bounded number of them: when the room is full, time is cut into buckets and of each the smallest and
 * the largest sample stay, beside the very first and last. So no extreme is ever lost, and what lies between is off by at most `bucketUs` in time.
 * In two columns of numbers: an export holds thousands of series.
 */
export class ThinnedSeries {
  #room: number
  #us: Float64Array
  #bytes: Float64Array
  #length = 0
  #bucketUs = 0
  /** Samples given so far. */
  count = 0

  /** `room`: how many samples are kept at most. */
  constructor(room = 4096) {
    this.#room = room
    this.#us = new Float64Array(Math.min(room + 1, 16))
    this.#bytes = new Float64Array(this.#us.length)
  }

  /** The width of the buckets in µs; 0 while every sample is kept. */
  get bucketUs(): number {
    return this.#bucketUs
  }

  add(us: number, bytes: number): void {
    if (!Number.isFinite(us) || !Number.isFinite(bytes)) return
    this.count += 1
    if (this.#length === this.#us.length) this.#grow()
    this.#us[this.#length] = us
    this.#bytes[this.#length] = bytes
    this.#length += 1
    if (this.#length > this.#room) this.#thin(this.#room)
  }

  /** What is kept, in order of time. */
  points(): Points {
    if (this.#bucketUs > 0) this.#keep(extremes(this.#us, this.#bytes, this.#length, this.#bucketUs))
    return pointsOf(Array.from({ length: this.#length }, (_, at) => [this.#us[at] ?? 0, this.#bytes[at] ?? 0] as const))
  }

  /** From now on no more than this is kept. */
  narrow(room: number): void {
    this.#room = Math.min(room, this.#room)
    if (this.#length > this.#room) this.#thin(this.#room)
    if (this.#us.length <= this.#room + 1) return
    this.#us = this.#us.slice(0, this.#room + 1)
    this.#bytes = this.#bytes.slice(0, this.#room + 1)
  }

  #grow(): void {
    const size = Math.min(this.#room + 1, 2 * this.#us.length)
    const [us, bytes] = [new Float64Array(size), new Float64Array(size)]
    us.set(this.#us)
    bytes.set(this.#bytes)
    this.#us = us
    this.#bytes = bytes
  }

  #thin(room: number): void {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = 0; at < this.#length; at += 1) {
      from = Math.min(from, this.#us[at] ?? 0)
      to = Math.max(to, this.#us[at] ?? 0)
    }
    this.#bucketUs = Math.max(1, this.#bucketUs, (4 * (to - from)) / room)
    this.#keep(extremes(this.#us, this.#bytes, this.#length, this.#bucketUs))
  }

  /** Keeps the samples at these places, which are in order. */
  #keep(places: readonly number[]): void {
    for (const [to, at] of places.entries()) {
      this.#us[to] = this.#us[at] ?? 0
      this.#bytes[to] = this.#bytes[at] ?? 0
    }
    this.#length = places.length
  }
}

/** Places of the smallest and the largest sample of each bucket, and of the first and last of all, in the order in which they stand. */
function extremes(us: Float64Array, bytes: Float64Array, length: number, bucketUs: number): number[] {
  const lows = new Map<number, number>()
  const highs = new Map<number, number>()
  let [first, last] = [0, 0]
  for (let at = 0; at < length; at += 1) {
    const bucket = Math.floor((us[at] ?? 0) / bucketUs)
    const [low, high] = [lows.get(bucket), highs.get(bucket)]
    if (low === undefined || (bytes[at] ?? 0) < (bytes[low] ?? 0)) lows.set(bucket, at)
    if (high === undefined || (bytes[at] ?? 0) > (bytes[high] ?? 0)) highs.set(bucket, at)
    if ((us[at] ?? 0) < (us[first] ?? 0)) first = at
    if ((us[at] ?? 0) > (us[last] ?? 0)) last = at
  }
  return [...new Set([...lows.values(), ...highs.values(), first, last])].sort((a, b) => a - b)
}
