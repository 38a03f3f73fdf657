import { COLON, COMMA, DIGIT_0, DIGIT_9, DOT, MINUS, PLUS, UPPER_Z } from './characters.ts'
/** Reads `count` digits at `at`; −1 when one of them is none. Stamps are read for every line: no regular expression here. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i += 1) {
    const digit = text.charCodeAt(i) - DIGIT_0
    // The negated form also refuses NaN, beyond the end of the text.
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

/** Index after the digits at `at`, at most `limit` of them. */
export function digitsEnd(text: string, at: number, limit: number): number {
  let end = at
  while (end - at < limit) {
    const c = text.charCodeAt(end)
    if (!(c >= DIGIT_0 && c <= DIGIT_9)) break
    end += 1
  }
  return end
}

export interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Digits after the second, `''` for none. */
  readonly fraction: string
  readonly end: number
}

/** `02:54:33`, `02:54:33.585252`, `02:54:32,752568`. */
export function clockTimeAt(text: string, at: number): ClockTime | null {
  if (text.charCodeAt(at + 2) !== COLON || text.charCodeAt(at + 5) !== COLON) return null
  const hour = digitsAt(text, at, 2)
  const minute = digitsAt(text, at + 3, 2)
  const second = digitsAt(text, at + 6, 2)
  if (hour < 0 || minute < 0 || second < 0) return null
  const separator = text.charCodeAt(at + 8)
  if (separator !== DOT && separator !== COMMA) return { hour, minute, second, fraction: '', end: at + 8 }
  const end = digitsEnd(text, at + 9, 9)
  return end === at + 9
    ? { hour, minute, second, fraction: '', end: at + 8 }
    : { hour, minute, second, fraction: text.slice(at + 9, end), end }
}

export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** `2026-11-24`. */
export function dateAt(text: string, at: number): CalendarDate | null {
  if (text.charCodeAt(at + 4) !== MINUS || text.charCodeAt(at + 7) !== MINUS) return null
  const year = digitsAt(text, at, 4)
  const month = digitsAt(text, at + 5, 2)
  const day = digitsAt(text, at + 8, 2)
  return year < 0 || month < 0 || day < 0 ? null : { year, month, day }
}

/** `Z`, `+05:30`, `-0500`, `+00`: minutes east of UTC and the index behind; `null` when there is none. */
export function offsetAt(text: string, at: number): { readonly minutes: number; readonly end: number } | null {
  const sign = text.charCodeAt(at)
  if (sign === UPPER_Z) return { minutes: 0, end: at + 1 }
  if (sign !== PLUS && sign !== MINUS) return null
  const hours = digitsAt(text, at + 1, 2)
  if (hours < 0 || hours > 18) return null
  const after = text.charCodeAt(at + 3) === COLON ? at + 4 : at + 3
  const minutes = digitsAt(text, after, 2)
  const total = hours * 60 + Math.max(0, minutes)
  return { minutes: sign === MINUS ? -total : total, end: minutes < 0 ? at + 3 : after + 2 }
}
