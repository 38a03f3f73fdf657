import type { InputLimits } from './source.ts'
import { Trouble } from './trouble.ts'

/** What one packed stream took in and gave out. `gave` throws when a bound is passed, before the bytes are handed on. */
export interface Meter {
  took(bytes: number): void
  gave(bytes: number): void
  given(): number
}

/** What the unpacking of one input, a file or stream with all that is nested in it, has used of its bounds. */
export interface Budget {
  readonly limits: InputLimits
  /** Bytes of the input itself came in, where its size is not known from the start. */
  read(bytes: number): void
  /** A meter for one packed stream, at whatever depth. */
  meter(): Meter
  /** Counts a file in an archive; throws past the bound. */
  member(): void
  /** Called at anything else of which an archive can hold without end (headers, folders): throws when the time is over. */
  step(): void
}

/** What all inputs of a run share. */
export interface RunTotal {
  bytes: number
}

/** Clocks are not free: one look in so many steps. */
const STEPS = 256

/** `size`: bytes of the input as it lies on disk, or `null`. Ratios hold for each stream and for all of an input together: nested bombs multiply. */
export function budgetOf(limits: InputLimits, run: RunTotal, size: number | null): Budget {
  let packed = size ?? 0
  let unpacked = 0
  let members = 0
  let steps = 0
  let start: number | null = null
  const isBomb = (taken: number, given: number): boolean => given > limits.ratioFloorBytes && given > taken * limits.ratio
  const inTime = (): void => {
    start ??= performance.now()
    if (performance.now() - start > limits.seconds * 1000) throw new Trouble('bound-time', { limit: limits.seconds }, 'input')
  }
  const step = (): void => {
    if (steps++ % STEPS === 0) inTime()
  }
  // Rounded: how much was given at the moment depends on the pieces that a file comes in, here and in a browser.
  const ratio = (taken: number, given: number): Readonly<Record<string, number>> => ({
    packed: Math.max(1, Math.round(taken / 1024)),
    unpacked: Math.round(given / 1_048_576),
    limit: limits.ratio,
  })
  return {
    limits,
    step,
    read: (bytes) => {
      packed += bytes
    },
    meter: () => {
      let input = 0
      let output = 0
      return {
        took: (bytes) => {
          input += bytes
        },
        gave: (bytes) => {
          output += bytes
          unpacked += bytes
          run.bytes += bytes
          inTime()
          if (run.bytes > limits.totalBytes) throw new Trouble('bound-total', { limit: limits.totalBytes }, 'run')
          if (isBomb(input, output)) throw new Trouble('bound-ratio', ratio(input, output))
          if (isBomb(packed, unpacked)) throw new Trouble('bound-ratio', ratio(packed, unpacked), 'input')
        },
        given: () => output,
      }
    },
    member: () => {
      step()
      members += 1
      if (members > limits.members) throw new Trouble('bound-members', { limit: limits.members }, 'input')
    },
  }
}
