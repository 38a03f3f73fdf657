import { BACKSLASH, BYTE_ORDER_MARK, LINE_FEED, RECORD_SEPARATOR, RETURN, SPACE, TAB } from '../../units/characters.ts'
import type { Tree } from './tree.ts'

/**
 * Reads the JSON objects of a text one after the other: a single object, an array, a stream of documents without separators
 * (`kubectl cluster-info dump`) with other text between them. Items of a List (`items: […]` of the outermost object) are handed over one by
 * one, so that a list of any length needs the memory of one item. What is cut off is given as far as it stands.
 */
export interface JsonSink {
  object(tree: Tree): void
  /** Broken at this offset. */
  broken(at: number, reason: string): void
}

interface Cursor {
  readonly text: string
  at: number
  broken: string | null
}

/** Deeper nesting than any object of Kubernetes: a guard of the stack. */
const DEEPEST = 200
const LOG_BLOCK = '==== START logs'
const LOG_BLOCK_END = '==== END logs'

export function readJsonStream(text: string, sink: JsonSink): void {
  const cursor: Cursor = { text, at: 0, broken: null }
  while (nextDocument(cursor)) {
    const start = cursor.at
    if (text.charCodeAt(start) === BRACKET) readList(cursor, sink)
    else readOutermost(cursor, sink)
    if (cursor.broken === null) continue
    sink.broken(cursor.at, cursor.broken)
    cursor.broken = null
    cursor.at = Math.max(cursor.at, start + 1)
    // After a break only a new document at the start of a line is trusted.
    const next = text.slice(cursor.at).search(/\n[{[]/)
    if (next === -1) return
    cursor.at += next + 1
  }
}

/** The same of the objects between these places of a text: begins and ends, by turns. */
export function readJsonObjects(text: string, spans: Int32Array, sink: JsonSink): void {
  for (let span = 0; span < spans.length; span += 2) {
    const cursor: Cursor = { text, at: spans[span] as number, broken: null }
    readOutermost(cursor, sink)
    if (cursor.broken !== null) sink.broken(cursor.at, cursor.broken)
  }
}

/** Says how a document is broken that is cut off behind its last whole item. */
export function readJsonRest(
  text: string,
  { at, of }: { readonly at: number; readonly of: 'items' | 'end' | 'keys' },
  sink: JsonSink,
): void {
  const cursor: Cursor = { text, at, broken: null }
  if (of === 'items') eachItem(cursor, (item) => sink.object(item), 2)
  else if (of === 'keys') readEntries(cursor, 1)
  else {
    cursor.at = text.length
    fail(cursor, 'a list has no end')
  }
  if (cursor.broken !== null) sink.broken(cursor.at, cursor.broken)
}

const BRACE = 123
const BRACKET = 91
const QUOTE = 34

/** Moves to the next `{` or `[` at the start of a line or after a document; passes by the log blocks of a cluster-info dump. */
function nextDocument(cursor: Cursor): boolean {
  for (;;) {
    skipSpace(cursor)
    const { text, at } = cursor
    if (at >= text.length) return false
    const code = text.charCodeAt(at)
    if (code === BRACE || code === BRACKET) return true
    if (text.startsWith(LOG_BLOCK, at)) {
      const end = text.indexOf(LOG_BLOCK_END, at)
      if (end === -1) return false
      cursor.at = end
    }
    const newline = text.indexOf('\n', cursor.at)
    if (newline === -1) return false
    cursor.at = newline + 1
  }
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor
  for (; cursor.at < text.length; cursor.at += 1) {
    const code = text.charCodeAt(cursor.at)
    // space, tab, LF, CR, the separator of json-seq and a byte order mark
    if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB && code !== RECORD_SEPARATOR && code !== BYTE_ORDER_MARK)
      return
  }
}

function readList(cursor: Cursor, sink: JsonSink): void {
  eachItem(cursor, (item) => sink.object(item), 1)
}

function eachItem(cursor: Cursor, give: (item: Tree) => void, depth: number): void {
  cursor.at += 1
  for (;;) {
    skipSpace(cursor)
    if (cursor.text[cursor.at] === ']') {
      cursor.at += 1
      return
    }
    const item = readValue(cursor, depth, cursor.at)
    if (item !== null) give(item)
    if (cursor.broken !== null) return
    skipSpace(cursor)
    const next = cursor.text[cursor.at]
    if (next === ',') cursor.at += 1
    else if (next !== ']') {
      fail(cursor, 'a list has no end')
      return
    }
  }
}

function readOutermost(cursor: Cursor, sink: JsonSink): void {
  const at = cursor.at
  let streamed = false
  const entries = readEntries(cursor, 1, (key) => {
    if (key !== 'items' || cursor.text.charCodeAt(cursor.at) !== BRACKET) return false
    streamed = true
    eachItem(cursor, (item) => sink.object(item), 2)
    return true
  })
  if (!streamed) sink.object({ kind: 'map', entries, at })
}

function readEntries(cursor: Cursor, depth: number, special?: (key: string) => boolean): Map<string, Tree> {
  const entries = new Map<string, Tree>()
  cursor.at += 1
  for (;;) {
    skipSpace(cursor)
    const next = cursor.text[cursor.at]
    if (next === '}') {
      cursor.at += 1
      return entries
    }
    if (next === ',') {
      cursor.at += 1
      continue
    }
    const keyAt = cursor.at
    const key = next === '"' ? readString(cursor) : null
    if (key === null) return failWith(cursor, 'a key is missing', entries)
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== ':') return failWith(cursor, 'a value is missing', entries)
    cursor.at += 1
    skipSpace(cursor)
    if (special?.(key) !== true) {
      const value = readValue(cursor, depth, keyAt)
      if (value !== null) entries.set(key, value)
    }
    if (cursor.broken !== null) return entries
  }
}

