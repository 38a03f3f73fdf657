import { kubeletOnlyFiles, shipsNodeLogs } from '../kube/speakers.ts'
import type { LogRecord, Writer } from '../model/record.ts'

/** Labels that say in which container a line was printed. A namespace alone says nothing: nodes' logs may carry one. */
type Names = Readonly<Record<string, string | undefined>>

/** Who writes into a container's stream or under a container's labels: the container, or what it ships of its node. */
export function containerWriter({ namespace, pod, container }: Names): 'container' | 'shipper' {
  const names = [namespace, pod, container].filter((name) => name !== undefined).join('/')
  return shipsNodeLogs(names) ? 'shipper' : 'container'
}

/** `null`: nothing in an entry's labels tells of a container. */
export function labelledWriter(names: Names): 'container' | 'shipper' | null {
  const { pod, container, containerId, stream } = names
  const isLabelled = pod !== undefined || container !== undefined || containerId !== undefined || stream === 'stdout' || stream === 'stderr'
  return isLabelled ? containerWriter(names) : null
}

/**
 * The writer of what was found inside another wrapping: what is printed can claim anything, so the outer one bounds it. A container's output stays
 * the container's, a program's a program's; a shipper's is what it says inside, but never surely the kernel's.
 */
export function boundedWriter(outer: Writer, inner: Writer): Writer {
  if (outer === 'container' || inner === 'container') return 'container'
  if (outer === 'userspace') return 'userspace'
  if (outer === 'shipper') return inner === 'userspace' ? 'userspace' : 'shipper'
  return inner === 'unknown' ? outer : inner
}

/** Different source files of a kubelet that a stream must show before it counts as one. */
const enoughFiles = 5

/**
 * Listens to a container's stream: one that prints klog lines of several of a kubelet's own source files is a kubelet in a container (RKE, hyperkube, k3d) or a
 * shipper of a kubelet's log. Its klog lines are then shipped, nothing else is.
 */
export function openVoice(): (record: LogRecord) => LogRecord {
  const files = new Set<string>()
  return (record) => {
    const { caller } = record.fields
    if (record.writer !== 'container' || caller === undefined) return record
    const [file = ''] = caller.split(':')
    if (!kubeletOnlyFiles.test(file)) return record
    if (files.size < enoughFiles) files.add(file)
    return files.size < enoughFiles ? record : { ...record, writer: 'shipper' }
  }
}
