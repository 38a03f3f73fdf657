import { copyOf } from '../../text/copy.ts'
import { BACKSLASH, QUOTE } from '../../units/characters.ts'
import type { DocumentPiece } from '../define-extractor.ts'
import { EXCERPT } from './tree.ts'

/** Whole objects of a large text, as they come: `spans` are their begins and ends, by turns. */
export type JsonPiece = DocumentPiece & { readonly spans: Int32Array }

const BRACE = 123
const BRACE_END = 125
const BRACKET = 91
const BRACKET_END = 93
/** Characters of a piece, at least. */
const PIECE = 1 << 20

/**
 * Cuts JSON of any size between the items of its outermost list (`{"items": [`, `[`) or between its documents, so that a list of any length needs the memory of
 * one piece. A piece ends with a line where lines are shorter than a piece.
 */
export function jsonPieces(give: (piece: JsonPiece) => void, least = PIECE): { push(text: string): void; end(): void } {
  let held = ''
  let isString = false
  /** The step before ended with a backslash that escapes what comes. */
  let isEscaped = false
  /** Kinds of the open containers, outermost first. */
  const open: number[] = []
  /** Spans of whole objects in `held`. */
  let spans: [number, number][] = []
  let begin = -1
  /** Where a document began of which no item was given: it may be an object itself. */
  let whole = -1
  const isAmongItems = (): boolean => open.length === 0 || (open.length <= 2 && open.at(-1) === BRACKET)

  const opened = (code: number, at: number): void => {
    if (open.length === 0) whole = code === BRACE ? at : -1
    else if (code === BRACE && begin === -1 && isAmongItems()) begin = at
    open.push(code)
  }
  const closed = (code: number, at: number): void => {
    open.pop()
    if (open.length === 0) {
      if (whole !== -1) spans.push([whole, at + 1])
      whole = -1
    } else if (code === BRACE_END && begin !== -1 && isAmongItems()) {
      spans.push([begin, at + 1])
      begin = -1
      whole = -1
    }
  }
  /** Only what came is looked at: a string that is put together anew with each step is slow to read. */
  const look = (text: string, before: number): void => {
    let at = isEscaped ? 1 : 0
    isEscaped = false
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (isString) {
        if (code === QUOTE) isString = false
        else if (code === BACKSLASH) at += 1
      } else if (code === QUOTE) isString = true
      else if (code === BRACE || code === BRACKET) opened(code, before + at)
      else if (code === BRACE_END || code === BRACKET_END) closed(code, before + at)
    }
    isEscaped = at > text.length
  }

  const cutAt = (end: number): void => {
    const own = spans.filter(([, to]) => to <= end)
    give({ text: held.slice(0, end), spans: Int32Array.from(own.flat()), beyond: copyOf(held.slice(end, end + EXCERPT)) })
    held = held.slice(end)
    if (begin !== -1) begin -= end
    if (whole !== -1) whole -= end
    spans = spans.filter(([, to]) => to > end).map(([from, to]) => [from - end, to - end])
  }

  return {
    push(text) {
      const before = held.length
      held += text
      look(text, before)
      if (held.length < least) return
      // What stands behind an object belongs to its excerpt: it has come, too.
      const last = spans.findLast(([, to]) => to + EXCERPT <= held.length)?.[1]
      if (last === undefined) return
      const started = begin !== -1 ? begin : whole
      const feed = held.lastIndexOf('\n', started === -1 ? held.length : started)
      cutAt(feed + 1 + EXCERPT <= held.length ? Math.max(feed + 1, last) : last)
    },
    end() {
      // What has no end is given as it stands: its reader says so.
      const started = begin !== -1 ? begin : whole
      if (started !== -1) spans.push([started, held.length])
      begin = whole = -1
      if (held !== '') cutAt(held.length)
    },
  }
}
