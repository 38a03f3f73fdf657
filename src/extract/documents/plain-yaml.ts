import { isWithout } from '../../pieces.ts'
import { withoutEnd } from '../../text/ends.ts'
import { LINE_FEED } from '../../units/characters.ts'
import type { Tree } from './tree.ts'

/**
 * The YAML that Kubernetes' own tools write (sigs.k8s.io/yaml, go-yaml): block maps and lists, scalars on one line, literal blocks, folded plain
 * scalars. Some twenty times as fast as a whole YAML parser, and enough for all but hand-written files; whatever is not plain gives `null`, and
 * the parser of the whole language reads it. `base` is added to every offset.
 */
export function parsePlainYaml(text: string, base: number): Tree | null {
  if (isWithout('yaml')) return null
  const cursor: Cursor = { lines: linesOf(text), index: 0, base }
  try {
    skipBlank(cursor)
    const first = cursor.lines[cursor.index]
    if (first === undefined) return null
    const tree = block(cursor, first.indent, base, 0)
    skipBlank(cursor)
    return cursor.index < cursor.lines.length ? null : tree
  } catch (error) {
    if (error === NOT_PLAIN) return null
    throw error
  }
}

interface YamlLine {
  /** Column of the first character that is no blank; after a dash was taken, of what follows it. */
  indent: number
  /** From `indent` on, trailing blanks removed. */
  content: string
  readonly raw: string
  /** Offset of the line. */
  readonly at: number
}

interface Cursor {
  readonly lines: readonly YamlLine[]
  index: number
  readonly base: number
}

const NOT_PLAIN = Symbol('not plain')
const DEEPEST = 100

function linesOf(text: string): YamlLine[] {
  let at = 0
  return text.split('\n').map((line) => {
    const raw = line.endsWith('\r') ? line.slice(0, -1) : line
    const content = raw.trimEnd()
    const indent = content.length - content.trimStart().length
    const result = { indent, content: content.slice(indent), raw, at }
    at += line.length + 1
    return result
  })
}

function skipBlank(cursor: Cursor): void {
  for (let line = cursor.lines[cursor.index]; line !== undefined; line = cursor.lines[cursor.index]) {
    if (line.content !== '' && !line.content.startsWith('#')) return
    cursor.index += 1
  }
}

function block(cursor: Cursor, indent: number, at: number, depth: number): Tree {
  const line = cursor.lines[cursor.index]
  if (line === undefined || depth > DEEPEST || line.raw.slice(0, line.indent).includes('\t')) throw NOT_PLAIN
  if (isItem(line)) return list(cursor, indent, at, depth)
  if (keyOf(line.content) !== null) return map(cursor, indent, at, depth)
  throw NOT_PLAIN
}

const isItem = (line: YamlLine): boolean => line.content === '-' || line.content.startsWith('- ')

function list(cursor: Cursor, indent: number, at: number, depth: number): Tree {
  const items: Tree[] = []
  for (;;) {
    skipBlank(cursor)
    const line = cursor.lines[cursor.index]
    if (line === undefined || line.indent !== indent || !isItem(line)) return { kind: 'list', items, at }
    const rest = line.content.slice(1).trimStart()
    if (rest === '') throw NOT_PLAIN
    line.indent = indent + line.content.length - rest.length
    line.content = rest
    const itemAt = cursor.base + line.at + line.indent
    if (isItem(line) || keyOf(rest) !== null) items.push(block(cursor, line.indent, itemAt, depth + 1))
    else {
      cursor.index += 1
      items.push({ kind: 'scalar', value: scalar(cursor, rest, indent), at: itemAt })
    }
  }
}

function map(cursor: Cursor, indent: number, at: number, depth: number): Tree {
  const entries = new Map<string, Tree>()
  for (;;) {
    skipBlank(cursor)
    const line = cursor.lines[cursor.index]
    if (line === undefined || line.indent < indent || (line.indent === indent && isItem(line))) return { kind: 'map', entries, at }
    const key = line.indent === indent ? keyOf(line.content) : null
    if (key === null) throw NOT_PLAIN
    cursor.index += 1
    entries.set(key.key, value(cursor, key.rest, indent, cursor.base + line.at + indent, depth))
  }
}

