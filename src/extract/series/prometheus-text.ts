import { lineStream, type SeriesStream } from './define-series-reader.ts'
import { metricOf, subjectOf } from './prometheus-metrics.ts'

/**
 * `container_memory_rss{container="app",pod="cart-0"} 5.36870912e+08 1764000000000`: the exposition format of cAdvisor and exporters with stamps in ms,
 * OpenMetrics with stamps in seconds, and `{__name__="container_memory_rss", …} 536870912 1764000000000`, as `promtool tsdb dump` prints it.
 */
const SAMPLE =
  /^(?<name>[a-zA-Z_:][\w:]*)?(?:\{(?<labels>(?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})? (?<value>[-+.\deE]+) (?<at>-?[\d.eE+]+)(?: # .*)?$/
const LABEL = /(?<key>\b[a-zA-Z_]\w{0,200})="(?<value>(?:[^"\\]|\\.)*)"/g
/** Stamps above are ms: seconds reach it in the year 5138. */
const MILLISECONDS_FROM = 1e11

/** Samples without a stamp of their own are of no moment, and are not taken. */
export function openPrometheusText(source: string, firstLine = 1): SeriesStream {
  const known = new Map<string, { labels: Record<string, string>; metric: ReturnType<typeof metricOf> }>()
  return lineStream(source, firstLine, (line, series) => {
    if (!line.text.includes('memory') && !line.text.includes('heap')) return
    const found = SAMPLE.exec(line.text)?.groups
    if (found === undefined) return
    const key = `${found['name'] ?? ''}{${found['labels'] ?? ''}}`
    const entry = known.get(key) ?? parsed(found)
    if (known.size < 50_000) known.set(key, entry)
    const at = Number(found['at'])
    const bytes = Number(found['value'])
    const { metric, labels } = entry
    if (metric === null || !(bytes >= 0)) return
    const us = Math.round(at * (at > MILLISECONDS_FROM ? 1e3 : 1e6))
    series.add(key, () => ({ ...metric, subject: subjectOf(labels), clock: 'utc' }), us, bytes, line.quote)
  })
}

function parsed(found: Record<string, string>): { labels: Record<string, string>; metric: ReturnType<typeof metricOf> } {
  const labels: Record<string, string> = found['name'] === undefined ? {} : { __name__: found['name'] }
  for (const { groups } of (found['labels'] ?? '').matchAll(LABEL))
    labels[groups?.['key'] ?? ''] = (groups?.['value'] ?? '').replace(/\\(.)/g, '$1')
  return { labels, metric: metricOf(labels) }
}
