import type { Quote } from '../../model/origin.ts'
import type { Told } from '../../model/snapshot.ts'

/** A parsed JSON or YAML value that knows where it stood: `at` is the offset of its key (in a map) or of itself, in UTF-16 units. */
export type Tree =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Tree>; readonly at: number }

/** Makes evidence out of places in one text. */
export interface Quoter {
  quote(at: number): Quote
}

export function child(tree: Tree | null, ...path: readonly string[]): Tree | null {
  let here: Tree | null = tree
  for (const key of path) {
    if (here?.kind !== 'map') return null
    here = here.entries.get(key) ?? null
  }
  return here
}

export function itemsOf(tree: Tree | null): readonly Tree[] {
  return tree?.kind === 'list' ? tree.items : []
}

export function entriesOf(tree: Tree | null): readonly (readonly [string, Tree])[] {
  return tree?.kind === 'map' ? [...tree.entries] : []
}

/** A scalar as text (`64`, `true` too); `null` for what is absent, null or no scalar. */
export function textOf(tree: Tree | null): string | null {
  return tree?.kind === 'scalar' && tree.value !== null ? String(tree.value) : null
}

export function textAt(tree: Tree | null, ...path: readonly string[]): string | null {
  return textOf(child(tree, ...path))
}

export function numberAt(tree: Tree | null, ...path: readonly string[]): number | null {
  const text = textAt(tree, ...path)
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

export function flagAt(tree: Tree | null, ...path: readonly string[]): boolean | null {
  const text = textAt(tree, ...path)
  return text === 'true' ? true : text === 'false' ? false : null
}

/** Strings of a map of strings (labels, annotations). */
export function stringsOf(tree: Tree | null): Record<string, string> {
  const strings: Record<string, string> = {}
  for (const [key, value] of entriesOf(tree)) {
    const text = textOf(value)
    if (text !== null) strings[key] = text
  }
  return strings
}

/** The value that `read` makes of a scalar, with its line. */
export function toldOf<T>(quoter: Quoter, tree: Tree | null, read: (text: string) => T | null): Told<T> | null {
  const text = textOf(tree)
  const value = text === null ? null : read(text)
  return tree === null || value === null ? null : { value, quote: quoter.quote(tree.at) }
}

/** Longest physical line quoted whole; a compact document on one line is quoted in excerpts. */
const WIDEST_LINE = 4000
/** Characters of an excerpt, at most. */
export const EXCERPT = 160

/** Where a text stands that is a piece of a larger one. */
export interface PiecePlace {
  /** Bytes before it. */
  readonly bytes: number
  /** It begins within a line, which so cannot be quoted whole. */
  readonly beginsWithin?: boolean
  /** It ends within a line. */
  readonly endsWithin?: boolean
  /** What stands behind it, for excerpts. */
  readonly beyond?: string
}

/**
 * Quotes of a text by offset. Lines are found by bisection; a text on one huge line gives excerpts with their byte offset and no line, and so does the line that a
 * piece has only a part of.
 */
export function quoterOf(source: string, text: string, firstLine: number, piece: PiecePlace = { bytes: 0 }): Quoter {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const cache = new Map<number, Quote>()
  const byteOffset = byteOffsets(text)
  const beyond = piece.beyond?.split('\n', 1)[0] ?? ''
  const isPart = (index: number): boolean =>
    (piece.beginsWithin === true && index === 0) || (piece.endsWithin === true && index === starts.length - 1)
  return {
    quote(at) {
      const index = lineIndex(starts, at)
      const known = cache.get(index)
      if (known !== undefined) return known
      const start = starts[index] ?? 0
      const next = starts[index + 1]
      const end = next === undefined ? text.length : next - 1
      // never cut a huge line out: it would cost its length for every quote
      if (end - start > WIDEST_LINE || isPart(index)) {
        const excerpt = text.slice(at, Math.min(end, at + EXCERPT)) + (next === undefined ? beyond : '')
        return { source, line: null, offset: piece.bytes + byteOffset(at), cursor: null, text: excerpt.slice(0, EXCERPT) }
      }
      const line = text.slice(start, end).replace(/\r$/, '')
      const quote = { source, line: firstLine + index, offset: null, cursor: null, text: line }
      cache.set(index, quote)
      return quote
    },
  }
}

const BLOCK = 4096

/** UTF-16 offset → byte offset: the same in ASCII; else by sums over blocks that are made as far as they are asked for. */
function byteOffsets(text: string): (at: number) => number {
  const encoder = new TextEncoder()
  let isAscii: boolean | null = null
  // The halves of a pair take three bytes each where a block's end parts them, four together.
  const isParted = (at: number): boolean => /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1))
  const bytesOf = (from: number, to: number): number => encoder.encode(text.slice(from, to)).length - (from > 0 && isParted(from) ? 2 : 0)
  const sums = [0]
  return (at) => {
    isAscii ??= encoder.encode(text).length === text.length
    if (isAscii) return at
    const block = Math.floor(at / BLOCK)
    while (sums.length <= block) sums.push((sums.at(-1) ?? 0) + bytesOf((sums.length - 1) * BLOCK, sums.length * BLOCK))
    return (sums[block] ?? 0) + bytesOf(block * BLOCK, at)
  }
}

function lineIndex(starts: readonly number[], at: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return low
}
