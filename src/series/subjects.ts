import type { Incident, Workload } from '../model/incident.ts'
import type { SeriesSnapshot, SeriesSubject } from '../model/series.ts'

/** Series with the same key tell of the same thing: restarts of a container change its id only. */
export function subjectKey({ of, subject }: SeriesSnapshot): string {
  if (of === 'node') return `${subject.cluster ?? ''} ${subject.host ?? ''}`
  if (subject.pod !== null || subject.podUid !== null)
    return [subject.cluster, subject.namespace, subject.pod ?? subject.podUid, subject.container, subject.comm].join('/')
  return subject.containerId ?? subject.unit ?? `${subject.host} ${subject.pid} ${subject.comm} ${subject.cgroup}`
}

/** `shop/cart-6d5/app`, `node-17`, `report.service`. */
export function nameOf({ of, subject, name }: SeriesSnapshot): string {
  if (of === 'node') return subject.host ?? 'the node'
  // a log of collections names nobody
  if (of === 'runtime-heap' && isNameless(subject)) return 'heap'
  const pod = [subject.namespace, subject.pod ?? subject.podUid, subject.container].filter((part) => part !== null).join('/')
  return pod !== '' ? pod : (subject.unit ?? subject.containerId ?? subject.comm ?? subject.cgroup ?? name)
}

/** Whether a series tells of the incident's workload or node. One without any name does only where it is the only one of its kind. */
export function belongsTo(series: SeriesSnapshot, incident: Incident, all: readonly SeriesSnapshot[]): boolean {
  return isMeant(series, incident, all) && !isAmbiguous(series, incident, all)
}

/** The same names in several clusters, with neither the node nor an id to tell them apart: it may be any of them. */
function isAmbiguous(series: SeriesSnapshot, incident: Incident, all: readonly SeriesSnapshot[]): boolean {
  if (series.subject.cluster === null || isIdentified(series, incident)) return false
  const rivals = all.filter(
    (other) => other.of === series.of && other.subject.cluster !== series.subject.cluster && isMeant(other, incident, all),
  )
  return rivals.length > 0
}

function isIdentified({ subject }: SeriesSnapshot, incident: Incident): boolean {
  const workloads = [incident.workload, ...incident.workloads].filter((w) => w !== null)
  return (
    isOnHost(subject.host, incident) ||
    workloads.some(({ podUid, containerId, containerIds }) =>
      subject.podUid !== null && podUid !== null
        ? subject.podUid === podUid
        : [containerId, ...containerIds].some((id) => id !== null && sameId(id, subject.containerId ?? '')),
    )
  )
}

function isMeant(series: SeriesSnapshot, incident: Incident, all: readonly SeriesSnapshot[]): boolean {
  const { subject, of } = series
  if (of === 'node') return isOnHost(subject.host, incident) || (subject.host === null && only(series, all))
  const workloads = [incident.workload, ...incident.workloads].filter((w) => w !== null)
  if (isNameless(subject)) return only(series, all) && workloads.length <= 1
  if (workloads.some((workload) => isWorkload(subject, workload))) return true
  return (
    subject.pid !== null &&
    incident.kills.some((kill) => kill.pid === subject.pid) &&
    (subject.host === null || isOnHost(subject.host, incident))
  )
}

const short = (host: string): string => host.split('.')[0] ?? host

/** Whether a name is that of the incident's host, with or without its domain. */
export const isOnHost = (host: string | null, incident: Incident): boolean =>
  host !== null &&
  incident.host !== null &&
  (host === incident.host || (short(host) === short(incident.host) && (!host.includes('.') || !incident.host.includes('.'))))

const isNameless = (subject: SeriesSubject): boolean =>
  subject.pod === null &&
  subject.podUid === null &&
  subject.container === null &&
  subject.containerId === null &&
  subject.unit === null &&
  subject.pid === null

const only = (series: SeriesSnapshot, all: readonly SeriesSnapshot[]): boolean =>
  new Set(all.filter(({ of, metric }) => of === series.of && metric === series.metric).map(subjectKey)).size === 1

function isWorkload(subject: SeriesSubject, workload: Workload): boolean {
  if (
    subject.containerId !== null &&
    [workload.containerId, ...workload.containerIds].some((id) => id !== null && sameId(id, subject.containerId ?? ''))
  )
    return true
  if (subject.unit !== null) return subject.unit === workload.unit
  const samePod =
    subject.podUid !== null && workload.podUid !== null
      ? subject.podUid === workload.podUid
      : subject.pod !== null && subject.pod === workload.pod && agree(subject.namespace, workload.namespace)
  return samePod && agree(subject.container, workload.container)
}

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b
const sameId = (a: string, b: string): boolean => a.length >= 12 && b.length >= 12 && (a.startsWith(b) || b.startsWith(a))
