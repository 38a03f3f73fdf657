import type { FormatContext, Line, LineDecoder } from '../define-format.ts'
import type { PlacedLine } from '../json-entries.ts'
import type { openOrder } from '../order.ts'
import { entryRecords } from './entry-records.ts'
import type { FieldMap } from './field-maps.ts'
import type { Members } from './object-record.ts'

/** Keys of a LogEntry (cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry) at the left edge, as `gcloud logging read` prints unasked. */
const own = /^(?:insertId|logName|textPayload|jsonPayload|protoPayload|resource|receiveTimestamp|timestamp|severity|labels):(?:\s|$)/

export const isYamlBegin = (text: string): boolean => text.trimEnd() === '---' || own.test(text)

/** Whether a text begins as entries in YAML: their list is parted by `---`. */
export function isYamlEntries(head: readonly string[]): boolean {
  const first = head.find((text) => text.trim() !== '')
  if (first === undefined || !isYamlBegin(first)) return false
  const keys = new Set(head.flatMap((text) => own.exec(text)?.[0].trim() ?? []))
  return keys.size >= 3 && (keys.has('timestamp:') || keys.has('insertId:')) && [...keys].some((key) => key.endsWith('Payload:'))
}

/** A value that is no map, with the lines (by their index in the entry) that it stands on. */
interface Scalar {
  readonly value: string
  readonly from: number
  readonly to: number
}

const member = /^(?<indent> *)(?<key>[\w./@-]+|'[^']*'|"[^"]*"):(?: +(?<value>\S.*))?$/
/** Deeper maps are no log entry's. */
const deepest = 8

/** The maps and texts of one entry; lists and what else YAML has are passed over. */
function entryOf(lines: readonly string[]): { readonly entry: Members; readonly scalars: readonly Scalar[] } {
  const root: Record<string, unknown> = {}
  const scalars: Scalar[] = []
  const open: { indent: number; map: Record<string, unknown> }[] = [{ indent: -1, map: root }]
  for (let at = 0; at < lines.length; at += 1) {
    const groups = member.exec(lines[at] as string)?.groups
    if (groups === undefined) continue
    const indent = (groups['indent'] as string).length
    while (open.length > 1 && indent <= (open.at(-1) as { indent: number }).indent) open.pop()
    const map = (open.at(-1) as { map: Record<string, unknown> }).map
    const key = (groups['key'] as string).replace(/^['"]|['"]$/g, '')
    const { value } = groups
    if (value === undefined) {
      const inner: Record<string, unknown> = {}
      map[key] = inner
      if (open.length < deepest) open.push({ indent, map: inner })
      continue
    }
    let to = at + 1
    while (to < lines.length && (lines[to] as string).search(/\S/) > indent) to += 1
    const text = textOf([value, ...lines.slice(at + 1, to)])
    map[key] = text
    scalars.push({ value: text, from: at, to })
    at = to - 1
  }
  return { entry: root, scalars }
}

/** A text as it was: quoted, plain and folded over several lines, or a block of lines. */
function textOf([first = '', ...rest]: readonly string[]): string {
  const whole = [first, ...rest.map((line) => line.trim())].join(' ').trimEnd()
  if (/^[|>][+-]?\d?$/.test(first)) {
    const depth = Math.min(...rest.map((line) => line.search(/\S/)))
    return rest.map((line) => line.slice(depth)).join(first.startsWith('|') ? '\n' : ' ')
  }
  if (first.startsWith("'")) return whole.replace(/^'|'$/g, '').replaceAll("''", "'")
  if (!first.startsWith('"')) return whole
  try {
    return String(JSON.parse(whole.replace(/\\ ?(?= )/g, '')))
  } catch {
    return whole.replace(/^"|"$/g, '')
  }
}

export function yamlDecoder(context: FormatContext, map: FieldMap, take: ReturnType<typeof openOrder>['push']): LineDecoder {
  let lines: Line[] = []
  const close = (): void => {
    const done = lines
    lines = []
    const texts = done.map(({ text }) => text.trimEnd())
    const { entry, scalars } = entryOf(texts)
    const placed = (message: string): PlacedLine => {
      const { from, to } = scalars.find(({ value }) => value === message) ?? { from: 0, to: 1 }
      return { line: done[from] as Line, raw: texts.slice(from, to).join('\n') }
    }
    if (done.length > 0) for (const item of entryRecords(context, entry, map, placed)) take(item)
  }
  return {
    push(line) {
      if (line.text.trimEnd() === '---') close()
      else lines.push(line)
      return true
    },
    flush: close,
  }
}
