import type { ClockAnchor, Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { isBeforeKernel } from './dead-clock.ts'
import { type Deaths, deathsOf, isBare, receptionClock, releasesOf, shareDeath } from './deaths.ts'
import { cornerOf, type Hosts, sameHost } from './hosts.ts'
import { namesakes } from './namesakes.ts'

/** A run of one source within one boot: between two boot marks, or between two places where the uptime fell back. */
export interface Segment {
  readonly evidence: SourceEvidence
  readonly host: string | null
  readonly bootId: string | null
  readonly events: readonly Event[]
  readonly anchors: readonly ClockAnchor[]
  /** It ended before the boot that was up when its machine was looked at: another one follows in the same log, or its name says so. */
  readonly isEarlier: boolean
}

/** All segments of one boot of one host. */
export interface Boot {
  readonly key: string
  readonly host: string | null
  readonly bootId: string | null
  readonly segments: readonly Segment[]
}

/** The kernel's clock at the last line that is known of a boot. */
export function lastUptimeUs(boot: Boot): number {
  let last = 0
  for (const { events, anchors } of boot.segments) {
    for (const { moment } of events) last = Math.max(last, moment.uptimeUs ?? 0)
    for (const { uptimeUs } of anchors) last = Math.max(last, uptimeUs)
  }
  return last
}

/**
 * Lines of one report may step back a little between CPUs, and people paste reports in another order; a boot steps back to (nearly) zero, or to where its log begins. After
 * months of uptime another boot that died within a thousandth of the same uptime is the less likely.
 */
const stepBack = { us: 5_000_000, share: 0.001 }
const isStepBack = (fromUs: number, toUs: number): boolean => fromUs - toUs > Math.max(stepBack.us, fromUs * stepBack.share)

type Item = { readonly line: number; readonly uptimeUs: number | null; readonly event: Event | null; readonly anchor: ClockAnchor | null }

/** Cuts a source into boots: by boot id where records carry one, else by `Linux version` lines and by uptimes that fall back. */
function segmentsOf(evidence: SourceEvidence, hosts: Hosts): Segment[] {
  const items: Item[] = [
    ...evidence.events.map((event) => ({
      line: event.quotes[0]?.line ?? event.quotes[0]?.offset ?? 0,
      uptimeUs: event.moment.uptimeUs,
      event,
      anchor: null,
    })),
    ...evidence.anchors.map((anchor) => ({ line: anchor.line ?? 0, uptimeUs: anchor.uptimeUs, event: null, anchor })),
  ]
  items.sort((a, b) => a.line - b.line)
  const groups = new Map<string, { host: string | null; bootId: string | null; events: Event[]; anchors: ClockAnchor[] }>()
  const run = new Map<string, { index: number; last: number | null }>()
  for (const item of items) {
    const printed = item.event?.kind === 'object-event' ? null : (item.event?.host ?? item.anchor?.host ?? null)
    const host = hosts.of(evidence, printed)
    const bootId = item.event?.bootId ?? item.anchor?.bootId ?? null
    const state = run.get(host ?? '') ?? { index: 0, last: null }
    run.set(host ?? '', state)
    if (bootId === null) {
      const fellBack = item.uptimeUs !== null && state.last !== null && isStepBack(state.last, item.uptimeUs)
      const marked = item.event?.kind === 'boot' && state.last !== null && (item.uptimeUs === null || item.uptimeUs < 1_000_000)
      if (fellBack || marked) state.index++
      if (item.uptimeUs !== null || marked) state.last = item.uptimeUs ?? 0
    }
    const key = `${host ?? ''}\n${bootId ?? `#${state.index}`}`
    const group = groups.get(key) ?? { host, bootId, events: [], anchors: [] }
    groups.set(key, group)
    if (item.event !== null) group.events.push(item.event)
    if (item.anchor !== null) group.anchors.push(item.anchor)
  }
  // A kernel log of which no line is kept still covers a span of its boot.
  if (groups.size === 0 && isBare(evidence))
    groups.set('', { host: hosts.of(evidence, null), bootId: evidence.source.bootId, events: [], anchors: [] })
  const all = [...groups.values()]
  const lastOf = new Map(all.map((g) => [g.host, g]))
  const isEarlier = evidence.source.place.earlierBoot === true
  return all.map((g) => ({ evidence, ...g, anchors: believed(g.anchors, g.events), isEarlier: isEarlier || lastOf.get(g.host) !== g }))
}

/** Without readings of a clock that was read long before, or that shows a time before its kernel was written. */
function believed(anchors: readonly ClockAnchor[], events: readonly Event[]): readonly ClockAnchor[] {
  const late = receptionClock(events)
  const releases = releasesOf(events)
  const isDead = ({ wall }: ClockAnchor): boolean => 'epochUs' in wall && isBeforeKernel(wall.epochUs, releases)
  return anchors.filter((a) => !(late && a.via === 'audit') && !(a.via === 'rtc' && (late || isDead(a))))
}

/** An estimate of the boot instant on UTC (or local time, which is then only good modulo a quarter of an hour). */
function bootInstant(segment: Segment): { us: number; local: boolean; toleranceUs: number } | null {
  let best: { us: number; local: boolean; toleranceUs: number } | null = null
  for (const anchor of segment.anchors) {
    const stamp = 'stamp' in anchor.wall ? anchor.wall.stamp : null
    const epochUs = 'epochUs' in anchor.wall ? anchor.wall.epochUs : (stamp?.epochUs ?? null)
    const wall = epochUs ?? stamp?.localUs ?? null
    if (wall === null) continue
    const found = { us: wall - anchor.uptimeUs, local: epochUs === null, toleranceUs: 15_000_000 }
    if (best === null || (best.local && !found.local)) best = found
  }
  return best
}

/** Of a lone log nobody asks with whom it shares them. */
const noDeaths: Deaths = new Map()

/** Groups the segments of all sources into boots. */
export function bootsOf(all: readonly SourceEvidence[], hosts: Hosts): Boot[] {
  const segments = all.flatMap((e) => segmentsOf(e, hosts))
  const parent = segments.map((_, i) => i)
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i] as number] as number
    return i
  }
  const union = (a: number, b: number): void => {
    const [x, y] = [find(a), find(b)]
    if (x !== y) parent[Math.max(x, y)] = Math.min(x, y)
  }
  const facts: Fact[] = segments.map((s) => ({
    s,
    deaths: segments.length === 1 ? noDeaths : deathsOf(s.events),
    releases: releasesOf(s.events),
    instant: bootInstant(s),
    bundle: s.evidence.source.place.bundle,
  }))
  const apart = namesakes(all)
  const sameMachine = (a: Fact, b: Fact): boolean => mayShareMachine(a, b) && !apart(a.s.evidence, b.s.evidence)
  const sameBoot = (a: Fact, b: Fact): boolean => {
    if (a.s.bootId !== null && a.s.bootId === b.s.bootId) return true
    if (shareDeath(a.deaths, b.deaths)) return true
    if (a.instant === null || b.instant === null || !sameMachine(a, b)) return false
    const gap = Math.abs(a.instant.us - b.instant.us)
    return !a.instant.local && !b.instant.local && gap < a.instant.toleranceUs
  }
  // Only segments with a clue of their boot can be the same one; a thousand container logs have none.
  const clued = facts.flatMap((f, i) => (f.s.bootId !== null || f.deaths.size > 0 || f.instant !== null ? [i] : []))
  for (const [n, i] of clued.entries())
    for (const j of clued.slice(n + 1)) {
      const [a, b] = [facts[i], facts[j]] as [Fact, Fact]
      if (compatible(a, b) && sameBoot(a, b)) union(i, j)
    }
  adoptClockless(facts, sameMachine, find, union)
  const byRoot = new Map<number, Segment[]>()
  segments.forEach((s, i) => {
    byRoot.set(find(i), [...(byRoot.get(find(i)) ?? []), s])
  })
  return [...byRoot.values()].map((list, n) => {
    const bootId = list.find((s) => s.bootId !== null)?.bootId ?? null
    const host = list.find((s) => s.host !== null)?.host ?? null
    return { key: bootId ?? `boot-${n}`, host, bootId, segments: list }
  })
}

