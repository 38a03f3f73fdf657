import { identifyCgroup } from '../../kube/cgroup-path.ts'
import type { ContainerEvent, ContainerRef } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { type ContainerParts, containerEvent } from '../container-event.ts'
import { numberOf, refOf } from '../event-base.ts'
import { member } from '../go-values.ts'
import { containerId, podIn, podNames, refOfKeys } from './names.ts'
import type { Speech } from './speech.ts'
import { type KubeletLine, type KubeletState, keyOf, remember } from './state.ts'

const container = (record: LogRecord, what: ContainerEvent['what'], target: ContainerRef, parts: ContainerParts = {}): ContainerEvent =>
  containerEvent(record, 'kubelet', what, target, parts)

/**
 * `SyncLoop (PLEG): "a_ns(uid)", event: &pleg.PodLifecycleEvent{ID:"uid", Type:"ContainerDied", Data:"<cid>"}` (≤ 1.20)
 * `"SyncLoop (PLEG): event for pod" pod="ns/a" event=&{ID:uid Type:ContainerDied Data:cid}`, from about 1.27 `event={"ID":…}`
 */
function pleg(speech: Speech, record: LogRecord, state: KubeletState): ContainerEvent | null {
  if (!speech.message.startsWith('SyncLoop (PLEG)')) return null
  const event = speech.values['event'] ?? speech.message.slice(speech.message.indexOf('event:'))
  const type = member(event, 'Type')
  if (type !== 'ContainerDied' && type !== 'ContainerStarted') return null
  const old = podIn(speech.message)
  const pod = old.pod === null ? podNames(speech.values['pod']) : old
  const target = refOf({ ...pod, podUid: member(event, 'ID') ?? pod.podUid, containerId: containerId(member(event, 'Data') ?? undefined) })
  // A death makes the next back-off worth telling again, whichever container of the pod it was.
  if (type === 'ContainerDied')
    for (const key of state.backOffs.keys()) if (key.startsWith(`${pod.namespace}/${pod.pod}/`)) state.backOffs.delete(key)
  return container(record, type === 'ContainerDied' ? 'died' : 'started', target)
}

/** V2 `"Generic (PLEG): container finished" podID=… containerID=… exitCode=137` (≥ 1.26). */
function finished({ values }: Speech, record: LogRecord): ContainerEvent {
  return container(record, 'exit', refOfKeys(values), { exitCode: numberOf(values['exitCode']) })
}

/**
 * `Killing container "docker://C" with 30 second grace period`, before it at V3 `Killing container "C", but using 0 second grace period override`;
 * `Killing container with id docker://c:Need to kill Pod` (event of 1.7 to 1.12).
 */
const oldKilling =
  /^Killing container "(?<id>[^"]+)"(?: with (?<grace>\d+) second grace period|, but using (?<override>\d+) second grace period override)/
const oldKillingEvent = /^Killing container with id (?<id>\w+:\/\/[^\s:]+):(?<cause>.*)$/

function killing(speech: Speech, record: LogRecord, state: KubeletState): ContainerEvent | null {
  const { message, values } = speech
  const old = oldKilling.exec(message)?.groups ?? oldKillingEvent.exec(message)?.groups
  if (old === undefined && !message.startsWith('Killing container with a grace period')) return null
  const id = old?.['id']
  const podAndName = id === undefined ? null : /^(?<runtime>\w+):\/\/(?<name>[^/\s]+)$/.exec(id)?.groups?.['name']
  const target = old === undefined ? refOfKeys(values) : refOf({ containerId: containerId(podAndName ?? id) })
  const override = old?.['override'] ?? (message.endsWith('override') ? values['gracePeriod'] : undefined)
  const key = keyOf(target)
  if (override === undefined && state.overridden.delete(key)) return null
  if (override !== undefined) remember(state.overridden, key, true)
  const cause = old?.['cause'] || state.causes.get(key) || (override === undefined ? null : 'grace period override')
  state.causes.delete(key)
  return container(record, 'killing', target, { cause, gracePeriodSeconds: numberOf(override ?? old?.['grace'] ?? values['gracePeriod']) })
}

