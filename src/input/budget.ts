import type { InputLimits } from './source.ts'
import { Trouble } from './trouble.ts'

/** What one packed stream took in and gave out. `gave` throws when a bound is passed, before the bytes are handed on. */
export interface Meter {
  took(bytes: number): void
  gave(bytes: number): void
  given(): number
}

/** The run's use of its bounds. */
export interface Budget {
  readonly limits: InputLimits
  /** A meter for one packed stream; `packed` is its packed size where that is known from the start (a zip). */
  meter(packed?: number): Meter
  /** Counts a member of an archive; throws past the bound. */
  member(): void
}

export function budgetOf(limits: InputLimits): Budget {
  let total = 0
  let members = 0
  const meter = (packed = 0): Meter => {
    let input = packed
    let output = 0
    return {
      took: (bytes) => {
        input += bytes
      },
      gave: (bytes) => {
        output += bytes
        total += bytes
        if (total > limits.totalBytes) throw new Trouble('bound-total', { limit: limits.totalBytes }, true)
        if (output > limits.ratioFloorBytes && output > input * limits.ratio)
          throw new Trouble('bound-ratio', { packed: input, unpacked: output, limit: limits.ratio })
      },
      given: () => output,
    }
  }
  return {
    limits,
    meter,
    member: () => {
      members += 1
      if (members > limits.members) throw new Trouble('bound-members', { limit: limits.members }, true)
    },
  }
}
