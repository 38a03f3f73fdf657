import { instantOf, instantText, secondsText } from '../../text/values.ts'
import { join, type Rich, unknown, words } from './rich.ts'

/** Prints an instant (µs since the epoch) in a named zone: `2026-11-24 01:38:45.123 EST`. Injected, since zone data is heavy. */
export type ZonePrinter = (epochUs: number, digits: number) => string

export interface Clock {
  readonly zone: ZonePrinter | null
}

/** `2026-11-24 06:38:45.123456 UTC`, `±` when uncertain, the second zone behind it only when asked for. */
export function timeOf(time: string | null, uncertaintyMs: number | null, clock: Clock, none: Rich = unknown): Rich {
  if (time === null) return none
  const at = instantOf(time)
  if (at === null) return words(time)
  const off = uncertaintyMs !== null && uncertaintyMs > 0 ? ` ± ${secondsText(uncertaintyMs / 1000)}` : ''
  const second = clock.zone === null ? '' : ` (${clock.zone(at.us, at.digits)})`
  return { rich: [{ text: `${instantText(at.us, at.digits)}${off}${second}` }], raw: time }
}

/** `2026-11-24 06:38:45 UTC – 06:59:32 UTC`, the date once where it is the same. */
export function spanOf(first: string | null, last: string | null, clock: Clock, none: Rich = unknown): Rich {
  if (first === null || last === null || first === last) return timeOf(first ?? last, null, clock, none)
  const from = timeOf(first, null, clock)
  const to = timeOf(last, null, clock)
  if (clock.zone !== null || first.slice(0, 10) !== last.slice(0, 10)) return join(from, ' to ', to)
  return join(from, ' to ', words(to.rich.map(({ text }) => text.replace(/^\d{4}-\d\d-\d\d /, '')).join('')))
}

/** Offset from the kill: `T−3.2 s`, `T`, `T+0.43 s`; `null` where one of the two has no time. */
export function offsetOf(time: string | null, zeroUs: number | null): string | null {
  const at = time === null ? null : instantOf(time)
  if (at === null || zeroUs === null) return null
  return offsetText((at.us - zeroUs) / 1e6)
}

/** The same on the kernel's own clock, where nothing puts it on UTC: to the millisecond. */
export const uptimeOffset = (uptime: number | null, zero: number | null): string | null =>
  uptime === null || zero === null ? null : offsetText(Math.round((uptime - zero) * 1000) / 1000)

const offsetText = (seconds: number): string => (seconds === 0 ? 'T' : `T${seconds < 0 ? '−' : '+'}${secondsText(Math.abs(seconds))}`)
