import type { LogRecord } from '../../model/record.ts'
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_OPEN } from '../../units/characters.ts'
import { containerWriter, openVoice } from '../author.ts'
import type { FormatContext, LineDecoder, LineFormat } from '../define-format.ts'
import { jsonEntriesDecoder } from '../json-entries.ts'
import { openJsonStream } from '../json-stream.ts'
import { openOrder } from '../order.ts'
import { delimiterOf, openCsv } from './csv.ts'
import { entryRecords } from './entry-records.ts'
import { type FieldMap, fieldMaps } from './field-maps.ts'
import { isMembers, type Members, mapFor, messageOf } from './object-record.ts'
import { plainEntry } from './shapes.ts'
import { isYamlBegin, isYamlEntries, yamlDecoder } from './yaml-entries.ts'

type Shape = 'json' | 'csv' | 'yaml'

/** One format for each row of the table; JSON lines, arrays, documents and CSV are told apart by the decoder. */
export const exportFormats: readonly LineFormat[] = fieldMaps.map((map) => ({
  id: map.id,
  title: map.title,
  writtenBy: map.writtenBy,
  seen: map.seen,
  framing: map.ordered === true ? 'lines' : 'all',
  sniff: (head) => (shapeOf(head) !== null && mapOfHead(head) === map ? (map.id === 'log-export' ? 'weak' : 'strong') : 'none'),
  decoder: (context) => (map.ordered === true ? lineDecoder(context, map) : exportDecoder(context, map)),
}))

/** Heads were just judged by the row before: the last one's verdict is kept, since every row asks the same. */
let lastHead: { readonly head: readonly string[]; readonly first: string | undefined; readonly map: FieldMap | null } | null = null

function mapOfHead(head: readonly string[]): FieldMap | null {
  if (lastHead === null || lastHead.head !== head || lastHead.first !== head[0]) {
    const shape = shapeOf(head)
    lastHead = { head, first: head[0], map: shape === 'csv' ? mapOfCsv(head) : shape === 'yaml' ? mapOfYaml : mapOfJson(head) }
  }
  return lastHead.map
}

/** Of the services only Google's prints its entries in YAML. */
const mapOfYaml = fieldMaps.find(({ id }) => id === 'gcp-logging') as FieldMap

function shapeOf(head: readonly string[]): Shape | null {
  const first = head.find((text) => text.trim() !== '')?.trimStart()
  if (first === undefined) return null
  if (first.startsWith('{') || first.startsWith('[{') || first.startsWith('[ {') || first.trimEnd() === '[') return 'json'
  if (isYamlEntries(head)) return 'yaml'
  return headerOf(first) === null ? null : 'csv'
}

function mapOfJson(head: readonly string[]): FieldMap | null {
  const votes = new Map<FieldMap, number>()
  let entries = 0
  const stream = openJsonStream(({ text, beside }) => {
    if (entries >= 8) return
    entries += 1
    const entry = plainEntry(parse(text), beside)
    const map = entry === null ? null : mapFor(entry)
    if (map !== null) votes.set(map, (votes.get(map) ?? 0) + 1)
  })
  head.forEach((text, index) => {
    if (entries < 8) stream.push({ text, number: index + 1, offset: 0 })
  })
  const [best] = [...votes].sort((a, b) => b[1] - a[1])
  return best !== undefined && best[1] * 2 >= entries ? best[0] : null
}

function mapOfCsv(head: readonly string[]): FieldMap | null {
  const names = headerOf(head.find((text) => text.trim() !== '') as string)
  if (names === null) return null
  const row = Object.fromEntries(names.map((name) => [name, 'x']))
  const map = mapFor(row)
  return map === null || messageOf(row, map) === null ? null : map
}

/** Column names, or `null` when the line is no header: every cell a name, one of them that of a message. */
function headerOf(text: string): readonly string[] | null {
  const delimiter = delimiterOf(text)
  if (delimiter === null || text.length > 4_000) return null
  const names: string[] = []
  openCsv(delimiter, ({ cells }) => names.push(...cells.map((cell) => cell.replace(/^\ufeff/, '').trim()))).push({
    text,
    number: 1,
    offset: 0,
  })
  const isName = (name: string): boolean => /^[@_A-Za-z][\w@. [\]/()-]{0,80}$/.test(name)
  if (names.length < 2 || !names.every(isName)) return null
  return fieldMaps.some((map) => map.message.some((path) => names.includes(path))) ? names : null
}

