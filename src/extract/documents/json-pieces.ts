import { copyOf } from '../../text/copy.ts'
import { BACKSLASH, BYTE_ORDER_MARK, COMMA, LINE_FEED, QUOTE, RECORD_SEPARATOR, SPACE } from '../../units/characters.ts'
import type { DocumentPiece } from '../define-extractor.ts'
import { EXCERPT } from './tree.ts'

/** Whole objects of a large text, as they come: `spans` are their begins and ends, by turns. */
export type JsonPiece = DocumentPiece & { readonly spans: Int32Array }

const BRACE = 123
const BRACE_END = 125
const BRACKET = 91
const BRACKET_END = 93
/** A list that is not of a document's items. */
const OTHER_LIST = 0
const ITEMS = /"items"\s*:\s*$/
/** Characters of a piece, at least. */
const PIECE = 1 << 20

/**
 * Cuts JSON of any size between the items of its outermost list (`{"items": [`, `[`) or between its documents, so that a list of any length needs the memory of
 * one piece. A piece ends with a line where lines are shorter than a piece. Documents begin where `readJsonStream` has them begin.
 */
export function jsonPieces(
  give: (piece: JsonPiece) => void,
  least = PIECE,
): { push(text: string): void; end(): void; isAstray(cuts: number): boolean } {
  let held = ''
  let isString = false
  /** The step before ended with a backslash that escapes what comes. */
  let isEscaped = false
  /** Between documents: the line holds other text. */
  let isProse = false
  /** Kinds of the open containers, outermost first. */
  const open: number[] = []
  /** Spans of whole objects in `held`. */
  let spans: [number, number][] = []
  let begin = -1
  /** Where a document began of which no item was given: it may be an object itself. */
  let whole = -1
  /** Behind it an item may stand (a bracket, a comma), or a key of a document whose items were given: what is cut off goes on here. */
  let rest = -1
  /** An item ended, and nothing but a comma or the list's end may come. */
  let isBehindItem = false
  let isAstray = false
  let isCutOff = false
  const isAmongItems = (): boolean => open.at(-1) === BRACKET && (open.length === 1 || (open.length === 2 && open[0] === BRACE))

  const opened = (code: number, at: number): void => {
    if (isAmongItems()) noted(code)
    if (open.length === 0) whole = code === BRACE ? at : -1
    else if (code === BRACE && begin === -1 && isAmongItems()) begin = at
    const isOther = code === BRACKET && open.length === 1 && open[0] === BRACE && !ITEMS.test(held.slice(Math.max(0, at - 40), at))
    open.push(isOther ? OTHER_LIST : code)
    if (begin === -1 && isAmongItems()) {
      rest = at
      isBehindItem = false
    }
  }
  const closed = (code: number, at: number): void => {
    const last = open.pop()
    if (last === undefined || (last === BRACE) !== (code === BRACE_END)) isAstray = true
    if (open.length === 0) {
      if (whole !== -1) spans.push([whole, at + 1])
      whole = -1
    } else if (code === BRACE_END && begin !== -1 && isAmongItems()) {
      spans.push([begin, at + 1])
      begin = -1
      whole = -1
    } else if (open.length === 1) rest = at
  }
  /** What stands among items, but not in them. */
  const noted = (code: number): void => {
    if (begin !== -1) return
    if (code === COMMA) isBehindItem = false
    else if (isBehindItem) isAstray = true
    else isBehindItem = true
  }
  /** Whatever is no string, bracket or brace. */
  const other = (code: number, at: number): void => {
    if (open.length === 0) {
      if (code !== BYTE_ORDER_MARK && code !== RECORD_SEPARATOR) isProse = true
    } else if (code === COMMA && isAmongItems()) {
      noted(code)
      rest = at
    }
  }
  /** Only what came is looked at: a string that is put together anew with each step is slow to read. */
  const look = (text: string, before: number): void => {
    let at = isEscaped ? 1 : 0
    isEscaped = false
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (isProse) {
        if (code === LINE_FEED) isProse = false
      } else if (isString) {
        if (code === QUOTE) isString = false
        else if (code === BACKSLASH) at += 1
      } else if (code === QUOTE) {
        if (open.length === 0) isProse = true
        else isString = true
      } else if (code === BRACE || code === BRACKET) opened(code, before + at)
      else if (code === BRACE_END || code === BRACKET_END) {
        if (open.length === 0) isProse = true
        else closed(code, before + at)
      } else if (code > SPACE && begin === -1) other(code, before + at)
    }
    isEscaped = at > text.length
  }

  const cutAt = (end: number): void => {
    const own = spans.filter(([, to]) => to <= end)
    give({ text: held.slice(0, end), spans: Int32Array.from(own.flat()), beyond: copyOf(held.slice(end, end + EXCERPT)) })
    held = held.slice(end)
    if (begin !== -1) begin -= end
    if (whole !== -1) whole -= end
    rest = Math.max(-1, rest - end)
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
      isCutOff = open.length > 0
      // What has no end is given as it stands: its reader says so.
      const started = begin !== -1 ? begin : whole
      // Behind a break only a new document is trusted that begins a line.
      if (isCutOff && /\n[{[]/.test(held.slice((started === -1 ? rest : started) + 1))) isAstray = true
      if (started !== -1) spans.push([started, held.length])
      begin = whole = -1
      const goesOn = isCutOff && started === -1
      const of = open.length === 1 && open[0] === BRACE ? 'keys' : isBehindItem ? 'end' : 'items'
      if (goesOn) give({ text: held, spans: Int32Array.from(spans.flat()), beyond: '', rest: { at: rest, of } })
      else if (held !== '') cutAt(held.length)
    },
    isAstray: (cuts) => isAstray || cuts > Number(isCutOff),
  }
}
