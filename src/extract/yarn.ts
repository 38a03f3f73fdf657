import type { LogRecord } from '../model/record.ts'
import { bytesOfSize } from '../units/bytes.ts'
import type { Extractor, ExtractorSession } from './define-extractor.ts'
import { numberOf } from './event-base.ts'
import { type KillParts, killEvent } from './kill-event.ts'

/**
 * NodeManager (ContainersMonitorImpl): `Container [pid=123,containerID=container_e17_…] is running beyond physical memory limits. Current usage: 2.1 GB of 2 GB
 * physical memory used; 3.5 GB of 4.2 GB virtual memory used. Killing container.`; Hadoop ≥ 3 `is running 123B beyond the 'PHYSICAL' memory limit.`
 */
const beyondShape =
  /Container \[pid=(?<pid>\d+),containerID=(?<container>container_\w+)\],? is running (?:beyond (?<kind>physical|virtual) memory limits|-?\d+B beyond the '(?<newKind>PHYSICAL|VIRTUAL)' memory limit)/
/** Spark's driver, of the same kill: `Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used.` */
const sparkShape = /Container killed by YARN for exceeding (?:physical |virtual )?memory limits\./
const usageShape = /(?<used>\b[\d.]{1,30} [KMGT]?B) of (?<limit>[\d.]{1,30} [KMGT]?B) (?<kind>physical|virtual) memory used/g
const containerShape = /container_(?:e\d+_)?\d+_\d+_\d+_\d+/

function partsOf(text: string): KillParts | null {
  const beyond = beyondShape.exec(text)?.groups
  if (beyond === undefined && !sparkShape.test(text)) return null
  const kind = (beyond?.['kind'] ?? beyond?.['newKind'] ?? 'physical').toLowerCase()
  const usage = [...text.matchAll(usageShape)].map((found) => found.groups).find((groups) => groups?.['kind'] === kind)
  const monitored = beyond?.['container'] ?? containerShape.exec(text)?.[0] ?? null
  return {
    pid: numberOf(beyond?.['pid']),
    monitored,
    reason: `${kind} memory limit`,
    usageBytes: bytesOfSize(usage?.['used'] ?? ''),
    memTotalBytes: bytesOfSize(usage?.['limit'] ?? ''),
  }
}

function open(): ExtractorSession {
  // The diagnostics travel from NodeManager to ResourceManager, application master and driver: the same kill again.
  const told = new Set<string>()
  return {
    push(record: LogRecord, sink) {
      if (record.writer === 'kernel') return
      const parts = partsOf(record.message)
      if (parts === null) return
      const key = parts.monitored ?? null
      if (key !== null && told.has(key)) return
      if (key !== null && told.size < 10_000) told.add(key)
      sink.event(killEvent(record, 'yarn', parts))
    },
    wantsNext: false,
    end() {},
  }
}

/** YARN's NodeManager, which polls and kills; the kernel has no part in it. Its sizes are powers of 1024. */
export const yarn: Extractor = {
  id: 'yarn',
  literals: ['is running beyond ', 'memory limit. Current usage', 'Container killed by YARN'],
  open,
}
