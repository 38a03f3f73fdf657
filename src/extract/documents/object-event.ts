import { containerOfFieldPath } from '../../kube/field-path.ts'
import type { ObjectEvent } from '../../model/event.ts'
import type { Quote } from '../../model/origin.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { speaksOfMemory } from '../of-memory.ts'
import { evictionOfEvent } from '../pod-end.ts'
import { stopOfEvent } from '../stop-reason.ts'
import { toldDeath } from '../told-death.ts'
import { momentOf } from './times.ts'

/** What any print of a Kubernetes Event tells; absent is unknown. */
export interface EventParts {
  readonly reason: string
  readonly message: string
  readonly quotes: readonly Quote[]
  readonly wall?: WallStamp | null
  readonly objectKind?: string | null
  readonly namespace?: string | null
  readonly name?: string | null
  readonly uid?: string | null
  readonly fieldPath?: string | null
  readonly type?: string | null
  readonly component?: string | null
  readonly host?: string | null
  readonly count?: number | null
  readonly firstUs?: number | null
  readonly ageSeconds?: number | null
  readonly ageResolutionSeconds?: number | null
  readonly firstAgeSeconds?: number | null
}

/** Since kubectl 1.35 a message begins with the object's field: `spec.containers{app}: Back-off restarting …`. */
const FIELD_PREFIX = /^(?<field>spec\.(?:initContainers|containers|ephemeralContainers)\{[^{}]+\}): (?<rest>[\s\S]+)$/
/** A pod's uid as the kubelet writes it after its name: `… in pod web_ns(5931aa75-…)`. */
const POD_REFERENCE = / in pod (?<name>[a-z0-9][-a-z0-9.]*)_(?<namespace>[a-z0-9][-a-z0-9]*)\((?<uid>[0-9a-f-]{32,36})\)$/

export function objectEventOf(parts: EventParts): ObjectEvent {
  const prefixed = FIELD_PREFIX.exec(parts.message)?.groups
  const message = prefixed?.['rest'] ?? parts.message
  const reference = POD_REFERENCE.exec(message)?.groups
  const aboutPod = reference !== undefined && reference['name'] === parts.name
  return {
    kind: 'object-event',
    moment: momentOf(parts.wall ?? null),
    host: parts.host ?? null,
    bootId: null,
    writer: 'userspace',
    quotes: parts.quotes,
    objectKind: parts.objectKind ?? null,
    namespace: parts.namespace ?? (aboutPod ? (reference['namespace'] ?? null) : null),
    name: parts.name ?? null,
    uid: parts.uid ?? (aboutPod ? (reference['uid'] ?? null) : null),
    container: containerOfFieldPath(parts.fieldPath ?? prefixed?.['field'] ?? null) ?? containerOfMessage(message),
    type: parts.type ?? null,
    reason: parts.reason,
    message: message.trimEnd(),
    ofMemory: speaksOfMemory(parts.reason, message),
    ...stopOfEvent(parts.reason, message),
    ...evictionOfEvent(parts.reason, message),
    death: toldDeath(message),
    component: parts.component ?? null,
    count: parts.count ?? null,
    firstUs: parts.firstUs ?? null,
    ageSeconds: parts.ageSeconds ?? null,
    ageResolutionSeconds: parts.ageResolutionSeconds ?? null,
    firstAgeSeconds: parts.firstAgeSeconds ?? null,
  }
}

/** Tables without the object's field name the container in the message: `Created container: app`, `Started container app` (kubelet/container/event.go). */
const containerOfMessage = (message: string): string | null =>
  /^(?:Created|Started) container:? (?<name>[a-z0-9][-a-z0-9]{0,62})$/.exec(message.trimEnd())?.groups?.['name'] ?? null

/**
 * An Event's name ends in its creation time, in hexadecimal nanoseconds since the epoch (client-go tools/record `makeEvent`):
 * `node.17683ea4fced9353`. µs; `null` where there is none or it is no time between 2001 and 2096.
 */
export function timeOfEventName(name: string): number | null {
  const hex = /\.(?<hex>[0-9a-f]{16})$/.exec(name)?.groups?.['hex']
  if (hex === undefined) return null
  const us = Number(BigInt(`0x${hex}`) / 1000n)
  return us > 1e15 && us < 4e15 ? us : null
}

/** A stamp made of an instant in µs, for times that no line prints as such. */
export function stampOfEpoch(text: string, epochUs: number): WallStamp {
  return { text, epochUs, localUs: null, hasYear: true, offsetMinutes: 0, zoneName: null, precisionUs: 1, clock: 'emitted' }
}

const KINDS = [
  'Pod',
  'Node',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PersistentVolumeClaim',
  'ReplicationController',
]
const KIND_BY_WORD = new Map(KINDS.map((kind) => [kind.toLowerCase(), kind]))

/** `pod/web-…` of kubectl get events, `Pod/web-…` of kubectl events, `pods/web`. */
export function splitObject(text: string): { readonly kind: string | null; readonly name: string | null } {
  const slash = text.indexOf('/')
  if (slash === -1) return { kind: null, name: text === '' ? null : text }
  const word = text.slice(0, slash)
  const lower = word.toLowerCase()
  return { kind: KIND_BY_WORD.get(lower) ?? KIND_BY_WORD.get(lower.replace(/s$/, '')) ?? word, name: text.slice(slash + 1) || null }
}
