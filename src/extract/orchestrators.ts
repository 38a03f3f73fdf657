import type { ContainerEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import { refOf } from './event-base.ts'
import { type LineShape, lineExtractor, readShapes } from './line-extractor.ts'

const idShape = /\b[0-9a-f]{64}\b/

const oomed =
  (reason: string): LineShape['read'] =>
  ({ name }, record, text): ContainerEvent =>
    containerEvent(record, 'other', 'oom', refOf({ containerId: idShape.exec(text)?.[0], container: name }), { reason })

/** Other schedulers' words for "the kernel killed in the container's cgroup". */
const shapes: readonly LineShape[] = [
  {
    // Nomad client: `Task event: alloc_id=… task=web type=Terminated msg="Exit Code: 137, Exit Message: \"OOM Killed\"" failed=false`
    literal: 'OOM Killed',
    shape: /task=(?<name>\S+) type=\S+ msg=.*OOM Killed/,
    read: oomed('OOM Killed'),
  },
  {
    // ECS agent: `… error: OutOfMemoryError: Container killed due to memory usage`
    literal: 'ontainer killed due to memory usage',
    shape: /OutOfMemoryError: [Cc]ontainer killed due to memory usage/,
    read: oomed('OutOfMemoryError'),
  },
  {
    // Cloud Foundry: `Exit status 137 (out of memory)`, `APP/PROC/WEB: Exited with status 137 (out of memory)`
    literal: 'status 137 (out of memory)',
    shape: /(?:(?<name>APP\/[\w/]+): )?Exit(?:ed with)? status 137 \(out of memory\)/,
    read: oomed('out of memory'),
  },
  {
    // Mesos agent: `Memory limit exceeded: Requested: 32MB Maximum Used: 32MB`
    literal: 'Memory limit exceeded: Requested',
    shape: /Memory limit exceeded: Requested: \S+ Maximum Used: \S+/,
    read: oomed('Memory limit exceeded'),
  },
]

/** Nomad, ECS, Cloud Foundry, Mesos. */
export const orchestrators = lineExtractor(
  'orchestrators',
  shapes.map(({ literal }) => literal),
  (record: LogRecord) => (record.writer === 'kernel' ? null : readShapes(shapes, record.message, record)),
)
