import type { Item } from './item.ts'

/** One line shape: the regular expression stands beside a line that it matches and the place that prints it. */
export interface Shape {
  readonly id: string
  /** A line that this shape reads. */
  readonly example: string
  /** Kernel function and versions, or the vendor. */
  readonly source: string
  /** All characters that such a line can begin with, a blank for white space of any kind; without it, any. Only for speed: `read` judges. */
  readonly first?: string
  /** The text without a carriage return; blanks at the start kept, since an empty command prints as one. */
  read(text: string): Item | null
}

export const bytesOfKb = (kb: string): number => safeInteger(kb) * 1024

/** A decimal number clamped to what a double holds exactly: `plausible` leaves clamped figures out when the report closes. */
export function safeInteger(digits: string): number {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : Math.sign(value) * Number.MAX_SAFE_INTEGER
}

/**
 * Figures without those that were clamped: counters that ran below zero print as 18446744073709551604 and the like. `absurd` hears the key of
 * each one left out.
 */
export function plausible(values: Readonly<Record<string, number>>, absurd: (key: string) => void): Record<string, number> {
  const kept: Record<string, number> = {}
  for (const [key, value] of Object.entries(values)) {
    if (Math.abs(value) < Number.MAX_SAFE_INTEGER) kept[key] = value
    else absurd(key)
  }
  return kept
}

export const integerOrNull = (digits: string | undefined): number | null => (digits === undefined ? null : safeInteger(digits))

// Keys are short words; the lookbehind keeps a run of letters from being tried at each of its letters.
const sizedKey = /(?<![\w()])([\w()]{1,40}):\s?(-?\d+)\s?(kB|KB)?/g

/** `key:NkB key: NkB key:N` in any order (node and zone lines): kB and KB → bytes, plain numbers (pages_scanned) as they are. */
export function sizedValues(text: string): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [, key, number, unit] of text.matchAll(sizedKey))
    if (key !== undefined && number !== undefined) values[key] = unit === undefined ? safeInteger(number) : bytesOfKb(number)
  return values
}

export function allUnreclaimable(text: string): boolean | null {
  const at = /all_unreclaimable\?\s*(?<answer>yes|no)/.exec(text)
  return at === null ? null : at.groups?.answer === 'yes'
}

/** The kernel holds 15 bytes of a command's name; wrappings may spell a byte as `\xNN`, `\NNN` or `#NNN`. */
export function fitsComm(text: string): boolean {
  const plain = text.replace(/\\x[0-9a-f]{2}|[#\\][0-7]{3}|\\[nrt"\\]/gi, '.')
  return plain.length <= 16
}

/** A command's name, or `null` where somebody left it out. */
export const commOf = (text: string): string | null =>
  /^(?:\.{2,}|…|\[\.{3}\]|<snip>|<?redacted>?|\*{3,}|[xX]{3,})$/.test(text) ? null : text
