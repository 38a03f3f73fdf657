import type { ContainerEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import { numberOf, refOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'
import { mayBeBy } from './speaker.ts'

/**
 * `conmon 25a38b5b8d556d79735d <ninfo>: OOM received` (syslog; the id is cut to 20 characters), `[conmon:i]: OOM received` (stderr). The first word
 * may have been taken for the tag.
 */
const lineShape = /^(?:conmon )?(?:(?<id>[0-9a-f]{12,64}) <\w+>: |\[conmon:\w\]: )(?<text>.*)$/
/** `OOM received` (v2), `OOM event received` (v1). */
const oomShape = /^OOM (?:event )?received/
/** `container 4242 exited with status 137`: the number is the host's pid. */
const exitShape = /^container (?<pid>\d+) exited with status (?<status>\d+)/

function read(record: LogRecord): ContainerEvent | null {
  const found = lineShape.exec(record.message)?.groups
  if (found === undefined || !mayBeBy(record, 'conmon')) return null
  const text = found['text'] ?? ''
  const target = refOf({ containerId: found['id'] })
  if (oomShape.test(text)) return containerEvent(record, 'conmon', 'oom', target)
  const exit = exitShape.exec(text)?.groups
  if (exit === undefined) return null
  return containerEvent(record, 'conmon', 'exit', target, { exitCode: numberOf(exit['status']), pid: numberOf(exit['pid']) })
}

/** conmon, the monitor under CRI-O and podman (kubernetes-oom §6.1). */
export const conmon = lineExtractor('conmon', ['OOM received', 'OOM event received', 'exited with status'], read, {
  literals: ['exited with status'],
})
