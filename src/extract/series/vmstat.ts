import type { SeriesMetric } from '../../model/series.ts'
import { kib } from '../../units/bytes.ts'
import { nobody } from './collect.ts'
import { lineStream, type SeriesStream } from './define-series-reader.ts'
import { dateLine } from './when.ts'

/** ` r  b   swpd   free   buff  cache   si   so …                 UTC`: the last column's head is the zone (`vmstat -t`; procps vmstat.c). */
export const VMSTAT_HEADER = /^ *r +b +swpd +free +buff +cache +si +so\b.* [A-Z+-][A-Z0-9+-]{1,5}$/
const STAMP = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const METRICS: Readonly<Record<string, SeriesMetric>> = { swpd: 'swap', free: 'free', cache: 'cache' }

/** `vmstat -t SECONDS`, in KiB; there is no column of what is available. */
export function openVmstat(source: string, firstLine = 1): SeriesStream {
  let columns: readonly string[] = []
  let isUtc = false
  return lineStream(source, firstLine, (line, series) => {
    if (VMSTAT_HEADER.test(line.text)) {
      columns = line.text.trim().split(/ +/)
      isUtc = columns.at(-1) === 'UTC'
      return
    }
    const stamp = STAMP.exec(line.text)
    const when = stamp === null ? null : dateLine(stamp[0])
    if (stamp === null || when === null || columns.length === 0) return
    const cells = line.text.slice(0, stamp.index).trim().split(/ +/)
    for (const [name, metric] of Object.entries(METRICS)) {
      const value = Number(cells[columns.indexOf(name)] ?? Number.NaN)
      if (!Number.isFinite(value)) continue
      const clock = isUtc ? 'utc' : when.clock
      series.add(name, () => ({ of: 'node', metric, name: `vmstat ${name}`, subject: nobody, clock }), when.us, kib(value), line.quote)
    }
  })
}