/** `Killing unwanted pod "X"`, `"Killing unwanted pod" podName="X"`: a pod that the API no longer knows. */
function unwanted({ message, values }: Speech, record: LogRecord): ContainerEvent | null {
  if (!message.startsWith('Killing unwanted pod')) return null
  const name = values['podName'] ?? /"(?<name>[^"]+)"/.exec(message)?.groups?.['name']
  return container(record, 'killing', refOf(podNames(name)), { cause: 'unwanted pod' })
}

/** `"Shutdown manager killing pod with gracePeriod" pod="ns/a" gracePeriod=10` (graceful node shutdown, ≥ 1.20): another 137 that is no OOM. */
function shutdown({ values }: Speech, record: LogRecord): ContainerEvent {
  return container(record, 'killing', refOfKeys(values), { cause: 'node shutdown', gracePeriodSeconds: numberOf(values['gracePeriod']) })
}

/** Why a kill did not work: the error's own text. Mostly `NotFound`: the kernel was faster. */
function killFailed({ message, values }: Speech, record: LogRecord): ContainerEvent {
  const old = podIn(message)
  const target = old.pod === null ? refOfKeys(values) : refOf(old)
  return container(record, 'kill-failed', target, { cause: values['err'] ?? message })
}

/** `back-off 40s restarting failed container=c pod=a_ns(uid)`, capital up to about 1.25; ≥ 1.21 as `err`, ≥ 1.35 events prefix the field path. */
const backOffShape = /[Bb]ack-off (?:(?<delay>\S+) )?restarting failed container[= ](?<container>[a-z0-9][-a-z0-9.]*)/

function backOff({ message, values }: Speech, record: LogRecord, state: KubeletState): ContainerEvent | null {
  const text = values['err'] ?? message
  const found = backOffShape.exec(text)?.groups
  if (found === undefined) return null
  const old = podIn(text)
  const named = podNames(values['pod'])
  const target = refOf({
    namespace: old.namespace ?? named.namespace,
    pod: old.pod ?? named.pod,
    podUid: old.podUid ?? values['podUID'],
    container: found['container'],
  })
  const key = keyOf(target)
  const delay = found['delay'] ?? ''
  if (state.backOffs.get(key) === delay) return null
  remember(state.backOffs, key, delay)
  return container(record, 'back-off', target, {
    reason: 'CrashLoopBackOff',
    cause: found['delay'] === undefined ? null : `back-off ${delay}`,
  })
}

/** `"SyncLoop (probe)" probe="liveness" status="unhealthy" pod=…`, `SyncLoop (container unhealthy): "a_ns(uid)"`: the kubelet will restart it. */
function unhealthy({ message, values }: Speech, record: LogRecord): ContainerEvent | null {
  if (message.startsWith('SyncLoop (container unhealthy)')) {
    return container(record, 'probe-failed', refOf(podIn(message)), { cause: 'liveness unhealthy' })
  }
  const probe = values['probe']
  if (!message.startsWith('SyncLoop (probe)') || values['status'] !== 'unhealthy' || probe === undefined || probe === 'readiness')
    return null
  return container(record, 'probe-failed', refOfKeys(values), { cause: `${probe} unhealthy` })
}

/** `"Probe failed" probeType="Liveness" pod=… podUID=… containerName=… probeResult="failure" output="…"`; readiness does not kill. */
function probeFailed({ message, values }: Speech, record: LogRecord): ContainerEvent | null {
  const type = values['probeType']
  if (message !== 'Probe failed' || (type !== 'Liveness' && type !== 'Startup')) return null
  return container(record, 'probe-failed', refOfKeys(values), { cause: `${type} probe failed: ${(values['output'] ?? '').trim()}` })
}

