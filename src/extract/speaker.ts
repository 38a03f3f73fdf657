import { type Speaker, speakerNames } from '../kube/speakers.ts'
import type { ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { refOf } from './event-base.ts'

/**
 * Whether a line may be taken as the word of a program. Where the wrapping names the writer (syslog tag, journal identifier, unit), the name
 * must fit: an application that logs "Killed" is not earlyoom. Where it does not, the line's own shape has to do. Kernel lines are nobody's.
 */
export function mayBeBy(record: LogRecord, speaker: Speaker | RegExp): boolean {
  if (record.writer === 'kernel') return false
  const name = record.identifier ?? record.unit
  return name === null || (typeof speaker === 'string' ? speakerNames[speaker] : speaker).test(name)
}

/** Names that dockershim and cri-dockerd give: `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
const dockerName = /^\/?k8s_(?<container>[^_]+)_(?<pod>[^_]+)_(?<namespace>[^_]+)_(?<podUid>[^_]+)_\d+$/

/**
 * The container whose output a record is, as its wrapping tells: an export's Kubernetes labels, or docker's journald driver (`CONTAINER_NAME`,
 * `CONTAINER_ID_FULL`). `null` where it does not; the place of the file is not looked at here.
 */
export function speakingContainer({ fields }: LogRecord): ContainerRef | null {
  const { namespace, pod, podUid, container, containerId, CONTAINER_NAME: name } = fields
  const id = containerId ?? fields['CONTAINER_ID_FULL'] ?? fields['CONTAINER_ID']
  if (pod === undefined && container === undefined && id === undefined && name === undefined) return null
  const docker = name === undefined ? undefined : (dockerName.exec(name)?.groups ?? { container: name })
  return refOf({ namespace, pod, podUid, container, ...docker, containerId: id })
}
