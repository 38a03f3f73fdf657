import type { Quote } from '../../model/origin.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import { nobody, SeriesCollection, type SeriesHead } from './collect.ts'
import { lineStream, type SeriesStream } from './define-series-reader.ts'
import { LEAST_BYTES, labelsIn, metricOf, subjectOf, UNNAMED } from './prometheus-metrics.ts'
import { usOfStamp } from './stamps.ts'

type Known = Pick<SeriesHead, 'of' | 'metric' | 'name' | 'subject'>

/** What a column's title tells: labels as Prometheus shows them, else the legend that somebody gave it, a pod's name as a rule, or `namespace/pod/container`. */
function knownOf(title: string): Known | null {
  const labels = labelsIn(title)
  if (labels !== null) {
    const metric = metricOf(labels)
    return metric === null ? null : { ...metric, subject: subjectOf(labels) }
  }
  const parts = title.trim().split('/')
  const [namespace, pod, container] = parts.length === 3 ? parts : [null, parts[0], parts[1]]
  if (parts.length > 3 || pod === undefined || pod === null || !/^[a-z0-9][\w.-]*$/i.test(pod)) return null
  const subject = { ...nobody, namespace: namespace ?? null, pod, container: container ?? null }
  return { of: container === undefined ? 'pod' : 'container', metric: 'usage', name: UNNAMED, subject }
}

/** `"Time","{container=""app"", pod=""cart-0""}"`, `2026-11-24 06:30:00,483 MiB`: a panel's data as CSV, one column a series; the stamps are those of the browser. */
export const GRAFANA_CSV = /^"?Time"?[,;]/

export function openGrafanaCsv(source: string, firstLine = 1): SeriesStream {
  let columns: readonly (Known | null)[] | null = null
  let separator = ','
  return lineStream(source, firstLine, (line, series) => {
    if (columns === null) {
      if (!GRAFANA_CSV.test(line.text)) return
      separator = line.text.includes(';') && !line.text.includes(',') ? ';' : ','
      columns = cellsOf(line.text, separator).slice(1).map(knownOf)
      return
    }
    const [stamp = '', ...cells] = cellsOf(line.text, separator)
    const when = whenOf(stamp)
    if (when === null) return
    for (const [index, cell] of cells.entries()) {
      const known = columns[index] ?? null
      const bytes = /^[\d.eE+]+$/.test(cell) ? Number(cell) : bytesOfSize(cell, 'decimal')
      if (known === null || bytes === null || !(bytes >= LEAST_BYTES)) continue
      series.add(String(index), () => ({ ...known, clock: when.clock }), when.us, bytes, line.quote)
    }
  })
}

/** RFC 4180: quotes around a cell are doubled inside of it. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string
    if (char === '"' && quoted && line[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (char === '"') quoted = !quoted
    else if (char === separator && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  return [...cells, cell]
}

const WALL = /^(?<date>\d{4}-\d\d-\d\d)[ T](?<time>\d\d:\d\d:\d\d)(?<zone>Z|[+-]\d\d:?\d\d)?/

function whenOf(text: string): { us: number; clock: 'utc' | 'local' } | null {
  if (/^\d{10,19}(?:\.\d{1,9})?$/.test(text)) return { us: usOfStamp(Number(text)), clock: 'utc' }
  const found = WALL.exec(text)?.groups
  if (found === undefined) return null
  const ms = Date.parse(`${found['date']}T${found['time']}${found['zone'] ?? 'Z'}`)
  return Number.isNaN(ms) ? null : { us: ms * 1000, clock: found['zone'] === undefined ? 'local' : 'utc' }
}

interface Field {
  readonly name?: string
  readonly type?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly values?: unknown
  readonly config?: { readonly displayNameFromDS?: string }
}

/** A data frame as the panel inspector writes it (`fields[].values`) or as `/api/ds/query` answers (`schema.fields`, `data.values`). */
export function grafanaFrames(source: string, text: string): SeriesCollection {
  const series = new SeriesCollection(source)
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return series
  }
  let n = 0
  for (const frame of framesIn(root, 0)) {
    const time = frame.find(({ type }) => type === 'time')
    for (const field of frame.filter(({ type }) => type === 'number')) {
      n += 1
      const known = field.labels === undefined ? knownOf(field.config?.displayNameFromDS ?? field.name ?? '') : ofLabels(field)
      if (time !== undefined && known !== null) addAll(series, `${n}`, known, listOf(time.values), listOf(field.values), source)
    }
  }
  return series
}

function ofLabels({ name, labels = {} }: Field): Known | null {
  const all =
    labels['__name__'] === undefined && name !== undefined && /^[a-z][\w:]*$/i.test(name) && name !== 'Value'
      ? { __name__: name, ...labels }
      : labels
  const metric = metricOf(all)
  return metric === null ? null : { ...metric, subject: subjectOf(all) }
}

function addAll(
  series: SeriesCollection,
  key: string,
  known: Known,
  times: readonly unknown[],
  values: readonly unknown[],
  source: string,
): void {
  const quote = (): Quote => ({
    source,
    line: null,
    offset: null,
    cursor: null,
    text: `${known.name} of ${known.subject.pod ?? known.subject.host ?? ''}: ${values.length} samples`,
  })
  for (const [index, value] of values.entries()) {
    const at = times[index]
    if (typeof at !== 'number' || typeof value !== 'number' || (known.name === UNNAMED && value < LEAST_BYTES)) continue
    series.add(key, () => ({ ...known, clock: 'utc' }), usOfStamp(at), value, quote)
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const DEEPEST = 8

function framesIn(value: unknown, depth: number): Field[][] {
  if (depth > DEEPEST || !isObject(value)) return []
  if (Array.isArray(value)) return value.flatMap((one) => framesIn(one, depth + 1))
  const { schema, data, fields } = value
  if (isObject(schema) && isObject(data)) {
    const columns = listOf(data['values'])
    return [
      listOf(schema['fields'])
        .filter(isObject)
        .map((field, index) => ({ ...field, values: columns[index] })),
    ]
  }
  if (Array.isArray(fields)) return [fields.filter(isObject)]
  return Object.values(value).flatMap((one) => framesIn(one, depth + 1))
}
