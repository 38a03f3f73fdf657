import type { Phrase, PhrasePart } from '../../model/diagnosis.ts'
import { shownName } from '../../text/nameless.ts'
import { partText, plainPhrase } from '../../text/plain-phrase.ts'
import { bytesText, countText, percentText } from '../../text/values.ts'

/** One piece of a printed value: its words, whether it is code, and the exact number of bytes where it is a size. */
export interface RichPart {
  readonly text: string
  readonly code?: boolean
  readonly bytes?: number
  /** A quoted line for outputs that can mark and title; together they show `text`. */
  readonly pieces?: readonly QuotePiece[]
}

/** A part of a quoted line: a proving figure, or a name that is shortened (`full` is the whole). */
export interface QuotePiece {
  readonly text: string
  readonly mark?: true
  readonly full?: string
}

/** A value of the view, ready to print but not yet escaped for an output; `raw` is the value itself, `null` when it is not in the log. */
export interface Rich {
  readonly rich: readonly RichPart[]
  readonly raw: string | number | null
}

/** Lines that are printed as they stand. */
export interface Block {
  readonly block: readonly string[]
  readonly language: 'text' | 'sh' | 'mermaid'
}

const unknownText = 'not in the log'

/** Unknown: words in prose; tables print a dash (`dash`). */
export const unknown: Rich = { rich: [{ text: unknownText }], raw: null }
export const dash: Rich = { rich: [{ text: '–' }], raw: null }

export const words = (text: string): Rich => ({ rich: [{ text }], raw: text })
export const codeOf = (text: string): Rich => ({ rich: [{ text: shownName(text), code: true }], raw: text })
export const bytesOf = (value: number | null | undefined, none: Rich = dash): Rich =>
  value === null || value === undefined ? none : { rich: [{ text: bytesText(value), bytes: value }], raw: value }
export const countOf = (value: number | null | undefined, none: Rich = dash): Rich =>
  value === null || value === undefined ? none : { rich: [{ text: countText(value).replace('-', '−') }], raw: value }
/** A setting, not a number of things: no thousands apart. */
export const numberOf = (value: number | null | undefined): Rich =>
  value === null || value === undefined ? dash : { rich: [{ text: String(value).replace('-', '−') }], raw: value }
export const shareOf = (value: number | null): Rich => (value === null ? dash : { rich: [{ text: percentText(value) }], raw: value })

/** A sentence as a printable value: of a report that was read back from its JSON it has words only. */
export function phraseOf(text: Phrase | string): Rich {
  return typeof text === 'string' ? words(text) : { rich: text.map(partOf), raw: plainPhrase(text) }
}

function partOf(part: PhrasePart): RichPart {
  const text = partText(part)
  if (typeof part === 'string') return { text }
  if ('code' in part) return { text, code: true }
  return 'bytes' in part ? { text, bytes: part.bytes } : { text }
}

/** Strings are our own words here, never a log's. */
export function join(...parts: readonly (Rich | string)[]): Rich {
  const rich = parts.flatMap((part) => (typeof part === 'string' ? [{ text: part }] : part.rich)).filter(({ text }) => text !== '')
  return { rich, raw: rich.map(({ text }) => text).join('') }
}

/** The value's words without any markup. */
export const plainOf = (value: Rich): string => value.rich.map(({ text }) => text).join('')

/** With a full stop, so that what follows in the same line is a sentence of its own. */
export function sentence(value: Rich): Rich {
  const text = plainOf(value).trimEnd()
  return text === '' || /[.!?:…]$/.test(text) ? value : { rich: [...value.rich, { text: '.' }], raw: value.raw }
}
