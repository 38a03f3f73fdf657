import type { ContainerEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import { numberOf, refOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'
import { type LogrusLine, logrusLine } from './logrus.ts'
import { mayBeBy } from './speaker.ts'

const id = '[0-9a-f]{12,64}'

/** `Created container 25a3…: shop/web-0/app` with `name=/runtime.v1.RuntimeService/CreateContainer`. */
const createdShape = new RegExp(`^Created container (?<id>${id}): (?<namespace>[^/\\s]+)/(?<pod>[^/\\s]+)/(?<container>[^/\\s]+)`)
/** `Stopping container: 25a3… (timeout: 30s)` */
const stoppingShape = new RegExp(`^Stopping container: (?<id>${id}) \\(timeout: (?<grace>\\d+)s\\)`)

function read(record: LogRecord): ContainerEvent | null {
  if (!/[Cc]ontainer/.test(record.message) || !mayBeBy(record, 'cri-o')) return null
  const line = logrusLine(record)
  const created = createdShape.exec(line.message)?.groups
  if (created !== undefined) {
    const { namespace, pod, container } = created
    return containerEvent(record, 'cri-o', 'created', refOf({ namespace, pod, container, containerId: created['id'] }))
  }
  const stopping = stoppingShape.exec(line.message)?.groups
  if (stopping !== undefined) {
    return containerEvent(record, 'cri-o', 'stop-requested', refOf({ containerId: stopping['id'] }), {
      gracePeriodSeconds: numberOf(stopping['grace']),
    })
  }
  return line.message === 'Started container' ? started(line, record) : null
}

/** `msg="Started container" PID=1234 containerID=25a3… description=shop/web-0/app … sandboxID=…` */
function started({ fields }: LogrusLine, record: LogRecord): ContainerEvent | null {
  if (fields['containerID'] === undefined) return null
  const [namespace, pod, container] = (fields['description'] ?? '').split('/')
  return containerEvent(record, 'cri-o', 'started', refOf({ namespace, pod, container, containerId: fields['containerID'] }), {
    pid: numberOf(fields['PID']),
    sandboxId: fields['sandboxID'],
  })
}

const literals = ['Created container ', 'Stopping container: ', 'Started container']

/** CRI-O. It has no OOM line of its own: conmon tells of that (kubernetes-oom §6.1). */
export const crio = lineExtractor('crio', literals, read, { literals })
