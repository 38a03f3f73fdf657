import type { ObjectEvent } from '../../../model/event.ts'
import { ageCell, sourceOf } from '../event-cells.ts'
import { objectEventOf, splitObject } from '../object-event.ts'
import { type Page, quoteAt } from '../page.ts'
import { said } from '../table.ts'
import { parseRfc3339, stampOf } from '../times.ts'

/** The object that a block of events is about, as far as something above says. */
export interface EventsOwner {
  readonly kind: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly host: string | null
}

export const nobody: EventsOwner = { kind: null, namespace: null, name: null, host: null }

const AGE = String.raw`(?:<unknown>|<invalid>|\d{4}-\d\d-\d\dT[\d:.]+Z|(?:\d+[ysmhd])+(?: +\(x\d+ over [^)]{1,20}\))?)`

/** `Warning  SystemOOM  19m (x2 over 20m)  kubelet, n1  System OOM encountered, …`: a row below `Events:` of a described object. */
const DESCRIBED = new RegExp(
  String.raw`^(?<type>Normal|Warning) +(?<reason>[A-Z]\w*) +(?<age>${AGE}) +(?<from>\S+(?:, \S+)?) +(?<message>\S.*)$`,
)
/** `shop  52m  Warning  Evicted  pod/report-6b7d-4wq2n  The node was low on …`: a row of kubectl get events, with or without its namespace. */
const LISTED = new RegExp(
  String.raw`^(?:(?<namespace>[a-z0-9][-a-z0-9]{0,62}) +)?(?<age>${AGE}) +(?<type>Normal|Warning) +(?<reason>[A-Z]\w*) +(?<object>[A-Za-z.]+/\S+) +(?<message>\S.*)$`,
)
/** Up to 1.13: `LAST FIRST COUNT NAME KIND [SUBOBJECT] TYPE REASON SOURCE MESSAGE`. */
const OLD = new RegExp(
  String.raw`^(?:(?<namespace>[a-z0-9][-a-z0-9]{0,62}) +)?(?<age>${AGE}) +(?<first>${AGE}) +(?<count>\d+) +(?<event>\S+) +(?<kind>[A-Z]\w+) +(?:(?<field>\S+) +)?(?<type>Normal|Warning) +(?<reason>[A-Z]\w*) +(?<from>\S+(?:, \S+)?) +(?<message>\S.*)$`,
)

/** Reasons that only a node has. */
const OF_NODE =
  /^(?:SystemOOM|OOMKilling|PodOOMKilling|NodeHas\w+|NodeReady|NodeNotReady|EvictionThresholdMet|Rebooted|NodeAllocatableEnforced|InvalidDiskCapacity)$/
/** `Node compute-11 status is now: NodeReady`, `Node compute-11 has been rebooted, boot id: …` */
const NODE_NAMED = /^Node (?<node>\S+) (?:status is now|has been rebooted|event:)/
/** `Successfully assigned shop/pricing-7c9d-q8x2m to worker-1` */
const POD_NAMED = /^Successfully assigned (?<namespace>[^/\s]+)\/(?<name>\S+) to (?<node>\S+)/

