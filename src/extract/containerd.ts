import type { ContainerEvent, ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import type { Extractor, ExtractorSession } from './define-extractor.ts'
import { numberOf, refOf } from './event-base.ts'
import { leadingStamp, momentWith } from './inner-time.ts'
import { jsonFields, logrusLine } from './logrus.ts'
import { perHost } from './per-host.ts'
import { mayBeBy } from './speaker.ts'

/** Names by container id (`C`) and by sandbox id (`S`), learnt from the lines that made them. */
type Known = Map<string, ContainerRef>
const knownLimit = 5000

function learn(known: Known, id: string, ref: ContainerRef): void {
  if (known.size >= knownLimit) known.delete(known.keys().next().value ?? '')
  known.set(id, ref)
}

/**
 * A member of a protobuf message in either text: gogo's `&TaskExit{ContainerID:C,Pid:1,…}` (≤ 1.6) or `container_id:"C" pid:1` (≥ 1.7), whose blanks
 * vary on purpose. `name` is a pattern of both spellings.
 */
function protoMember(text: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s{,&])(?:${name}):\\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^\\s,"{}]*))`).exec(text)?.groups
  return found?.['quoted'] ?? found?.['plain']
}

type Read = (text: string, record: LogRecord, known: Known) => ContainerEvent | null

const of = (known: Known, id: string): ContainerRef => known.get(id) ?? refOf({ containerId: id })

/** `TaskOOM event &TaskOOM{ContainerID:C,XXX_unrecognized:[],}` → `TaskOOM event container_id:"C"`. Any OOM kill in the container's cgroup. */
const oom: Read = (text, record, known) => {
  const id = protoMember(text, 'container_id|ContainerID')
  return id === undefined ? null : containerEvent(record, 'containerd', 'oom', of(known, id))
}

/**
 * `TaskExit event &TaskExit{ContainerID:C,ID:C,Pid:123,ExitStatus:137,…}`, `TaskExit event container_id:"C" id:"C" pid:123 exit_status:137 …`, 2.0
 * `received exit event …`, later `received container exit event …`. An exec'd process has an id of its own: it is not the container that ends;
 * nor is a sandbox.
 */
const exit: Read = (text, record, known) => {
  if (!/^(?:TaskExit event |received (?:container )?exit event )/.test(text) || text.includes('podsandbox handler')) return null
  const id = protoMember(text, 'container_id|ContainerID')
  if (id === undefined || (protoMember(text, 'id|ID') ?? id) !== id) return null
  return containerEvent(record, 'containerd', 'exit', of(known, id), {
    // Zero is not printed by protobuf's text form.
    exitCode: numberOf(protoMember(text, 'exit_status|ExitStatus')) ?? 0,
    pid: numberOf(protoMember(text, 'pid|Pid')),
  })
}

/** `StopContainer for "C" with timeout 30 (s)`: asked by the kubelet; the kernel's or the grace period's SIGKILL may follow. */
const stop: Read = (text, record, known) => {
  const found = /^StopContainer for "(?<id>[^"]+)" with timeout (?<grace>\d+) \(s\)/.exec(text)?.groups
  if (found?.['id'] === undefined) return null
  return containerEvent(record, 'containerd', 'stop-requested', of(known, found['id']), { gracePeriodSeconds: numberOf(found['grace']) })
}

/** `Kill container "C"`: SIGKILL by containerd, after the grace period or at once. */
const kill: Read = (text, record, known) => {
  const id = /^Kill container "(?<id>[^"]+)"/.exec(text)?.groups?.['id']
  return id === undefined
    ? null
    : containerEvent(record, 'containerd', 'killing', of(known, id), { cause: 'SIGKILL after the grace period' })
}

const started: Read = (text, record, known) => {
  const id = /^StartContainer for "(?<id>[^"]+)" returns successfully/.exec(text)?.groups?.['id']
  return id === undefined ? null : containerEvent(record, 'containerd', 'started', of(known, id))
}

/** `RunPodSandbox for &PodSandboxMetadata{Name:…,Uid:…,Namespace:…,Attempt:0,} returns sandbox id "S"`: only learnt. */
const sandbox: Read = (text, _, known) => {
  const id = /returns sandbox id "(?<id>[^"]+)"/.exec(text)?.groups?.['id']
  if (id === undefined) return null
  const [pod, podUid, namespace] = ['name|Name', 'uid|Uid', 'namespace|Namespace'].map((name) => protoMember(text, name))
  learn(known, id, refOf({ pod, podUid, namespace, containerId: id }))
  return null
}

/** `CreateContainer within sandbox "S" for &ContainerMetadata{Name:app,Attempt:0,} returns container id "C"`; newer `for name:"app" attempt:1`. */
const created: Read = (text, record, known) => {
  const found = /^CreateContainer within sandbox "(?<sandbox>[^"]+)" for (?<what>.*) returns container id "(?<id>[^"]+)"/.exec(text)?.groups
  if (found?.['id'] === undefined) return null
  const ref = refOf({
    ...known.get(found['sandbox'] ?? ''),
    container: protoMember(found['what'] ?? '', 'name|Name'),
    containerId: found['id'],
  })
  learn(known, found['id'], ref)
  return containerEvent(record, 'containerd', 'created', ref, { sandboxId: found['sandbox'] })
}

/** `ctr events`: `2026-11-24 07:04:03.4496534 +0000 UTC k8s.io /tasks/oom {"container_id":"C"}`; the zone's name may be left of the stamp. */
const ctrShape = /^(?:[A-Z]{3,5} )?\S+ \/tasks\/(?<what>oom|exit) (?<json>\{.*\})$/
const ctr: Read = (text, record, known) => {
  const stamped = leadingStamp(text)
  const found = ctrShape.exec(stamped?.rest ?? text)?.groups
  const fields = found?.['json'] === undefined ? null : jsonFields(found['json'])
  const id = fields?.['container_id']
  if (found === undefined || id === undefined || (fields?.['id'] ?? id) !== id) return null
  const dated = { ...record, moment: momentWith(record, stamped?.stamp ?? null) }
  if (found['what'] === 'oom') return containerEvent(dated, 'containerd', 'oom', of(known, id))
  return containerEvent(dated, 'containerd', 'exit', of(known, id), {
    exitCode: numberOf(fields?.['exit_status']) ?? 0,
    pid: numberOf(fields?.['pid']),
  })
}

const lines: readonly (readonly [string, Read])[] = [
  ['TaskOOM event', oom],
  ['TaskExit event', exit],
  ['received exit event', exit],
  ['received container exit event', exit],
  ['StopContainer for', stop],
  ['Kill container ', kill],
  ['StartContainer for', started],
  ['returns sandbox id', sandbox],
  ['returns container id', created],
  ['/tasks/oom', ctr],
  ['/tasks/exit', ctr],
]

function open(): ExtractorSession {
  const known: Known = new Map()
  return {
    push(record, sink) {
      const read = lines.find(([literal]) => record.message.includes(literal))?.[1]
      if (read === undefined || !mayBeBy(record, 'containerd')) return
      const event = read(logrusLine(record).message, record, known)
      if (event !== null) sink.event(event)
    },
    wantsNext: false,
    end() {},
  }
}

/** containerd's log (text, JSON), 1.2 to 2.3, and `ctr events` (kubernetes-oom §6.1). */
export const containerd: Extractor = {
  id: 'containerd',
  literals: lines.map(([literal]) => literal),
  lives: { literals: lines.flatMap(([literal, read]) => (read === oom || literal === '/tasks/oom' ? [] : [literal])) },
  open: () => perHost(open),
}
