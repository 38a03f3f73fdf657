import type { Holder, IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { MemoryClassId } from '../../model/figures.ts'
import { targetOf } from '../advice/target.ts'
import { isOnlyContainersLimit } from '../limit/container-limit.ts'

/** Signs that several root causes look for. */

/** The kernel killed, or panicked for want of memory, or found nothing that it could kill: the shortage is the same. */
const isByKernel = (facts: IncidentFacts): boolean =>
  facts.kill === null ? facts.incident.nature === 'no-kill' && facts.dump !== null : facts.kill.killer === 'kernel'

/** A kernel kill at the limit of a memory cgroup. */
export const isMemcgKill = (facts: IncidentFacts): boolean => isByKernel(facts) && facts.scope === 'memcg' && facts.dump?.manual !== true

/** A limit that belongs to the victim's own workload: a container, unit, session or job, not one shared with others. */
export function isOwnLimit(facts: IncidentFacts): boolean {
  const level = facts.limitCgroup?.level
  if (level === 'pod') return isOnlyContainersLimit(facts) || (facts.pod?.containers.length ?? 1) === 1
  return level !== undefined && level !== 'kubepods' && level !== 'qos' && level !== 'slice' && level !== 'root'
}

/** A kernel kill for want of memory of the machine, or part of it. */
export const isGlobalKill = (facts: IncidentFacts): boolean => isByKernel(facts) && facts.scope === 'global' && facts.dump?.manual !== true

/** Kills known from a container status alone: no kernel report, no figures. */
export const isStatusOnly = (facts: IncidentFacts): boolean => facts.kill?.killer === 'kernel' && facts.kill.dump === null

/** What the counters tell of some classes together; nothing where they tell nothing. */
export const heldAs = ({ composition }: IncidentFacts, ...ids: readonly MemoryClassId[]): number =>
  sumOf(ids.map((id) => composition?.classes[id]))

/** Share that a class has of what was held, 0 without figures. */
export function shareOf(facts: IncidentFacts, ...ids: readonly MemoryClassId[]): number {
  const held = facts.composition
  return held === null || held.from !== 'figures' || held.usedBytes <= 0 ? 0 : heldAs(facts, ...ids) / held.usedBytes
}

export const largestHolder = (facts: IncidentFacts): Holder | null => facts.composition?.largest ?? null

/** How long the killed container run had lived, in seconds. */
export function lifetimeSeconds(facts: IncidentFacts): number | null {
  const at = facts.kill?.at.epochUs ?? null
  return at === null || facts.started === null ? null : (at - facts.started.value) / 1_000_000
}

/** So long a container has done its ordinary work at least once. */
const LONG_SECONDS = 6 * 3600

/** How long the killed container had lived under its limit, where that speaks against a limit that is simply too low: what ends has no ordinary work. */
export function longLife(facts: IncidentFacts): number | null {
  const life = lifetimeSeconds(facts)
  const ends = targetOf(facts)?.ends === true
  return life !== null && life >= LONG_SECONDS && facts.kill?.comm !== null && !ends ? life : null
}

/** Whether the victim is a process of a pod. */
export const isPodVictim = (facts: IncidentFacts): boolean => facts.victimCgroup?.podUid != null || facts.kill?.workload?.kind === 'pod'

/** Whether the victim is known to live outside of pods and containers. */
export function isHostVictim(facts: IncidentFacts): boolean {
  const cgroup = facts.victimCgroup
  return cgroup !== null && cgroup.podUid === null && cgroup.containerId === null && cgroup.kubepodsPath === null
}

/** The share that a process has of what all processes held of their own, in RAM and in swap. */
export function shareOfHolder(facts: IncidentFacts, holder: Holder): number {
  const swapped = facts.dump?.tasks.map((row) => row.swapBytes) ?? []
  const all = sumOf([facts.composition?.classes.anon ?? facts.composition?.usedBytes, ...swapped])
  return all > 0 ? Math.min(1, (holder.bytes + holder.swapBytes) / all) : 0
}

/** The share of the node's memory that an evicted pod used by the eviction's own words; `null` where they do not tell. */
export function evictedShare(facts: IncidentFacts): number | null {
  const used = evictedUse(facts)
  const total = facts.node?.capacityBytes?.value ?? facts.machineAccounting?.totalBytes ?? facts.meminfo?.['MemTotal']?.value ?? null
  return used < 0 || total === null ? null : used / total
}

/** What the largest container of the evicted pods used, as the kubelet's message says; −1 where it says nothing. */
export function evictedUse(facts: IncidentFacts): number {
  const usages = facts.context.evictions
    .flatMap(({ event }) => event.usages)
    .concat(facts.kill?.event?.kind === 'eviction' ? facts.kill.event.usages : [])
  return Math.max(...usages.map((one) => one.usageBytes ?? Number.NaN).filter((size) => !Number.isNaN(size)), -1)
}
