import { quoteOf } from '../extract/event-base.ts'
import type { LogRecord } from '../model/record.ts'
import type { ProcessSnapshot } from '../model/snapshot.ts'

/** Enough for every process that spoke near a kill; a busy journal has far more. */
const MOST = 512
/** A command line beyond this is cut: it is shown as a name, or whole on request. */
const LONGEST = 4096

/**
 * The processes that wrote the records read, by the journal's own fields (`_PID`, `_COMM`, `_CMDLINE`, systemd.journal-fields(7)): the kernel's line has 15 bytes of
 * a name, these have all. A pid is used again, so of one pid and boot the last telling with a command line stays.
 */
export function openProcesses() {
  const found = new Map<string, ProcessSnapshot>()
  return {
    note(record: LogRecord): void {
      const { fields } = record
      const cmdline = fields['_CMDLINE'] ?? fields['CMDLINE']
      const pid = fields['_PID'] ?? fields['PID']
      if (cmdline === undefined || pid === undefined || record.writer === 'kernel' || !/^\d{1,10}$/.test(pid)) return
      const key = `${record.bootId ?? ''}|${pid}`
      if (!found.has(key) && found.size >= MOST) return
      found.set(key, {
        kind: 'process',
        source: record.origin.source,
        host: record.host,
        bootId: record.bootId,
        pid: Number(pid),
        comm: fields['_COMM'] ?? fields['COMM'] ?? null,
        cmdline: cmdline.slice(0, LONGEST),
        unit: record.unit,
        cgroup: fields['_SYSTEMD_CGROUP'] ?? null,
        quote: quoteOf(record),
      })
    },
    kept: (): ProcessSnapshot[] => [...found.values()],
  }
}
