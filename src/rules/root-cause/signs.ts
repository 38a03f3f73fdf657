import type { Holder, IncidentFacts } from '../../facts/incident-facts.ts'
import type { MemoryClassId } from '../../model/figures.ts'
import type { Quote } from '../../model/origin.ts'
import { evidence } from '../evidence.ts'
import { isOnlyContainersLimit } from '../limit/container-limit.ts'

/** Signs that several root causes look for. */

/** A kernel kill at the limit of a memory cgroup. */
export const isMemcgKill = (facts: IncidentFacts): boolean =>
  facts.kill?.killer === 'kernel' && facts.scope === 'memcg' && facts.dump?.manual !== true

/** A limit that belongs to the victim's own workload: a container, unit, session or job, not one shared with others. */
export function isOwnLimit(facts: IncidentFacts): boolean {
  const level = facts.limitCgroup?.level
  if (level === 'pod') return isOnlyContainersLimit(facts) || (facts.pod?.containers.length ?? 1) === 1
  return level !== undefined && level !== 'kubepods' && level !== 'qos' && level !== 'slice' && level !== 'root'
}

/** A kernel kill for want of memory of the machine, or part of it. */
export const isGlobalKill = (facts: IncidentFacts): boolean =>
  facts.kill?.killer === 'kernel' && facts.scope === 'global' && facts.dump?.manual !== true

/** Kills known from a container status alone: no kernel report, no figures. */
export const isStatusOnly = (facts: IncidentFacts): boolean => facts.kill?.killer === 'kernel' && facts.kill.dump === null

/** Share that a class has of what was held, 0 without figures. */
export function shareOf(facts: IncidentFacts, ...ids: readonly MemoryClassId[]): number {
  const held = facts.composition
  if (held === null || held.from !== 'figures' || held.usedBytes <= 0) return 0
  return ids.reduce((sum, id) => sum + (held.classes[id] ?? 0), 0) / held.usedBytes
}

export const largestHolder = (facts: IncidentFacts): Holder | null => facts.composition?.largest ?? null

/** How long the killed container run had lived, in seconds. */
export function lifetimeSeconds(facts: IncidentFacts): number | null {
  const at = facts.kill?.at.epochUs ?? null
  return at === null || facts.started === null ? null : (at - facts.started.value) / 1_000_000
}

/** Whether the victim is a process of a pod. */
export const isPodVictim = (facts: IncidentFacts): boolean => facts.victimCgroup?.podUid != null || facts.kill?.workload?.kind === 'pod'

/** Whether the victim is known to live outside of pods and containers. */
export function isHostVictim(facts: IncidentFacts): boolean {
  const cgroup = facts.victimCgroup
  return cgroup !== null && cgroup.podUid === null && cgroup.containerId === null && cgroup.kubepodsPath === null
}

/** The command line of the victim, or the container's command and arguments, with the line it was read from. */
export function commandWords(facts: IncidentFacts): { readonly text: string; readonly quotes: readonly Quote[] } | null {
  if (facts.commandLine !== null) return { text: facts.commandLine.value, quotes: evidence([facts.commandLine.quote]) }
  const container = facts.container
  if (container === null) return null
  const env = Object.entries(container.env).map(([name, value]) => `${name}=${value}`)
  const text = [...container.command, ...env].join(' ')
  return text === '' ? null : { text, quotes: facts.pod?.quotes.slice(0, 1) ?? [] }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

export interface HeapCeiling {
  readonly runtime: 'jvm' | 'node' | 'go'
  readonly flag: string
  readonly bytes: number
}

/** The heap ceiling that flags give a runtime, in bytes; percentages are of `limit`. Names the flag as written. */
export function heapCeiling(text: string, limit: number): HeapCeiling | null {
  const jvm = /(?:^|[\s="'])(?<flag>-Xmx(?<n>\d+)(?<unit>[kKmMgGtT]?))\b/.exec(text)
  if (jvm?.groups)
    return {
      runtime: 'jvm',
      flag: jvm.groups['flag'] ?? '',
      bytes: Number(jvm.groups['n']) * (UNITS[(jvm.groups['unit'] ?? '').toLowerCase()] ?? 1),
    }
  const share = /(?<flag>-XX:MaxRAMPercentage=(?<n>\d+(?:\.\d+)?))/.exec(text)
  if (share?.groups) return { runtime: 'jvm', flag: share.groups['flag'] ?? '', bytes: (limit * Number(share.groups['n'])) / 100 }
  const node = /(?<flag>--max[-_]old[-_]space[-_]size[= ](?<n>\d+))/.exec(text)
  if (node?.groups) return { runtime: 'node', flag: node.groups['flag'] ?? '', bytes: Number(node.groups['n']) * 2 ** 20 }
  const go = /(?<flag>GOMEMLIMIT=(?<n>\d+)(?<unit>B|KiB|MiB|GiB|TiB)?)\b/.exec(text)
  if (go?.groups)
    return {
      runtime: 'go',
      flag: go.groups['flag'] ?? '',
      bytes: Number(go.groups['n']) * (UNITS[(go.groups['unit'] ?? '').charAt(0).toLowerCase().replace('b', '')] ?? 1),
    }
  return null
}
