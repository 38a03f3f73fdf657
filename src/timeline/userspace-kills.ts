import type { Event, UnitEvent, UserspaceKillEvent } from '../model/event.ts'
import type { Kill, Killer, PlacedEvent, Workload } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import { workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { gapUs, within } from './instants.ts'
import { killFrom, minuteUs, type Scene, secondUs } from './other-deaths.ts'
import { processWorkload } from './workloads.ts'

export function userspaceKills(scene: Scene, kernel: readonly Kill[]): Kill[] {
  const groups: PlacedEvent[][] = []
  const known = openAlike()
  const isTelling = (e: Event): e is UserspaceKillEvent | UnitEvent =>
    (e.kind === 'userspace-kill' && !e.dryRun) || (e.kind === 'unit' && e.what === 'oomd-killed')
  for (const placed of scene.events) {
    const e = placed.event
    if (!isTelling(e)) continue
    if (
      e.kind === 'userspace-kill' &&
      e.echo === true &&
      kernel.some((k) => sameHost(k.host, placed.host) && Math.abs(gapUs(k.at, placed.at) ?? 0) < minuteUs)
    )
      continue
    const found = known.first(placed)
    if (found === null) groups.push([placed])
    else groups[found]?.push(placed)
    known.add(placed, found ?? groups.length - 1)
  }
  return groups.map((group) => {
    const own = group.filter((p) => p.event.kind === 'userspace-kill')
    // A job's own output says no time, the daemon's log does.
    const main = (own.find(({ at }) => (at.epochUs ?? at.localTime) !== null) ?? own[0] ?? group[0]) as PlacedEvent<
      UserspaceKillEvent | UnitEvent
    >
    const e = main.event
    const cgroup = e.kind === 'userspace-kill' ? e.cgroup : null
    const path = cgroup ?? (e.kind === 'unit' ? `/system.slice/${e.unit}` : null)
    const lived = path === null ? null : workloadIn(path, scene.directory)
    const echo = e.kind === 'userspace-kill' && e.echo === true
    const killer: Killer = echo ? 'kernel' : e.kind === 'userspace-kill' ? e.killer : 'systemd-oomd'
    // A lone line of which nobody knows the writer may be anybody's; lines of one killer that go on with each other are its own.
    const quotes = uniqueQuotes(group.flatMap((p) => p.event.quotes))
    const about = e.kind === 'userspace-kill' ? { pid: e.pid, comm: e.comm, uid: e.uid, oomScoreAdj: e.oomScoreAdj } : {}
    return killFrom({
      at: main.at,
      host: main.host,
      boot: main.boot,
      killer,
      target: lived?.ref ?? null,
      memcg: cgroup,
      workload: lived?.workload ?? workloadOf(e),
      // Slurm reads the counter of a memory cgroup (`memory.events`, `memory.oom_control`): the limit was the cgroup's.
      constraint: echo ? 'memcg' : null,
      evidence: quotes.slice(0, 12),
      event: e,
      vouched: group.some(({ event: { writer } }) => writer !== 'shipper' && (writer !== 'unknown' || quotes.length > 1)),
      ...about,
    })
  })
}

/** Slurm's words name the job. */
function workloadOf(e: UserspaceKillEvent | UnitEvent): Workload {
  if (e.kind !== 'userspace-kill' || (e.killer !== 'slurm' && e.echo !== true)) return processWorkload
  return { ...processWorkload, kind: 'slurm-job', owner: e.job == null ? null : `SlurmJob/${e.job}` }
}

/**
 * Finds the first group with an event of the same death among those only that may be it (`sameUserspaceKill`): of the same process or unit, and, where both stand on
 * UTC, within what their clocks allow. A machine that kills every few seconds for a week stays linear.
 */
function openAlike() {
  interface Known {
    readonly placed: PlacedEvent
    readonly group: number
  }
  const byName = new Map<string, { readonly inTime: Map<number, Known[]>; readonly timeless: Known[] }>()
  /** Groups of which some event has an instant: it says whether another is of the same death, those without one no longer do. */
  const dated = new Set<number>()
  let slackUs = 0
  const namesOf = ({ event }: PlacedEvent): string[] => {
    const unit = unitOf(event)
    const names = unit === null ? [] : [`unit ${unit}`]
    return event.kind === 'userspace-kill' ? [`process ${event.killer} ${event.pid} ${event.cgroup}`, ...names] : names
  }
  return {
    add(placed: PlacedEvent, group: number): void {
      const { epochUs, uncertaintyMs } = placed.at
      slackUs = Math.max(slackUs, 1000 * (uncertaintyMs ?? 0))
      if (epochUs !== null) dated.add(group)
      for (const name of namesOf(placed)) {
        const own = byName.get(name) ?? { inTime: new Map<number, Known[]>(), timeless: [] }
        byName.set(name, own)
        const bucket = epochUs === null ? own.timeless : (own.inTime.get(bucketOf(epochUs)) ?? [])
        if (epochUs !== null) own.inTime.set(bucketOf(epochUs), bucket)
        bucket.push({ placed, group })
      }
    },
    /** Number of the group. */
    first(placed: PlacedEvent): number | null {
      const { epochUs, uncertaintyMs } = placed.at
      const reachUs = 10 * secondUs + slackUs + 1000 * (uncertaintyMs ?? 0)
      let first: number | null = null
      for (const name of namesOf(placed)) {
        const own = byName.get(name)
        if (own === undefined) continue
        const [from, to] = epochUs === null ? [-Infinity, Infinity] : [bucketOf(epochUs - reachUs), bucketOf(epochUs + reachUs)]
        const buckets = to - from < own.inTime.size ? range(from, to).map((at) => own.inTime.get(at) ?? []) : [...own.inTime.values()]
        const timeless = own.timeless.filter(({ group }) => epochUs === null || !dated.has(group))
        for (const bucket of [...buckets, timeless])
          for (const { placed: other, group } of bucket)
            if ((first === null || group < first) && sameUserspaceKill(other, placed)) first = group
      }
      return first
    },
  }
}

const bucketOf = (us: number): number => Math.floor(us / minuteUs)
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, more) => from + more)

/** The unit that an event of a userspace killer or of systemd speaks of. */
export const unitOf = (e: Event): string | null =>
  e.kind === 'unit' ? e.unit : e.kind === 'userspace-kill' ? (e.cgroup?.split('/').at(-1) ?? null) : null

function sameUserspaceKill(a: PlacedEvent, b: PlacedEvent): boolean {
  if (!sameHost(a.host, b.host)) return false
  const near = gapUs(a.at, b.at) !== null ? within(a.at, b.at, 10 * secondUs) : a.event.quotes[0]?.source !== b.event.quotes[0]?.source
  if (!near) return false
  if (a.event.kind === 'userspace-kill' && b.event.kind === 'userspace-kill')
    return a.event.killer === b.event.killer && a.event.pid === b.event.pid && a.event.cgroup === b.event.cgroup
  return unitOf(a.event) === unitOf(b.event)
}

function uniqueQuotes(quotes: readonly Quote[]): Quote[] {
  const seen = new Set<string>()
  return quotes.filter((q) => {
    const key = `${q.source}\n${q.line ?? q.cursor ?? q.offset}`
    return seen.has(key) ? false : seen.add(key)
  })
}