interface Fact {
  readonly s: Segment
  readonly deaths: Deaths
  readonly releases: ReadonlySet<string>
  readonly instant: { readonly us: number; readonly local: boolean; readonly toleranceUs: number } | null
  readonly bundle: string
}

/** Whether nothing speaks against two segments being of one boot. */
function compatible(a: Fact, b: Fact): boolean {
  // Segments of one source were cut apart for a reason; only a boot id joins them again.
  if (a.s.evidence === b.s.evidence && (a.s.bootId === null || a.s.bootId !== b.s.bootId)) return false
  if (a.s.bootId !== null && b.s.bootId !== null && a.s.bootId !== b.s.bootId) return false
  if (a.releases.size > 0 && b.releases.size > 0 && ![...a.releases].some((r) => b.releases.has(r))) return false
  return sameHost(a.s.host, b.s.host) && ((a.s.host !== null && b.s.host !== null) || a.bundle === b.bundle)
}

/** Whether two segments are of one machine as far as names and places tell: where one names its host and the other could not be lent it, they are not. */
function mayShareMachine(a: Fact, b: Fact): boolean {
  if (a.s.host !== null || b.s.host !== null) return a.s.host !== null && b.s.host !== null
  return cornerOf(a.s.evidence) === cornerOf(b.s.evidence)
}

/** Two kernel logs that name neither host nor day, and share no death: whether they are of one machine is unknown. */
const strangers = (a: Fact, b: Fact): boolean =>
  a.s.host === null && isBare(a.s.evidence) && isBare(b.s.evidence) && a.s.evidence.source.place.family !== b.s.evidence.source.place.family

/**
 * A segment that nothing ties to a boot (a bare dmesg, a log without uptimes) belongs to the only boot of its host in its bundle; to the last of
 * several when it is the ring buffer, since that is read at the end.
 */
function adoptClockless(
  facts: readonly Fact[],
  sameMachine: (a: Fact, b: Fact) => boolean,
  find: (i: number) => number,
  union: (a: number, b: number) => void,
): void {
  const clocked = facts.flatMap((f, j) => (f.instant !== null && !f.instant.local ? [j] : []))
  facts.forEach((fact, i) => {
    if (fact.s.bootId !== null || fact.s.isEarlier || (fact.instant !== null && !fact.instant.local)) return
    if (clocked.some((j) => find(j) === find(i))) return
    const roots = new Map<number, number>()
    for (const j of clocked) {
      const other = facts[j] as Fact
      if (j === i || find(j) === find(i) || other.bundle !== fact.bundle || !compatible(fact, other)) continue
      if (!sameMachine(fact, other) || strangers(fact, other)) continue
      roots.set(find(j), Math.max(roots.get(find(j)) ?? Number.NEGATIVE_INFINITY, other.instant?.us ?? 0))
    }
    const latest = [...roots].sort((a, b) => b[1] - a[1])[0]
    if (latest !== undefined) union(i, latest[0])
  })
}
