import { lineStream, type SeriesStream } from './define-series-reader.ts'
import { labelPairs, metricOf, subjectOf } from './prometheus-metrics.ts'
import { usOfStamp } from './stamps.ts'

/**
 * `container_memory_rss{container="app",pod="cart-0"} 5.36870912e+08 1764000000000`: the exposition format of cAdvisor and exporters with stamps in ms,
 * OpenMetrics with stamps in seconds, and `{__name__="container_memory_rss", …} 536870912 1764000000000`, as `promtool tsdb dump` prints it.
 */
const SAMPLE =
  /^(?<name>[a-zA-Z_:][\w:]*)?(?:\{(?<labels>(?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})? (?<value>[-+.\deE]+) (?<at>-?[\d.eE+]+)(?: # .*)?$/

/** One of these stands in the name of all that is read. */
const WORDS = ['memory', 'heap', 'resource', 'restarts', 'oom'] as const

/** Samples without a stamp of their own are of no moment, and are not taken. */
export function openPrometheusText(source: string, firstLine = 1): SeriesStream {
  const known = new Map<string, { labels: Record<string, string>; metric: ReturnType<typeof metricOf> }>()
  return lineStream(source, firstLine, (line, series) => {
    if (!WORDS.some((word) => line.text.includes(word))) return
    const found = SAMPLE.exec(line.text)?.groups
    if (found === undefined) return
    const key = `${found['name'] ?? ''}{${found['labels'] ?? ''}}`
    const entry = known.get(key) ?? parsed(found)
    if (known.size < 50_000) known.set(key, entry)
    const at = Number(found['at'])
    const bytes = Number(found['value'])
    const { metric, labels } = entry
    if (metric === null || !(bytes >= 0)) return
    const us = usOfStamp(at)
    series.add(key, () => ({ ...metric, subject: subjectOf(labels), clock: 'utc' }), us, bytes, line.quote)
  })
}

function parsed(found: Record<string, string>): { labels: Record<string, string>; metric: ReturnType<typeof metricOf> } {
  const labels = labelPairs(found['name'], found['labels'] ?? '')
  return { labels, metric: metricOf(labels) }
}
