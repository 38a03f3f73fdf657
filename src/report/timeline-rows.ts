import { containerText, podOf } from '../facts/names.ts'
import { isCgroupUnit } from '../kube/ids.ts'
import type { Event } from '../model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { kindAndName } from '../text/echo.ts'
import { isNameless } from '../text/nameless.ts'
import { visible } from '../text/visible.ts'
import { withNames } from './container-names.ts'
import { eventText } from './event-text.ts'
import { type Draft, rowOf } from './row-of.ts'
import { statusRows } from './status-rows.ts'
import { folded } from './timeline-folds.ts'
import { isBefore, lifeOf, livesTold, withoutCounts, withoutNoise } from './timeline-noise.ts'
import { withoutTwins } from './timeline-twins.ts'

/** More rows than this per incident tell nobody more: the middle is left out. */
const mostRows = 200

/** The rows of one incident, in order: kills and what stands around them. */
export function timelineRows(incident: Incident, id: string): { rows: ReportTimelineRow[]; omitted: number } {
  const named = withNames(incident.context)
  const context = incident.context.filter(withoutNoise(incident)).map((placed) => ({ placed, shown: named(placed) }))
  const mayBeSandbox = unknownStarts(incident)
  const tellsMore = withoutCounts(livesTold(context.map(({ shown }) => shown)))
  const all = [
    ...incident.kills.map((k) => killRow(k, id)),
    ...(incident.kills.length === 0 ? incident.dumps.map((p) => eventRow(p, p, id)) : []),
    ...context.filter(({ placed }) => tellsMore(placed)).map(({ placed, shown }) => eventRow(placed, shown, id, mayBeSandbox(shown))),
    ...statusRows(incident, id),
  ]
  const unique = folded(withoutTwins(all))
  const kept = unique.length <= mostRows ? unique : [...unique.slice(0, mostRows / 2), ...unique.slice(-mostRows / 2)]
  return { rows: kept.map((r) => r.row), omitted: unique.length - kept.length }
}

function killRow(k: Kill, id: string): Draft {
  const verb = k.killer === 'kubelet' ? 'the kubelet evicted' : k.killer === 'kernel' ? 'the kernel killed' : `${k.killer} killed`
  const text = visible(`${verb} ${killedName(k)}`)
  return {
    at: k.at,
    // Joined, since a list that is spread into has room for seventeen.
    what: [`kill ${text}`].concat(
      k.evidence.map(placeKey).filter((place) => place !== ''),
      runtimesWord(k),
      unitsWord(k),
    ),
    row: rowOf(k.at, k.evidence[0], 'kill', text, k.host, id),
  }
}

/** The runtime's "ran out of memory" is its word on the very kill of the kernel, within what the clocks allow. */
function runtimesWord({ killer, target }: Kill): string[] {
  if (killer !== 'kernel' || target === null) return []
  const id = target.containerId
  const isNamed = target.pod !== null || target.container !== null || id !== null
  return isNamed
    ? [`container-oom ${containerText(target)}`, ...(id !== null && id.length >= 12 ? [`container-oom ${id.slice(0, 12)}`] : [])]
    : []
}

/** systemd's "the kernel killed a process of this unit" is its word on the kill in that unit, a container's scope among them. */
function unitsWord({ killer, workload, dump, target }: Kill): string[] {
  if (killer !== 'kernel') return []
  const paths = dump?.kills.map((kill) => kill.taskMemcg) ?? []
  const scopes = [...paths, dump?.taskMemcg ?? null].map((path) => path?.slice(path.lastIndexOf('/') + 1) ?? null)
  const scope = scopes.find(
    (name) => name !== null && isCgroupUnit(name) && (target?.containerId == null || name.includes(target.containerId)),
  )
  return [workload?.unit ?? null, scope ?? null].filter((unit) => unit !== null).map((unit) => `unit-oom-killed of ${unit}`)
}

/** Who died: the process; where its name is not told, what it was a process of; of an eviction the pod. */
function killedName({ comm, pid, killer, target, workload }: Kill): string {
  if (comm !== null && !isNameless(comm)) return `${comm}${pid === null ? '' : ` (${pid})`}`
  const named = podOf(workload)
  const pod = named === null ? null : kindAndName('pod', named)
  if (killer === 'kubelet' && pod !== null) return pod
  const container = target?.container ?? null
  const of = container === null ? (workload?.unit ?? pod) : kindAndName('container', container)
  return of === null ? 'a process' : `a process of ${of}`
}

