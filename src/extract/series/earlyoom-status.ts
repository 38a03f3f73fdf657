import type { SeriesMetric } from '../../model/series.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { Extractor } from '../define-extractor.ts'
import { quoteOf } from '../event-base.ts'
import { nobody, SeriesCollection } from './collect.ts'

/** `mem avail: 22499 of 24105 MiB (93.34%), swap free:    0 of    0 MiB ( 0.00%)`: earlyoom's report every `-r` seconds (main.c print_mem_stats). */
const STATUS = /^mem avail: +(?<available>\d+) of +(?<total>\d+) MiB \(.*\), swap free: +(?<swap>\d+) of +(?<swapTotal>\d+) MiB/

/** The node's memory over time, where earlyoom's log has a stamp on its lines. */
export const earlyoomStatus: Extractor = {
  id: 'earlyoom-status',
  literals: ['mem avail:'],
  open(source) {
    const series = new SeriesCollection(source)
    return {
      push(record) {
        const found = record.message.startsWith('mem avail:') ? STATUS.exec(record.message)?.groups : undefined
        const us = record.moment.wall?.epochUs ?? null
        if (found === undefined || us === null) return
        const put = (metric: SeriesMetric, mib: string | undefined): void => {
          const bytes = bytesOfSize(`${mib} MiB`)
          if (bytes === null) return
          const head = { of: 'node', metric, name: `earlyoom: ${metric}`, subject: { ...nobody, host: record.host }, clock: 'utc' } as const
          series.add(
            `${record.host} ${metric}`,
            () => head,
            us,
            bytes,
            () => quoteOf(record),
          )
        }
        put('available', found['available'])
        put('total', found['total'])
        if (Number(found['swapTotal']) > 0) put('swap-free', found['swap'])
      },
      wantsNext: false,
      end(sink) {
        for (const snapshot of series.snapshots()) sink.snapshot(snapshot)
      },
    }
  },
}