function readValue(cursor: Cursor, depth: number, at: number): Tree | null {
  const code = cursor.text.charCodeAt(cursor.at)
  if (depth > DEEPEST) return failWith(cursor, 'nested too deeply', null)
  if (code === BRACE) return { kind: 'map', entries: readEntries(cursor, depth + 1), at }
  if (code === BRACKET) {
    const items: Tree[] = []
    eachItem(cursor, (item) => items.push(item), depth + 1)
    return { kind: 'list', items, at }
  }
  if (code === QUOTE) {
    const value = readString(cursor)
    return value === null ? null : { kind: 'scalar', value, at }
  }
  return readWord(cursor, at)
}

const WORD = /[-+.\w]+/y

function readWord(cursor: Cursor, at: number): Tree | null {
  WORD.lastIndex = cursor.at
  const word = WORD.exec(cursor.text)?.[0]
  if (word === undefined) return failWith(cursor, 'a value is missing', null)
  const value = word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : Number(word)
  if (typeof value === 'number' && Number.isNaN(value)) return failWith(cursor, `“${word.slice(0, 20)}” is no value`, null)
  cursor.at += word.length
  return { kind: 'scalar', value, at }
}

/** A string in quotes; the engine's own parser undoes escapes. */
function readString(cursor: Cursor): string | null {
  const { text } = cursor
  const start = cursor.at
  let escaped = false
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes > 0) escaped = true
    if (slashes % 2 === 1) continue
    cursor.at = at + 1
    const raw = text.slice(start + 1, at)
    return escaped || raw.includes('\\') ? unescapeJson(raw) : raw
  }
  cursor.at = text.length
  return failWith(cursor, 'a string has no end', null)
}

function unescapeJson(raw: string): string {
  try {
    return JSON.parse(`"${raw.replace(/[\n\r\t]/g, ' ')}"`) as string
  } catch {
    return raw
  }
}

function fail(cursor: Cursor, reason: string): void {
  cursor.broken ??= reason
}

function failWith<T>(cursor: Cursor, reason: string, value: T): T {
  fail(cursor, reason)
  return value
}
