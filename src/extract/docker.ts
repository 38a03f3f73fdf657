import type { ContainerEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import { numberOf, refOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'
import { logrusLine } from './logrus.ts'
import { mayBeBy } from './speaker.ts'

/** `Container 25a3… failed to exit within 10 seconds of signal 15 - using the force`; ≥ 20.10 `Container failed to exit within 10s of signal 15 - using the force` with `container=`. */
const forceShape = /failed to exit within (?<grace>\d+) ?s(?:econds)? of signal \d+ - using the force/
const idShape = /(?<id>[0-9a-f]{64})/

function read(record: LogRecord): ContainerEvent | null {
  if (!/ignoring event|using the force/.test(record.message) || !mayBeBy(record, 'docker')) return null
  const { message, fields } = logrusLine(record)
  const target = refOf({ containerId: fields['container'] ?? idShape.exec(message)?.groups?.['id'] })
  if (target.containerId === null) return null
  const force = forceShape.exec(message)?.groups
  if (force !== undefined) {
    const parts = { cause: 'SIGKILL after the grace period', gracePeriodSeconds: numberOf(force['grace']) }
    return containerEvent(record, 'docker', 'killing', target, parts)
  }
  // libcontainerd tells of the end of each container so: `msg="ignoring event" container=C … topic=/tasks/delete type="*events.TaskDelete"`.
  return message === 'ignoring event' && fields['topic'] === '/tasks/delete' ? containerEvent(record, 'docker', 'died', target) : null
}

const literals = ['using the force', 'ignoring event']

/** dockerd. At info it has no line for an OOM kill: `docker events` does (kubernetes-oom §6.1). */
export const docker = lineExtractor('docker', literals, read, { literals })
