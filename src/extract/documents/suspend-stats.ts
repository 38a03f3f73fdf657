import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, pageOf, toldAt } from './page.ts'

/** `sys/power/suspend_stats/success` (from 5.3) holds `12`; `sys/kernel/debug/suspend_stats` begins with `success: 12`. */
const PLACE = /(?:^|[/._])suspend_stats(?:[/._]success)?(?:\.txt)?$/
const LINE = /^(?:success: ?)?(?<count>\d{1,9})$/

/** How often a machine slept since its boot: for that long printk's clock stood still, and the one of `/proc/uptime` did not. */
export const suspendStats: DocumentReader = {
  id: 'suspend-stats',
  title: 'How often a machine slept',
  writtenBy: 'the kernel (/sys/power/suspend_stats, /sys/kernel/debug/suspend_stats)',
  seen: 'documented',
  sniff: (head, path) => (PLACE.test(path) && LINE.test(firstLines(head, 1)[0] ?? '') ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    const index = page.lines.findIndex((line) => LINE.test(line))
    const count = LINE.exec(page.lines[index] ?? '')?.groups?.['count']
    if (count !== undefined)
      facts.snapshots.push({
        kind: 'clock',
        source: document.source,
        host: null,
        bootId: null,
        capturedUs: null,
        uptimeSeconds: null,
        bootUs: null,
        zone: null,
        offsetMinutes: null,
        sleeps: toldAt(page, index, Number(count)),
      })
    return facts
  },
}