/** `Liveness probe for "a_ns(uid):c" failed (failure): …` (≤ 1.20) */
const oldProbe = /^(?<type>Liveness|Startup) probe for "(?<pod>[^":]+):(?<container>[^"]+)" failed \((?<result>[\w-]+)\): (?<output>.*)$/s
function oldProbeFailed({ message }: Speech, record: LogRecord): ContainerEvent | null {
  const found = oldProbe.exec(message)?.groups
  if (found === undefined) return null
  const target = refOf({ ...podNames(found['pod']), container: found['container'] })
  return container(record, 'probe-failed', target, { cause: `${found['type']} probe failed: ${found['output']?.trim()}` })
}

/**
 * `"Message for Container of pod" containerName="gateway" containerStatusID={…} pod="edge/gateway" containerMessage="Container gateway failed liveness
 * probe, will be restarted"`; ≤ 1.20 `Container "gateway" ({"docker" "C"}) of pod a_ns(uid): Container gateway failed liveness probe, will be restarted`
 * (1.9 to 1.12 end `failed liveness probe.. Container will be killed and recreated.`). Names the cause of the kill that follows.
 */
const oldRestart = /^Container "(?<name>[^"]+)" \((?<id>[^)]*)\) of pod (?<pod>\S+): (?<cause>.*)$/s
function willRestart({ message, values }: Speech, record: LogRecord, state: KubeletState): ContainerEvent | null {
  const old = oldRestart.exec(message)?.groups
  const cause = values['containerMessage'] ?? old?.['cause']
  if (cause === undefined || !/failed (?:liveness|startup) probe/.test(cause)) return null
  const target =
    old === undefined ? refOfKeys(values) : refOf({ ...podNames(old['pod']), container: old['name'], containerId: containerId(old['id']) })
  remember(state.causes, keyOf(target), cause)
  return container(record, 'probe-failed', target, { cause })
}

/** cAdvisor in the kubelet: `Created an OOM event in container "/kubepods/…" at 2017-10-10 17:41:57.8 +0000 UTC` (V3). */
const cadvisorOom = /Created an OOM event in container "(?<path>[^"]+)"/
function cadvisor({ message, values }: Speech, record: LogRecord): ContainerEvent | null {
  const path = cadvisorOom.exec(message)?.groups?.['path'] ?? values['container'] ?? values['containerName']
  if (path === undefined) return null
  const { podUid, containerId: id } = identifyCgroup(path)
  if (podUid === null && id === null) return null
  return container(record, 'oom', refOf({ podUid, containerId: id }), { cause: path })
}

export const containerLines: readonly KubeletLine[] = [
  { literal: 'ContainerDied', lives: true, read: pleg },
  { literal: 'ContainerStarted', lives: true, read: pleg },
  { literal: 'container finished', lives: true, read: finished },
  { literal: 'Killing container', lives: true, read: killing },
  { literal: 'Killing unwanted pod', lives: true, read: unwanted },
  { literal: 'Shutdown manager killing pod', lives: true, read: shutdown },
  { literal: 'Kill container failed', lives: true, read: killFailed },
  { literal: 'killContainer', lives: true, read: killFailed },
  { literal: 'Container termination failed', lives: true, read: killFailed },
  { literal: 'Failed killing the pod', lives: true, read: killFailed },
  { literal: 'restarting failed container', lives: true, read: backOff },
  { literal: 'unhealthy', lives: true, read: unhealthy },
  // Readiness fails all day long: only the other two are looked for.
  { literal: '"Liveness"', lives: true, read: probeFailed },
  { literal: '"Startup"', lives: true, read: probeFailed },
  { literal: 'Liveness probe for', lives: true, read: oldProbeFailed },
  { literal: 'Startup probe for', lives: true, read: oldProbeFailed },
  { literal: 'failed liveness probe', lives: true, read: willRestart },
  { literal: 'failed startup probe', lives: true, read: willRestart },
  { literal: 'an OOM event in container', read: cadvisor },
]
