import type { SeriesMetric } from '../../model/series.ts'
import { kib } from '../../units/bytes.ts'
import { nobody, SeriesCollection } from './collect.ts'

const METRICS: Readonly<Record<string, SeriesMetric>> = {
  avail: 'available',
  memfree: 'free',
  memused: 'usage',
  cached: 'cache',
  swpfree: 'swap-free',
  swpused: 'swap',
}

interface Host {
  readonly nodename?: string
  readonly statistics?: readonly Sample[]
}
interface Sample {
  readonly timestamp?: { readonly date?: string; readonly time?: string; readonly utc?: number }
  readonly memory?: Readonly<Record<string, unknown>>
  /** Before 12: apart. */
  readonly 'swap-pages'?: unknown
}

/** `sadf -j FILE -- -r -S`: `{"sysstat":{"hosts":[{"nodename":…,"statistics":[{"timestamp":{"date","time","utc":1},"memory":{"memfree":KiB,"avail":…}}]}]}}` (json_stats.c). */
export function readSadfJson(source: string, text: string): SeriesCollection {
  const series = new SeriesCollection(source)
  for (const { nodename = null, statistics = [] } of hostsIn(text))
    for (const { timestamp, memory = {} } of Array.isArray(statistics) ? statistics : []) {
      const ms = Date.parse(`${timestamp?.date}T${timestamp?.time}Z`)
      const clock = timestamp?.utc === 1 ? 'utc' : 'local'
      for (const [key, metric] of Object.entries(METRICS)) {
        const value = memory[key]
        if (typeof value !== 'number' || Number.isNaN(ms)) continue
        const quote = () => ({
          source,
          line: null,
          offset: null,
          cursor: null,
          text: `${timestamp?.date} ${timestamp?.time} ${key} ${value}`,
        })
        series.add(
          `${nodename} ${key}`,
          () => ({ of: 'node', metric, name: key, subject: { ...nobody, host: nodename }, clock }),
          ms * 1000,
          kib(value),
          quote,
        )
      }
    }
  return series
}

function hostsIn(text: string): readonly Host[] {
  try {
    const hosts = (JSON.parse(text) as { sysstat?: { hosts?: unknown } } | null)?.sysstat?.hosts
    return Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'object' && host !== null) : []
  } catch {
    return []
  }
}