/** A kubelet's message by itself, as consoles list it below `Generated from kubelet on worker-3`. */
const LONE = /^(?:"?message"?:\s*)?["']?(?<message>System OOM encountered, victim process: \S.{0,31}, pid: \d{1,10})["']?,?$/
/** Keys of the event near its message, where the object around them was cut: `host: w-81`, `"lastTimestamp": "2026-…"`. */
const NEAR = /^\s*"?(?<key>host|lastTimestamp|eventTime)"?:\s*["']?(?<value>[\w.:+-]+)["']?,?$/
const AROUND = 8
const GENERATED = /^Generated from kubelet on (?<node>\S+)$/

/** A row of events with or without a header, aligned or with its blanks collapsed; `null` for anything else. */
export function eventOfRow(page: Page, index: number, owner: EventsOwner): ObjectEvent | null {
  const text = (page.lines[index] ?? '').trim()
  const listed = LISTED.exec(text)?.groups
  if (listed !== undefined) return listedEvent(page, index, listed, owner)
  const old = OLD.exec(text)?.groups
  if (old !== undefined) {
    const object = `${(old['kind'] ?? '').toLowerCase()}/${(old['event'] ?? '').replace(/\.[0-9a-f]{15,16}$/, '')}`
    return listedEvent(page, index, { ...old, object }, owner)
  }
  const described = DESCRIBED.exec(text)?.groups
  if (described !== undefined) return describedEvent(page, index, described, owner)
  const lone = LONE.exec(text)?.groups
  if (lone !== undefined) {
    const isKeyed = /^"?message/.test(text)
    const near = isKeyed ? page.lines.slice(Math.max(0, index - AROUND), index + AROUND).map((one) => NEAR.exec(one)?.groups) : []
    const value = (...keys: readonly string[]): string | undefined => near.find((one) => keys.includes(one?.['key'] ?? ''))?.['value']
    const host = GENERATED.exec((page.lines[index - 1] ?? '').trim())?.groups?.['node'] ?? value('host') ?? owner.host
    return describedEvent(page, index, { ...lone, reason: 'SystemOOM', age: value('lastTimestamp', 'eventTime') }, { ...owner, host })
  }
  const cells = cellsOfExport((page.relaid?.raw ?? page.lines)[index] ?? '')
  return cells === null ? null : describedEvent(page, index, cells, { ...owner, name: cells['object'] ?? owner.name })
}

const OF_DEATHS = /^(?:SystemOOM|OOMKilling|PodOOMKilling)$/

/** `2026-11-24T07:04:29Z<tab>n7<tab>SystemOOM<tab>System OOM encountered, victim process: java, pid: 376`: what jq and custom columns made of a node's event. */
function cellsOfExport(line: string): Cells | null {
  if (!/(?:SystemOOM|OOMKilling)/.test(line)) return null
  const cells = line.trim().split(/\t+| {3,}/)
  const at = cells.findIndex((cell) => OF_DEATHS.test(cell))
  const message = cells.slice(at + 1).find((cell) => /\s/.test(cell))
  if (at === -1 || message === undefined) return null
  const others = cells.slice(0, at)
  const age = others.find((cell) => parseRfc3339(cell) !== null)
  const object = others.find((cell) => /^[a-z0-9][-a-z0-9.]{0,252}$/.test(cell))
  return { reason: cells[at], message, age, object }
}

type Cells = Readonly<Record<string, string | undefined>>

/** What every shape of row tells. */
function common(page: Page, index: number, cells: Cells) {
  const seen = ageCell((cells['age'] ?? '').replace(/ +/, ' '))
  const time = parseRfc3339(cells['age'] ?? '')
  const source = sourceOf(said(cells['from'] ?? ''))
  return {
    reason: cells['reason'] ?? '',
    message: cells['message'] ?? '',
    quotes: [quoteAt(page, index)],
    type: cells['type'] ?? null,
    component: source.component,
    wall: time === null ? null : stampOf(cells['age'] ?? '', time),
    count: seen.count ?? (cells['count'] === undefined ? null : Number(cells['count'])),
    ageSeconds: seen.age?.seconds ?? null,
    ageResolutionSeconds: seen.age?.resolution ?? null,
    firstAgeSeconds: seen.firstAge?.seconds ?? null,
    host: source.host,
  }
}

function listedEvent(page: Page, index: number, cells: Cells, owner: EventsOwner): ObjectEvent {
  const object = splitObject(cells['object'] ?? '')
  return objectEventOf({
    ...common(page, index, cells),
    objectKind: object.kind,
    name: object.name,
    namespace: object.kind === 'Node' ? null : (cells['namespace'] ?? owner.namespace),
  })
}

function describedEvent(page: Page, index: number, cells: Cells, owner: EventsOwner): ObjectEvent {
  const told = common(page, index, cells)
  const node = owner.kind === 'Node' || (owner.kind === null && OF_NODE.test(told.reason))
  return objectEventOf({
    ...told,
    objectKind: node ? 'Node' : owner.kind,
    name: owner.name ?? (node ? (told.host ?? owner.host) : null),
    namespace: node ? null : owner.namespace,
    host: told.host ?? owner.host,
  })
}

/** Whom a block of events is about, by what its messages say. */
export function ownerInRows(page: Page, from: number, to: number, owner: EventsOwner): EventsOwner {
  if (owner.name !== null) return owner
  for (let index = from; index < to; index += 1) {
    const message = DESCRIBED.exec((page.lines[index] ?? '').trim())?.groups?.['message'] ?? ''
    const node = NODE_NAMED.exec(message)?.groups?.['node']
    if (node !== undefined) return { kind: 'Node', namespace: null, name: node, host: node }
    const pod = POD_NAMED.exec(message)?.groups
    if (pod !== undefined) return { kind: 'Pod', namespace: pod['namespace'] ?? null, name: pod['name'] ?? null, host: pod['node'] ?? null }
  }
  return owner
}

/** A header of events in any version, its blanks collapsed or not; and the rule below that of a description. */
const HEADER =
  /^(?:(?:NAMESPACE +)?LAST ?SEEN +(?:FIRST ?SEEN|TYPE|KIND)\b.*\bMESSAGE|Type +Reason +Age +From +Message|FirstSeen +LastSeen +Count +From\b.*)|^-{4} +-{4,}(?: +-{3,})+$/

export const isEventsHeader = (line: string): boolean => HEADER.test(line.trim())
