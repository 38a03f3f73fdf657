import { BACKSLASH } from '../../units/characters.ts'

/** Whole objects of a large text, as they come. */
export interface JsonPiece {
  /** As it stands. */
  readonly text: string
  /** The same without what is around its objects (the head of a list, commas, its end): as long, with the same breaks. */
  readonly objects: string
  readonly lines: number
  readonly endsLine: boolean
}

const QUOTE = 34
const BRACE = 123
const BRACE_END = 125
const BRACKET = 91
const BRACKET_END = 93
/** Characters of a piece, at least. */
const PIECE = 1 << 22

/**
 * Cuts JSON of any size between the items of its outermost list (`{"items": [`, `[`) or between its documents, so that a list of any length needs the memory of
 * one piece. A piece ends with a line where lines are shorter than a piece.
 */
export function jsonPieces(give: (piece: JsonPiece) => void, least = PIECE): { push(text: string): void; end(): void } {
  let held = ''
  /** How far `held` was looked at. */
  let at = 0
  let isString = false
  /** Kinds of the open containers, outermost first. */
  const open: number[] = []
  /** Spans of whole objects in `held`. */
  let spans: [number, number][] = []
  let begin = -1
  /** Where a document began of which no item was given: it may be an object itself. */
  let whole = -1
  const isAmongItems = (): boolean => open.length === 0 || (open.length <= 2 && open.at(-1) === BRACKET)

  const look = (): void => {
    for (; at < held.length; at += 1) {
      const code = held.charCodeAt(at)
      if (isString) {
        if (code === BACKSLASH) at += 1
        else if (code === QUOTE) isString = false
      } else if (code === QUOTE) isString = true
      else if (code === BRACE || code === BRACKET) {
        if (open.length === 0) whole = code === BRACE ? at : -1
        else if (code === BRACE && begin === -1 && isAmongItems()) begin = at
        open.push(code)
      } else if (code === BRACE_END || code === BRACKET_END) {
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
    }
  }

  const cutAt = (end: number): void => {
    const text = held.slice(0, end)
    let objects = ''
    let done = 0
    for (const [from, to] of spans) {
      if (to > end) break
      objects += blank(text.slice(done, from)) + text.slice(from, to)
      done = to
    }
    objects += blank(text.slice(done))
    give({ text, objects, lines: breaksIn(text), endsLine: text.endsWith('\n') })
    held = held.slice(end)
    at -= end
    if (begin !== -1) begin -= end
    if (whole !== -1) whole -= end
    spans = spans.filter(([, to]) => to > end).map(([from, to]) => [from - end, to - end])
  }

  return {
    push(text) {
      held += text
      look()
      const last = spans.at(-1)?.[1]
      if (held.length < least || last === undefined) return
      const started = begin !== -1 ? begin : whole
      const feed = held.lastIndexOf('\n', started === -1 ? held.length : started)
      cutAt(Math.max(feed + 1, last))
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

const blank = (text: string): string => text.replace(/[^\n]+/g, (line) => ' '.repeat(line.length))

function breaksIn(text: string): number {
  let breaks = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks += 1
  return breaks
}
