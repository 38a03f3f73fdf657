import type { NodeEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'
import { mayBeBy } from './speaker.ts'
import { toldDeath } from './told-death.ts'

/** `New status generated: &{Source:kernel-monitor Events:[{Severity:warn Timestamp:… Reason:OOMKilling Message:Killed process 4242 (stress) total-vm:…}] …}` */
const statusShape = /Reason:OOMKilling Message:(?<message>.*?)(?:\}\]|$)/s

function read(record: LogRecord): NodeEvent | null {
  const message = statusShape.exec(record.message)?.groups?.['message']
  if (message === undefined || !mayBeBy(record, 'node-problem-detector')) return null
  const death = toldDeath(message)
  return {
    ...baseOf(record),
    kind: 'node',
    what: 'npd-oom-killing',
    node: null,
    comm: death?.comm ?? null,
    pid: death?.pid ?? null,
    message,
    death,
  }
}

/**
 * node-problem-detector's own log: a copy of a kernel line, no cgroup, up to five minutes late after a restart. Before Oct 2020 it was blind to kernels ≥ 5.x
 * (kubernetes-oom §5.8).
 */
export const nodeProblemDetector = lineExtractor('node-problem-detector', ['Reason:OOMKilling'], read)
