import type { ContainerEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { burstFilter } from './burst.ts'
import { containerEvent } from './container-event.ts'
import type { Extractor } from './define-extractor.ts'
import { refOf } from './event-base.ts'
import { podIn, podNames } from './kubelet/names.ts'
import { kubeletSpeech } from './kubelet/speech.ts'

/**
 * `container init was OOM-killed (memory limit too low?)` (runc ≥ 1.0, libcontainer/process_linux.go), `container init caused memory OOM`. Stands inside errors
 * of the kubelet (`failed to "StartContainer" for "app" with RunContainerError: …`), containerd and dockerd: the limit is too low even to start.
 */
const oomShape = /(?<cause>container init was OOM-killed(?: \(memory limit too low\?\))?|container init caused memory OOM)/
const containerShape = /for \\?"(?<container>[a-z0-9][-a-z0-9.]{0,62})\\?" with|containerName=\\?"(?<key>[^"\\]+)/
const idShape = /(?:StartContainer for|Container|container) \\*"?(?<id>[0-9a-f]{64})/

function read(record: LogRecord): ContainerEvent | null {
  const cause = oomShape.exec(record.message)?.groups?.['cause']
  if (cause === undefined || record.writer === 'kernel') return null
  const values = kubeletSpeech(record)?.values ?? record.fields
  const pod = values['pod'] === undefined ? podIn(record.message) : podNames(values['pod'])
  const named = containerShape.exec(record.message)?.groups
  const target = refOf({
    ...pod,
    podUid: pod.podUid ?? values['podUID'],
    container: values['containerName'] ?? named?.['container'] ?? named?.['key'],
    containerId: idShape.exec(record.message)?.groups?.['id'],
  })
  return containerEvent(record, 'runc', 'oom', target, { reason: 'StartError', cause })
}

/** The kubelet hands the same error up through several lines; the next attempt comes seconds later at the earliest. */
const burst = { us: 5_000_000, lines: 20 }

/** runc's words about a container whose first process was killed before the program began. */
export const runc: Extractor = {
  id: 'runc',
  literals: ['container init was OOM-killed', 'container init caused memory OOM'],
  open() {
    const isFirst = burstFilter(burst)
    return {
      push(record, sink) {
        const event = read(record)
        if (event === null) return
        const { containerId, podUid, pod } = event.target
        if (isFirst(`${record.host} ${pod ?? podUid ?? containerId}`, record)) sink.event(event)
      },
      wantsNext: false,
      end() {},
    }
  },
}