/** Words that tell of a death: on the line that a kill rests on, they are that kill. */
const tellsOfKill = (kind: string): boolean =>
  /^(?:kill-reported|userspace-kill|unit-oom-killed|container-oom|eviction-evict(?:ed)?)$/.test(kind)

const placeKey = ({ source, line }: Quote): string => (line === null ? '' : `at ${line} ${source}`)

/** `shown` has the names that any event knows of the container or of its scope; the fact goes by the event's own. */
function eventRow({ event: told }: PlacedEvent, { event, at, host }: PlacedEvent, id: string, mayBeSandbox = false): Draft {
  const { kind, text } = eventText(event, mayBeSandbox)
  const row = rowOf(at, event.quotes[0], kind, text, host, id)
  const by = event.kind === 'container' ? event.by : text.startsWith('systemd: ') ? 'systemd' : null
  const [quote] = event.quotes
  const what = [
    ...factsOf(event, kind, text),
    ...scopeFacts(told, kind),
    ...(quote === undefined || !tellsOfKill(kind) ? [] : [placeKey(quote)]),
  ]
  return { at, what: what.filter((fact) => fact !== ''), row: by === null ? row : { ...row, by } }
}

/**
 * The kubelet's PLEG tells a sandbox's start as a container's: before the first kill, what nothing but that tells of, neither a name nor a death nor a runtime, may
 * be either. What starts after a death is a container again.
 */
function unknownStarts({ kills, workloads, context, first }: Incident): (placed: PlacedEvent) => boolean {
  const idOf = (event: Event): string | null => (event.kind === 'container' ? (event.target.containerId?.slice(0, 12) ?? null) : null)
  const isStart = (event: Event): boolean =>
    event.kind === 'container' && event.by === 'kubelet' && event.what === 'started' && event.target.container === null
  const known = new Set([
    ...kills.flatMap(({ target, workload }) => [target?.containerId, workload?.containerId]),
    ...workloads.flatMap(({ containerIds }) => containerIds),
    ...context.flatMap(({ event }) => (isStart(event) ? [] : [idOf(event)])),
  ])
  const digits = new Set([...known].map((one) => one?.slice(0, 12)))
  return ({ event, at }) => isStart(event) && isBefore(at, first) && idOf(event) !== null && !digits.has(idOf(event) ?? '')
}

/** A container's own scope: `cri-containerd-91efaeab566e….scope`, `crio-….scope`, `docker-….scope` */
const ownScope = /(?:^|-)(?<id>[0-9a-f]{12})[0-9a-f]{52}\.scope$/

/** systemd's words on a unit by its own name: a kill in it is the kernel's, and a container's scope that failed of it is the container that exited. */
function scopeFacts(e: Event, kind: string): string[] {
  if (e.kind !== 'unit') return []
  if (kind === 'unit-oom-killed') return [`${kind} of ${e.unit}`]
  const id = kind === 'unit-failed' && e.result === 'oom-kill' ? ownScope.exec(e.unit)?.groups?.['id'] : undefined
  return id === undefined ? [] : [`container-exit ${id}`]
}

/** What the event is about: the kubelet's and the runtime's word on one container's end are one fact, and so is the API's of its start. */
function factsOf(e: Event, kind: string, text: string): string[] {
  if (e.kind === 'object-event') {
    const life = lifeOf(e)
    return [`${e.reason} ${e.name} ${e.message}`, ...(life === null || e.reason === 'BackOff' ? [] : [life])]
  }
  if (e.kind !== 'container') return [`${kind} ${text}`]
  const fact = kind === 'container-died' ? 'container-exit' : kind === 'container-created' ? 'container-started' : kind
  const { pod, container, containerId: id } = e.target
  // Who knows neither name nor id may speak of any.
  const name = pod === null && container === null && id === null ? `${e.by} ${text}` : containerText(e.target)
  return [`${fact} ${name}`, ...(id !== null && id.length >= 12 ? [`${fact} ${id.slice(0, 12)}`] : [])]
}
