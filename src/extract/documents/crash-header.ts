import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, pageOf, toldAt } from './page.ts'
import { parseDateLine } from './times.ts'

const FIELD = /^\s*(?<key>KERNEL|DUMPFILE|CPUS|DATE|UPTIME|LOAD AVERAGE|TASKS|NODENAME|RELEASE|VERSION|MACHINE|MEMORY|PANIC): (?<value>.*)$/
/** `3 days, 04:05:06` */
const UPTIME = /^(?:(?<days>\d+) days?, )?(?<hours>\d{1,3}):(?<minutes>\d\d):(?<seconds>\d\d)$/

/** Head of a session of crash(8): when the machine died, how long it had been up, its name. `log` in it is read as a log. */
export const crashHeader: DocumentReader = {
  id: 'crash-session',
  title: 'Session of crash',
  writtenBy: 'crash',
  seen: 'documented',
  mixed: () => true,
  sniff(head) {
    const keys = new Set(firstLines(head, 80).map((line) => FIELD.exec(line)?.groups?.['key']))
    return keys.has('KERNEL') && keys.has('DATE') && keys.has('UPTIME') && keys.has('NODENAME') ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const clock = {
      host: null as string | null,
      bootId: null,
      capturedUs: null as ReturnType<typeof toldAt<number>> | null,
      uptimeSeconds: null as ReturnType<typeof toldAt<number>> | null,
    }
    let stamp: ReturnType<typeof parseDateLine> = null
    let stampIndex = 0
    for (const [index, line] of page.lines.slice(0, 200).entries()) {
      const groups = FIELD.exec(line)?.groups
      const value = groups?.['value']?.trim() ?? ''
      if (groups?.['key'] === 'NODENAME') clock.host ??= value
      if (groups?.['key'] === 'DATE' && stamp === null) {
        stamp = parseDateLine(value)
        stampIndex = index
      }
      const up = groups?.['key'] === 'UPTIME' ? UPTIME.exec(value)?.groups : undefined
      if (up !== undefined) {
        const seconds = Number(up['days'] ?? 0) * 86_400 + Number(up['hours']) * 3600 + Number(up['minutes']) * 60 + Number(up['seconds'])
        clock.uptimeSeconds ??= toldAt(page, index, seconds)
      }
    }
    if (stamp?.epochUs != null) clock.capturedUs = toldAt(page, stampIndex, stamp.epochUs)
    const capturedStamp = stamp !== null && stamp.epochUs === null ? toldAt(page, stampIndex, stamp) : null
    return {
      ...newFacts(),
      snapshots: [{ kind: 'clock', source: document.source, ...clock, capturedStamp, bootUs: null, zone: null, offsetMinutes: null }],
    }
  },
}
