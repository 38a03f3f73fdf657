import { BACKSLASH, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, COLON, COMMA, QUOTE } from '../units/characters.ts'
import type { Line } from './define-format.ts'

/** One entry cut out of a JSON text: its own text and the physical lines it stands on. */
export interface JsonEntry {
  readonly text: string
  readonly lines: readonly Line[]
  /** Small values that stood beside the list of entries: `stream` labels (Loki), `columns` (Azure), the stream's name (CloudWatch). */
  readonly beside: Readonly<Record<string, unknown>>
}

/**
 * Names of the lists whose elements are entries. `hits.hits` (Elasticsearch), `events` (CloudWatch), `result[].values` (Loki), `tables[].rows`
 * (Azure), `results` (CloudWatch Insights, Splunk), `data` (Datadog), `messages` (Graylog), `dmesg` (dmesg -J).
 */
const entryLists = new Set([
  'dmesg',
  'hits',
  'events',
  'values',
  'rows',
  'results',
  'data',
  'entries',
  'messages',
  'logs',
  'records',
  'resourceLogs',
])
/** Lists whose elements are entries although what holds them stands in such a list itself: New Relic's `results[].events[]`, OpenTelemetry's logs. */
const innerLists = new Set(['events', 'scopeLogs', 'logRecords'])
/** What stands before such a list in its frame is short, and says nothing by itself. */
const frameLength = 4_000
const says = /"(?:message|Message|MESSAGE|msg|log|text|_raw)"\s*:/
/** Values kept beside. */
const keptBeside = new Set(['stream', 'columns', 'logStreamName', 'logGroupName', 'logGroup', 'logStream'])
/** An entry longer than this is given up: no log line is. */
const entryLength = 16_777_216

interface Level {
  readonly array: boolean
  /** Key under which this level stands in its parent object, `''` in a list or at the root. */
  readonly key: string
  /** Its elements are entries. */
  readonly holdsEntries: boolean
}

/**
 * Cuts JSON text into entries without holding the document: one object after another, pretty or not, an array of them, or a document whose entries
 * lie in one of the known lists. Bytes between and around are skipped.
 */
export function openJsonStream(take: (entry: JsonEntry) => void): { push(line: Line): void; readonly inside: boolean } {
  const stack: Level[] = []
  let capture: { depth: number; parts: string[]; length: number; lines: Line[]; key: string; entry: boolean } | null = null
  let beside: Record<string, unknown> = {}
  let inString = false
  let escaped = false
  let key = ''
  let lastString = ''

  const begin = (line: Line, entry: boolean, own: string): void => {
    capture = { depth: stack.length, parts: [], length: 0, lines: [line], key: own, entry }
  }
  const finish = (): void => {
    const done = capture
    capture = null
    if (done === null || done.length > entryLength) return
    const text = done.parts.join('\n')
    if (done.entry) take({ text, lines: done.lines, beside })
    else beside = { ...beside, [done.key]: parsed(text) }
  }

  /** The entry that is being read turns out to be a frame, too. `rest`: of its text, what is not kept yet. */
  const isInnerFrame = (own: string, rest: string): boolean => {
    if (capture === null || !innerLists.has(own) || stack.length !== capture.depth + 1) return false
    return capture.length + rest.length < frameLength && !says.test([...capture.parts, rest].join('\n'))
  }

  const push = (line: Line): void => {
    const { text } = line
    let from = 0
    let stringFrom = 0
    if (capture !== null && capture.lines.at(-1) !== line) capture.lines.push(line)
    for (let at = 0; at < text.length; at += 1) {
      const c = text.charCodeAt(at)
      if (inString) {
        if (escaped) escaped = false
        else if (c === BACKSLASH) escaped = true
        else if (c === QUOTE) {
          inString = false
          lastString = at - stringFrom < 200 ? text.slice(stringFrom, at) : ''
        }
        continue
      }
      if (c === QUOTE) {
        inString = true
        stringFrom = at + 1
      } else if (c === COLON) key = lastString
      else if (c === COMMA) key = ''
      else if (c === BRACE_OPEN || c === BRACKET_OPEN) {
        const parent = stack.at(-1)
        const own = parent === undefined || parent.array ? '' : key
        const array = c === BRACKET_OPEN
        const isList = array && (parent === undefined || (!parent.array && (entryLists.has(own) || innerLists.has(own))))
        const isEntry = parent === undefined ? !array : parent.holdsEntries
        // A root object turns out to be the frame around a list.
        if (isList && capture?.entry === true && (capture.depth === 0 ? stack.length < 6 : isInnerFrame(own, text.slice(from, at)))) {
          beside = besideIn([...capture.parts, text.slice(from, at)].join('\n'))
          capture = null
        }
        if (capture === null && (isEntry || keptBeside.has(own))) {
          begin(line, isEntry, own)
          from = at
        }
        stack.push({ array, key: own, holdsEntries: isList && capture === null })
        key = ''
      } else if (c === BRACE_CLOSE || c === BRACKET_CLOSE) {
        stack.pop()
        key = ''
        if (capture !== null && (capture as { depth: number }).depth === stack.length) {
          const open = capture as { parts: string[]; length: number }
          open.parts.push(text.slice(from, at + 1))
          open.length += at + 1 - from
          finish()
        }
        if (stack.length === 0) beside = {}
      }
    }
    if (capture !== null) {
      const open = capture as { parts: string[]; length: number }
      open.length += text.length - from + 1
      if (open.length <= entryLength) open.parts.push(text.slice(from))
      else open.parts.length = 0
    }
    // A raw line break ends no string in valid JSON: after damage, start again at the next line that begins an object.
    if (inString) {
      inString = false
      escaped = false
    }
  }
  return {
    push,
    get inside() {
      return stack.length > 0
    },
  }
}

/** Values to be kept in the text of a frame as far as it was read. */
function besideIn(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of keptBeside) {
    const at = text.lastIndexOf(`"${name}"`)
    const value = at === -1 ? '' : text.slice(at + name.length + 2).replace(/^\s*:\s*/, '')
    const end = value.startsWith('{') ? value.indexOf('}') : value.startsWith('[') ? value.lastIndexOf(']') : -1
    if (end !== -1) found[name] = parsed(value.slice(0, end + 1))
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
