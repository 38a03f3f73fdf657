import type { UserspaceKillEvent, UserspaceKiller } from '../model/event.ts'
import type { Quote } from '../model/origin.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf } from './event-base.ts'

export type KillParts = Partial<Omit<UserspaceKillEvent, 'kind' | 'killer' | 'moment' | 'host' | 'bootId' | 'writer' | 'quotes'>>

/** A kill by a userspace killer, dated by the record that tells of it; `context` are the lines folded in. What is not said is `null`. */
export function killEvent(
  record: LogRecord,
  killer: UserspaceKiller,
  parts: KillParts,
  context: readonly Quote[] = [],
): UserspaceKillEvent {
  return {
    ...baseOf(record, context),
    kind: 'userspace-kill',
    killer,
    pid: null,
    comm: null,
    uid: null,
    oomScoreAdj: null,
    cgroup: null,
    cmdline: null,
    rssBytes: null,
    processes: null,
    signal: null,
    reason: null,
    monitored: null,
    dryRun: false,
    usageBytes: null,
    memAvailableBytes: null,
    memTotalBytes: null,
    ...parts,
  }
}
