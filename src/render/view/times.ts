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
  const digits = digitsOf(uncertaintyMs, at.digits)
  const second = clock.zone === null ? '' : ` (${clock.zone(at.us, digits)})`
  return { rich: [{ text: `${instantText(at.us, digits)}${marginText(uncertaintyMs)}${second}` }], raw: time }
}

/** The same where the day is said elsewhere: `06:38:45.1 ± 0.6 s`. */
export function clockTimeOf(time: string, uncertaintyMs: number | null): { readonly day: string; readonly text: string } | null {
  const at = instantOf(time)
  if (at === null) return null
  const [day = '', text = ''] = instantText(at.us, digitsOf(uncertaintyMs, at.digits)).split(' ')
  return { day, text: `${text}${marginText(uncertaintyMs)}` }
}

/** No more digits of a second than the uncertainty allows. */
const digitsOf = (uncertaintyMs: number | null, digits: number): number =>
  uncertaintyMs === null || uncertaintyMs <= 0 ? digits : Math.min(digits, Math.max(0, Math.ceil(-Math.log10(uncertaintyMs / 1000))))

/** An uncertainty of a few ms is told by the digits alone. */
const marginText = (uncertaintyMs: number | null): string =>
  uncertaintyMs === null || uncertaintyMs < 10 ? '' : ` ± ${secondsText(roughly(uncertaintyMs / 1000))}`

/** Rounded up to one digit, whole seconds from 10 s on: nobody knows an error better than that. */
function roughly(seconds: number): number {
  if (seconds >= 10) return seconds >= 60 ? Math.ceil(seconds / 60 - 0.02) * 60 : Math.ceil(seconds)
  const step = seconds >= 1 ? 1 : seconds >= 0.1 ? 0.1 : 0.01
  return Number((Math.ceil(seconds / step - 0.02) * step).toFixed(2))
}

/** `2026-11-24 06:38:45 UTC – 06:59:32 UTC`, the date once where it is the same. */
export function spanOf(first: string | null, last: string | null, clock: Clock, none: Rich = unknown): Rich {
  if (first === null || last === null || first === last) return timeOf(first ?? last, null, clock, none)
  const from = timeOf(first, null, clock)
  const to = timeOf(last, null, clock)
  if (clock.zone !== null || first.slice(0, 10) !== last.slice(0, 10)) return join(from, ' to ', to)
  return join(from, ' to ', words(to.rich.map(({ text }) => text.replace(/^\d{4}-\d\d-\d\d /, '')).join('')))
}

/** An instant as an offset is counted from or to it: on UTC with its error, and on the kernel's own clock. */
export interface Counted {
  readonly time: string | null
  readonly uncertaintyMs: number | null
  readonly uptime: number | null
}

/**
 * Offset from the kill: `T−3.2 s`, `T`, `T+0.43 s`, with no more digits than the clocks allow; what they cannot tell from it is `T ± 2 s`. Two stamps of the
 * kernel's clock are exact to the millisecond, whatever puts them on UTC. `null` where one of the two has no time.
 */
export function offsetOf(at: Counted, zero: Counted): string | null {
  const [to, from] = [at.time, zero.time].map((time) => (time === null ? null : instantOf(time)))
  const seconds = to === null || to === undefined || from === null || from === undefined ? null : (to.us - from.us) / 1e6
  const margin = Math.max(at.uncertaintyMs ?? 0, zero.uncertaintyMs ?? 0) / 1000
  const uptime = at.uptime === null || zero.uptime === null ? null : at.uptime - zero.uptime
  // the clock of another boot counts from another beginning
  if (uptime !== null && (seconds === null || Math.abs(seconds - uptime) <= margin + 5)) return offsetText(Math.round(uptime * 1000) / 1000)
  if (seconds === null) return null
  if (margin === 0 || seconds === 0) return offsetText(seconds)
  if (Math.abs(seconds) <= margin) return margin < 0.01 ? offsetText(Number(seconds.toFixed(3))) : `T${marginText(margin * 1000)}`
  const step = margin >= 30 ? 60 : margin >= 10 ? 10 : 0
  return offsetText(step === 0 ? Number(seconds.toFixed(digitsOf(margin * 1000, 6))) : Math.round(seconds / step) * step)
}

const offsetText = (seconds: number): string => (seconds === 0 ? 'T' : `T${seconds < 0 ? '−' : '+'}${secondsText(Math.abs(seconds))}`)
