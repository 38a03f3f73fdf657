import type { IncidentFacts } from '../facts/incident-facts.ts'
import { isWholeGroup, livedIn, onHost, podOf } from '../facts/names.ts'
import type { Diagnosis, LimitId, Phrase } from '../model/diagnosis.ts'
import type { Incident, Kill } from '../model/incident.ts'
import { isNameless } from '../text/nameless.ts'
import { bytes, code, say } from '../text/say.ts'
import { limitSizeOf } from './limit-size.ts'

/** A list of incidents, a page's title, a chat message: one line each. */
export const verdictLength = 90

/**
 * Who, where, which limit: "`java` killed in `shop/cart-6d5/app`: container limit of 512 MiB". Names stand in full; whoever prints it shortens them
 * (`oneLine`), since redaction must see them whole.
 */
export function verdict(facts: IncidentFacts, diagnosis: Diagnosis): Phrase {
  const { incident } = facts
  const kill = incident.kills[0]
  if (kill === undefined) return withoutKill(incident, diagnosis)
  return say`${deaths(incident, kill)}: ${limitWords(diagnosis.limit.id, kill, limitSizeOf(kill, diagnosis.limit.id, facts))}`
}

/** Evictions and kills of one shortage are counted apart: an evicted pod is no killed process. The kind that came first leads. */
function deaths(incident: Incident, kill: Kill): Phrase {
  const evicted = incident.kills.filter(({ killer }) => killer === 'kubelet')
  const killed = incident.kills.filter(({ killer }) => killer !== 'kubelet')
  if (kill.killer === 'kubelet') {
    const also =
      killed.length === 0
        ? say``
        : killed[0]?.comm == null || killed.length > 1
          ? say`, ${killed.length === 1 ? 'a process' : `${killed.length} processes`} killed`
          : say`, ${code(killed[0].comm)} killed`
    return say`${evictions(evicted, incident.host)}${also}`
  }
  const pods = evicted.length === 0 ? say`` : say`, ${evicted.length === 1 ? 'a pod' : `${evicted.length} pods`} evicted`
  return say`${processes(killed, kill, incident.host)}${pods}`
}

const homesOf = (kills: readonly Kill[]): number =>
  new Set(kills.map((k) => `${k.workload?.pod ?? ''}/${k.workload?.container ?? k.workload?.unit ?? ''}`)).size

function evictions(evicted: readonly Kill[], host: string | null): Phrase {
  if (homesOf(evicted) > 1) return say`${evicted.length} pods evicted${onHost(host)}`
  const pod = podOf(evicted[0]?.workload ?? null)
  return pod === null ? say`A pod evicted${onHost(host)}` : say`Pod ${code(pod)} evicted`
}

function processes(kills: readonly Kill[], kill: Kill, host: string | null): Phrase {
  const where = livedIn(kill.workload, host, true)
  const by = kill.killer === 'kernel' || kill.killer === 'unknown' ? say`` : say` by ${kill.killer}`
  if (homesOf(kills) > 1) return say`${kills.length} processes${ofWhom(kills)} killed${by}${onHost(host)}`
  const atOnce = kills.length > 1 && kills.every((k) => k.eventKey === kill.eventKey)
  if (atOnce) return say`${kills.length} processes killed together${by}${where}`
  // Names that are not in the log may be the same.
  const names = new Set(kills.map((k) => k.comm).filter((comm) => comm !== null))
  if (names.size > 1) return say`${kills.length} processes killed${by}${where}`
  const who = isWholeGroup(kill) ? say`Everything` : kill.comm === null || isNameless(kill.comm) ? say`A process` : code(kill.comm)
  return say`${who} killed${kills.length > 1 ? ` ${kills.length} times` : ''}${by}${where}`
}

/** Five processes of one pod are one workload's trouble, of five pods the node's. */
function ofWhom(kills: readonly Kill[]): Phrase {
  const pods = new Set(kills.map((k) => k.workload?.podUid ?? k.workload?.pod ?? null))
  if (pods.has(null)) return say``
  const [only] = kills
  const name = podOf(only?.workload ?? null)
  if (pods.size > 1) return say` of ${pods.size} pods`
  return name === null ? say` of one pod` : say` of pod ${code(name)}`
}

const words: Readonly<Record<LimitId, string>> = {
  'container-limit': 'container limit',
  'pod-limit': 'pod limit',
  'allocatable-limit': 'limit for all pods',
  'unit-limit': 'unit limit',
  'cgroup-limit': 'cgroup limit',
  'node-memory': 'node out of memory',
  cpuset: 'memory of the cpuset used up',
  'memory-policy': 'memory of the policy’s nodes used up',
  'memory-zone': 'one memory zone used up',
  fragmentation: 'no free block large enough',
  'eviction-threshold': 'node below the eviction threshold',
  'pressure-threshold': 'memory threshold passed',
  'overcommit-limit': 'allocation refused',
  'runtime-heap': 'heap full',
  manual: 'asked for with SysRq-f',
  unknown: 'limit not in the log',
}

function limitWords(id: LimitId, kill: Kill, size: number | null): Phrase {
  const ofSize = size === null || !id.endsWith('-limit') || id === 'overcommit-limit' ? say`` : say` of ${bytes(size)}`
  // A slice's limit is hit by the units in it: the limit's own unit is named, not the one that died.
  const unit = id === 'unit-limit' ? kill.dump?.oomMemcg?.split('/').at(-1) : undefined
  return unit === undefined || unit === kill.workload?.unit ? say`${words[id]}${ofSize}` : say`limit of ${code(unit)}${ofSize}`
}

function withoutKill(incident: Incident, diagnosis: Diagnosis): Phrase {
  const where = livedIn(incident.workload, incident.host, true)
  switch (incident.nature) {
    case 'refused-allocation':
      return say`Allocation refused${where}: overcommit limit, nothing killed`
    case 'runtime-heap':
      return (incident.proofsBeside ?? []).length > 0
        ? say`Heap full${where}: whether it was killed could not be read`
        : say`Heap full${where}: ended by its own runtime, nothing killed`
    case 'no-kill':
      return diagnosis.consequence.id === 'node-panic'
        ? say`Kernel panic${onHost(incident.host)}: out of memory`
        : say`Nothing to kill${where}: ${words[diagnosis.limit.id]}`
    default:
      return say`Out of memory${where}: who was killed is not in the log`
  }
}