/** A container's file names it by its path where its lines do not. */
function inPlace(record: LogRecord, { container = {} }: FormatContext): LogRecord {
  if (record.writer !== 'container' || Object.keys(container).length === 0) return record
  const fields = { ...container, ...record.fields }
  return { ...record, writer: containerWriter(fields), fields }
}

/** An object a line: each line alone. */
function lineDecoder(context: FormatContext, map: FieldMap): LineDecoder {
  const voice = openVoice()
  return {
    push(line, emit) {
      const start = line.text.trimStart()
      if (start === '') return true
      const value = start.startsWith('{') ? parse(start) : null
      if (!isMembers(value)) return false
      const items = entryRecords(context, value, fitting(value, map), () => ({ line, raw: line.text }))
      for (const { record } of items) emit(voice(inPlace(record, context)))
      return items.length > 0
    },
    flush: () => {},
  }
}

function exportDecoder(context: FormatContext, map: FieldMap): LineDecoder {
  let out: Parameters<LineDecoder['flush']>[0] = () => {}
  const voice = openVoice()
  const order = openOrder((record) => out(voice(record)))
  let inner: LineDecoder | null = null
  const choose = (text: string): LineDecoder => {
    const first = text.trimStart().charCodeAt(0)
    if (isYamlBegin(text)) return yamlDecoder(context, map, order.push)
    return first === BRACE_OPEN || first === BRACKET_OPEN || first === BRACE_CLOSE
      ? jsonDecoder(context, map, order.push)
      : csvDecoder(context, map, text, order.push)
  }
  return {
    push(line, emit) {
      out = emit
      if (line.text.trim() === '' && inner === null) return true
      inner ??= choose(line.text)
      return inner.push(line, emit)
    },
    flush(emit) {
      out = emit
      inner?.flush(emit)
      order.flush()
    },
  }
}

type Take = ReturnType<typeof openOrder>['push']

function jsonDecoder(context: FormatContext, map: FieldMap, take: Take): LineDecoder {
  return jsonEntriesDecoder(context, (value, { beside }, at) => {
    const entry = plainEntry(value, beside)
    if (entry === null) return []
    for (const item of entryRecords(context, entry, fitting(entry, map), at)) take(item)
    return []
  })
}

/** A file may mix entries of several kinds: the row that was detected goes first when it fits. */
function fitting(entry: Members, map: FieldMap): FieldMap {
  return messageOf(entry, map) === null ? (mapFor(entry) ?? map) : map
}

function csvDecoder(context: FormatContext, map: FieldMap, header: string, take: Take): LineDecoder {
  const delimiter = delimiterOf(header) ?? ','
  let names: readonly string[] | null = null
  const csv = openCsv(delimiter, ({ cells, lines, cellLines }) => {
    if (names === null) {
      names = cells.map((cell) => cell.replace(/^\ufeff/, '').trim())
      return
    }
    const columns = names
    const entry = Object.fromEntries(cells.map((cell, index) => [columns[index] ?? `column${index}`, expanded(cell)]))
    const at =
      map.message.map((path) => columns.indexOf(path)).find((index) => index !== -1 && cells[index] !== '' && cells[index] !== undefined) ??
      0
    const from = cellLines[at] ?? 0
    const count = Math.min(String(cells[at]).split('\n').length, lines.length - from)
    const own = lines.slice(from, from + count)
    const line = own[0]
    if (line === undefined) return
    for (const item of entryRecords(context, entry, map, () => ({ line, raw: own.map(({ text }) => text).join('\n') }), own.length))
      take(item)
  })
  return {
    push(line) {
      csv.push(line)
      return true
    },
    flush: () => csv.flush(),
  }
}

/** A cell that holds an object (Kibana's and GCP's CSV) is read as one. */
function expanded(cell: string): unknown {
  if (!cell.startsWith('{') || !cell.endsWith('}')) return cell
  const value = parse(cell)
  return isMembers(value) ? value : cell
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
