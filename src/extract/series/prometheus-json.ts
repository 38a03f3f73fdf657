import type { Quote } from '../../model/origin.ts'
import { SeriesCollection } from './collect.ts'
import type { SeriesStream } from './define-series-reader.ts'
import { LEAST_BYTES, metricOf, subjectOf, UNNAMED } from './prometheus-metrics.ts'
import { usOfStamp } from './stamps.ts'

/** `[1764000000.123,"536870912"]` of `values` and `value`; what passed through other programs has lost the quotes. */
const SAMPLE = /\s*\[\s*(?<at>-?[\d.eE+]+)\s*,\s*(?:"(?<value>[^"]*)"|(?<bare>[^"\],\s]+))\s*\]\s*(?<more>,?)/y
/** VictoriaMetrics' `/api/v1/export`: `"values":[1,2],"timestamps":[1764000000000,1764000030000]`, a series a line. */
const COLUMNS = /(?<values>[^[\]"]*)\]\s*,\s*"timestamps"\s*:\s*\[(?<stamps>[^[\]"]*)\]/y
/** `"metric":{…}` begins a series of `query` and `query_range`; its labels are strings, so that a brace ends it unless it stands in one. */
const METRIC = /"metric"\s*:\s*(?<labels>\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\})/g
const VALUES = /\s*,\s*"(?:values"\s*:\s*\[|value"\s*:)/y
/** No sample and no set of labels is longer: what does not end within it is broken. */
const LONGEST = 16_384
/** A line of an export holds 10,000 samples or so. */
const LONGEST_EXPORT = 4_194_304

/**
 * Reads the answer of Prometheus' `query` or `query_range` in pieces: `{"data":{"result":[{"metric":{…},"values":[[t,"v"],…]},…]}}` (web/api/v1,
 * prometheus/common model), or of VictoriaMetrics' export. What is cut off or broken costs its own series only.
 */
export function openPrometheusJson(source: string): SeriesStream {
  const series = new SeriesCollection(source)
  let text = ''
  let offset = 0
  let open: Open | null = null
  const drop = (to: number): void => {
    offset += to
    text = text.slice(to)
  }
  const step = (ended: boolean): boolean => {
    if (open !== null) return takeSamples(ended)
    METRIC.lastIndex = 0
    const found = METRIC.exec(text)
    if (found === null) {
      drop(Math.max(0, text.length - LONGEST))
      return false
    }
    const end = found.index + found[0].length
    VALUES.lastIndex = end
    const values = VALUES.exec(text)
    if (values === null && !ended && text.length - end < 64) return false
    open = values === null ? null : opened(source, found, offset + found.index)
    drop(values === null ? end : VALUES.lastIndex)
    return true
  }
  const takeColumns = (ended: boolean): boolean => {
    COLUMNS.lastIndex = 0
    const found = COLUMNS.exec(text)?.groups
    if (found === undefined && !ended && text.length < LONGEST_EXPORT) return false
    const stamps = (found?.['stamps'] ?? '').split(',')
    for (const [index, value] of (found?.['values'] ?? '').split(',').entries())
      if (open?.known != null && found !== undefined) add(series, open, { at: stamps[index] ?? '', value })
    open = null
    drop(found === undefined ? 1 : COLUMNS.lastIndex)
    return true
  }
  const takeSamples = (ended: boolean): boolean => {
    if (/^\s*[\d.eE+-]/.test(text)) return takeColumns(ended)
    let at = 0
    for (;;) {
      SAMPLE.lastIndex = at
      const found = SAMPLE.exec(text)
      // a comma may follow in the next piece
      if (found === null || (SAMPLE.lastIndex === text.length && !ended)) break
      if (open?.known != null) add(series, open, found.groups ?? {})
      at = SAMPLE.lastIndex
      if (found.groups?.['more'] === '') {
        open = null
        break
      }
    }
    const stuck = open !== null && (ended || text.length - at > LONGEST)
    if (stuck) open = null
    drop(at)
    return open === null && text.length > 0
  }
  return {
    push(piece) {
      text += piece
      while (step(false));
    },
    end() {
      while (step(true));
      return series
    },
  }
}

interface Open {
  readonly key: string
  readonly labels: Readonly<Record<string, string>>
  readonly known: ReturnType<typeof metricOf>
  readonly quote: () => Quote
}

function opened(source: string, found: RegExpExecArray, offset: number): Open | null {
  const text = found.groups?.['labels'] ?? '{}'
  // not `found` itself, which holds all that was searched
  const head = found[0].slice(0, 400)
  const labels = labelsOf(text)
  return {
    key: text,
    labels,
    known: metricOf(labels),
    quote: () => ({ source, line: null, offset, cursor: null, text: head }),
  }
}

function labelsOf(text: string): Record<string, string> {
  try {
    return JSON.parse(text) as Record<string, string>
  } catch {
    return {}
  }
}

const numberIn = (text: string | undefined): number => (text === undefined || text.trim() === '' ? Number.NaN : Number(text))

function add(
  series: SeriesCollection,
  { key, labels, known, quote }: Open,
  { at, bare, value = bare }: Record<string, string | undefined>,
): void {
  const us = usOfStamp(numberIn(at))
  const bytes = numberIn(value)
  if (known === null || !Number.isFinite(us) || !Number.isFinite(bytes) || bytes < 0) return
  if (known.name === UNNAMED && bytes < LEAST_BYTES) return
  series.add(key, () => ({ ...known, subject: subjectOf(labels), clock: 'utc' }), us, bytes, quote)
}
