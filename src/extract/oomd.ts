import type { UserspaceKillEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { numberOf } from './event-base.ts'
import { killEvent } from './kill-event.ts'
import { lineExtractor } from './line-extractor.ts'

/**
 * Facebook's oomd writes to /dev/kmsg (BaseKillPlugin): `oomd kill: 10.00 60.00 600.00 system.slice/x.service 536870912 ruleset:[R] detectorgroup:[D]
 * killer:kill_by_memory_size_or_growth v2`: pressure averages, cgroup, bytes; `(dry)` when it only would have.
 */
const killShape =
  /^oomd kill(?: \(dry\))?: (?:\(dry\) ?)?(?<pressure>[\d.]+ [\d.]+ [\d.]+) (?<cgroup>\S.*?) (?<bytes>\d+) ruleset:\[(?<ruleset>[^\]]*)\] (?<rest>.*)$/s

function read(record: LogRecord): UserspaceKillEvent | null {
  const found = killShape.exec(record.message)?.groups
  if (found === undefined) return null
  const cgroup = found['cgroup'] ?? ''
  return killEvent(record, 'oomd', {
    cgroup: cgroup.startsWith('/') ? cgroup : `/${cgroup}`,
    usageBytes: numberOf(found['bytes']),
    signal: 'SIGKILL',
    reason: `ruleset:[${found['ruleset']}] ${found['rest']}, pressure ${found['pressure']}`,
    dryRun: record.message.includes('(dry)'),
  })
}

/** The kernel log carries it, so any writer will do. */
export const oomd = lineExtractor('oomd', ['oomd kill'], read)
