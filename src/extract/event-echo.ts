import { containerOfFieldPath } from '../kube/field-path.ts'
import type { ObjectEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf } from './event-base.ts'
import { podNames } from './kubelet/names.ts'
import { kubeletSpeech } from './kubelet/speech.ts'
import { lineExtractor } from './line-extractor.ts'
import { speaksOfMemory } from './of-memory.ts'
import { evictionOfEvent } from './pod-end.ts'
import { mayBeBy } from './speaker.ts'
import { stopOfEvent } from './stop-reason.ts'
import { toldDeath } from './told-death.ts'

/** Reasons that belong on an OOM's timeline (kubernetes-oom §5.8). The echo of all others is ordinary life. */
const reasons = new Set(
  `SystemOOM OOMKilling CgroupOOM OOMKilled EvictionThresholdMet NodeHasInsufficientMemory NodeHasSufficientMemory NodeNotReady NodeReady Rebooted Starting
  FailedNodeAllocatableEnforcement Evicted Killing BackOff Unhealthy ExceededGracePeriod FailedKillPod Preempting Preempted OutOfmemory NodeShutdown
  TaintManagerEviction FailedScheduling`.split(/\s+/),
)

/** Those that are said of pods that nobody was ever short of memory in. */
const ofLives: ReadonlySet<string> = new Set([
  'Killing',
  'BackOff',
  'Unhealthy',
  'ExceededGracePeriod',
  'FailedKillPod',
  'FailedScheduling',
])
const literals = ['Event occurred', 'v1.ObjectReference{Kind:']

/**
 * `Event(v1.ObjectReference{Kind:"Pod", Namespace:"shop", Name:"web-0", UID:"…", APIVersion:"v1", ResourceVersion:"1", FieldPath:"spec.containers{web}"}): type:
 * 'Warning' reason: 'BackOff' Back-off restarting failed container` (client-go `StartLogging`, ≤ 1.18)
 */
const oldShape =
  /Event\(v1\.ObjectReference\{Kind:"(?<kind>[^"]*)", Namespace:"(?<namespace>[^"]*)", Name:"(?<name>[^"]*)", UID:"(?<uid>[^"]*)".*?FieldPath:"(?<fieldPath>[^"]*)"\}\): type: '(?<type>\w*)' reason: '(?<reason>\w+)' ?(?<message>.*)$/s

function read(record: LogRecord): ObjectEvent | null {
  if (!mayBeBy(record, 'kubernetes')) return null
  const old = oldShape.exec(record.message)?.groups
  const values = old ?? structured(record)
  const reason = values?.['reason']
  if (values === null || reason === undefined || !reasons.has(reason)) return null
  const told = (name: string): string | null => values[name] || null
  return {
    ...baseOf(record),
    kind: 'object-event',
    objectKind: told('kind'),
    namespace: told('namespace'),
    name: told('name'),
    uid: told('uid'),
    container: containerOfFieldPath(told('fieldPath')),
    type: told('type'),
    reason,
    message: values['message'] ?? '',
    ofMemory: speaksOfMemory(reason, values['message'] ?? ''),
    ...stopOfEvent(reason, values['message'] ?? ''),
    ...evictionOfEvent(reason, values['message'] ?? ''),
    death: toldDeath(values['message'] ?? ''),
    component: null,
    count: null,
    firstUs: null,
    ageSeconds: null,
    ageResolutionSeconds: null,
    firstAgeSeconds: null,
  }
}

/** `"Event occurred" object="shop/web-0" fieldPath="spec.containers{web}" kind="Pod" apiVersion="v1" type="Warning" reason="BackOff" message="…"` (≥ 1.19) */
function structured(record: LogRecord): Readonly<Record<string, string | undefined>> | null {
  const speech = kubeletSpeech({ ...record, identifier: null, unit: null })
  if (speech?.message !== 'Event occurred') return null
  const { namespace, pod } = podNames(speech.values['object'])
  return { ...speech.values, namespace: namespace ?? '', name: pod ?? speech.values['object'] }
}

/** Events that the kubelet and the controller manager echo in their own logs. */
export const eventEcho = lineExtractor('event-echo', literals, read, { literals, telling: [...reasons].filter((r) => !ofLives.has(r)) })