/** `key:`, `key: value`, `f:metadata:`; keys in quotes too. */
const KEY =
  /^(?:(?<plain>[^\s"'#&*!|>%@`{}[\],?:-](?:[^:#"'{}[\]]|:(?=[^\s])){0,300}?)|"(?<double>[^"\\]*)"|'(?<single>[^']*)'):(?:\s(?<rest>.*))?$/

/** Keys without quotes that YAML 1.1 takes for a boolean, nothing or a number. */
const OTHER_KEY = /^(?:y|n|yes|no|on|off|true|false|null|~|[\d.+].*)$/i

function keyOf(content: string): { readonly key: string; readonly rest: string } | null {
  const groups = KEY.exec(content)?.groups
  if (groups === undefined || OTHER_KEY.test(groups['plain'] ?? '')) return null
  return { key: groups['plain']?.trimEnd() ?? groups['double'] ?? groups['single'] ?? '', rest: (groups['rest'] ?? '').trimStart() }
}

function value(cursor: Cursor, rest: string, indent: number, at: number, depth: number): Tree {
  if (rest === '{}') return { kind: 'map', entries: new Map(), at }
  if (rest === '[]') return { kind: 'list', items: [], at }
  if (/^\|[-+]?$/.test(rest)) return { kind: 'scalar', value: literal(cursor, rest, indent), at }
  if (rest !== '') return { kind: 'scalar', value: scalar(cursor, rest, indent), at }
  skipBlank(cursor)
  const next = cursor.lines[cursor.index]
  const nested = next !== undefined && (next.indent > indent || (next.indent === indent && isItem(next)))
  return nested ? block(cursor, next.indent, at, depth + 1) : { kind: 'scalar', value: null, at }
}

/** Words that YAML 1.1 takes for booleans and Kubernetes' tools write in quotes. */
const OTHER_BOOLEAN = /^(?:y|n|yes|no|on|off)$/i

function scalar(cursor: Cursor, first: string, indent: number): string | number | boolean | null {
  if (/^["']/.test(first)) return quoted(unfolded(cursor, first, indent))
  if (/^[&*!|>%@`{}[\],?#]|^[-?:](?:\s|$)|:(?:\s|$)|\s#/.test(first)) return notPlain()
  let text = first
  for (
    let line = cursor.lines[cursor.index];
    line !== undefined && line.indent > indent && line.content !== '';
    line = cursor.lines[cursor.index]
  ) {
    if (/:(?:\s|$)|\s#|^#/.test(line.content)) return notPlain()
    text += ` ${line.content}`
    cursor.index += 1
  }
  if (OTHER_BOOLEAN.test(text)) return notPlain()
  if (/^(?:null|Null|NULL|~)$/.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  const number = /^-?(?:0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) && String(number) === text ? number : text
}

const CLOSED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')$/

/** A text in quotes that goes on below, as go-yaml breaks long ones: a line end is a blank. An empty line or a backslash at an end is not plain. */
function unfolded(cursor: Cursor, first: string, indent: number): string {
  let text = first
  while (!CLOSED.test(text)) {
    const line = cursor.lines[cursor.index]
    if (line === undefined || line.indent <= indent || line.content === '' || text.endsWith('\\')) return notPlain()
    text += ` ${line.content}`
    cursor.index += 1
  }
  return text
}

function quoted(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  // A literal tab is legal in YAML's quotes, not in JSON's; other control characters are in neither.
  const escaped = text.replaceAll('\t', '\\t')
  return /^"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"$/u.test(escaped) ? (JSON.parse(escaped) as string) : notPlain()
}

function notPlain(): never {
  throw NOT_PLAIN
}

/** `|`, `|-`, `|+`: lines as they are, without the indentation of the first. */
function literal(cursor: Cursor, header: string, indent: number): string {
  const taken: YamlLine[] = []
  for (let line = cursor.lines[cursor.index]; line !== undefined; line = cursor.lines[cursor.index]) {
    if (line.content !== '' && line.indent <= indent) break
    taken.push(line)
    cursor.index += 1
  }
  const own = taken.find((line) => line.content !== '')?.indent
  if (own === undefined || taken.some((line) => line.raw.slice(0, own).trim() !== '')) return notPlain()
  const body = taken.map((line) => line.raw.slice(own)).join('\n')
  const stripped = withoutEnd(body, (code) => code === LINE_FEED)
  if (header === '|-') return stripped
  return header === '|' ? `${stripped}\n` : notPlain()
}
