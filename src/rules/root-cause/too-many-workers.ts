import type { IncidentFacts, NameGroup } from '../../facts/incident-facts.ts'
import { workloadOf } from '../../facts/names.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { short } from '../../text/names.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { mostOf } from '../../units/extremes.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { watchHistory } from '../advice/history.ts'
import { presentLimit } from '../advice/need.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { machineBytes } from '../advice/room.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { roundDown } from '../advice/sizes.ts'
import { changesBefore } from '../changes.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { sizeOfRow } from './claims.ts'
import { heldAs, isGlobalKill, isMemcgKill, isPodVictim } from './signs.ts'
import { plainOf } from './unbounded-workload.ts'

/** Pre-forked workers whose sum is the limit: no single one is large. */
export const tooManyWorkers = defineRule({
  question: 'rootCause',
  id: 'too-many-workers',
  title: 'Too many workers',
  needs: ['composition'],
  weight: 64,
  evaluate(facts) {
    const crowd = workersOf(facts)
    if (!(isMemcgKill(facts) || isGlobalKill(facts)) || crowd === null || crowd.count < 3 || crowd.count >= 1000) return null
    const share = crowd.bytes / facts.composition.usedBytes
    const largest = facts.composition.largest
    if (share < 0.5 || largest === null || largest.bytes > crowd.bytes * 0.5 || areManyPods(facts, crowd.comm)) return null
    const doubt = mayBeManyPods(facts, crowd.comm)
    return {
      confidence: doubt ? 'low' : 'medium',
      statement: say`${count(crowd.count)} processes named ${code(crowd.comm)} held ${bytes(crowd.bytes)} together (${percent(Math.min(1, share))} of what was in use), ${bytes(crowd.bytes / crowd.count)} each: their number, not one of them, fills ${facts.scope === 'memcg' ? 'the limit' : 'the machine'}.`,
      evidence: evidence(lines(facts, 'tableHead', 'memory'), rowsOf(facts, crowd.comm), killLines(facts, 1)),
      against: doubt ? say`Whether they belong to one pod or to many is not in the task table.` : null,
    }
  },
  alternative: (facts) => {
    const crowd = workersOf(facts)
    return say`${crowd === null ? say`The` : say`The ${count(crowd.count)}`} processes named ${code(crowd?.comm ?? '?')} may simply be too many${crowd === null ? say`` : say`: they held ${bytes(crowd.bytes)} together`}.`
  },
  recommend: (facts) => [...runFewer(facts), ...raiseLimit(facts), ...watchHistory(facts), ...ownContainer(facts), ...boundCrowd(facts)],
})

/** What says how large each may be has said it all. */
const boundCrowd = (facts: IncidentFacts): readonly Recommendation[] =>
  runtimeOf(workersOf(facts)?.comm.replace('*', '') ?? null, '')?.each === undefined ? boundRuntime(facts) : []

/** In a shortage of the machine: what runs so many in a container without a limit takes the machine along. */
export function ownContainer(facts: IncidentFacts): readonly Recommendation[] {
  const plain = isGlobalKill(facts) ? plainOf(facts) : null
  if (plain === null) return []
  return [
    {
      text: say`Give container ${code(short(plain.containerId))} a memory limit above what fewer of them need and below what the machine can spare (${code(`${plain.runtime} update --memory`)}; ${code('mem_limit')} in compose).`,
      why: say`Then the kernel kills inside of it, and the rest of the machine goes on.`,
      command: `${plain.runtime} stats --no-stream; free -m`,
      when: 'prevent',
      effect: say`The command changes nothing; ${code(`${plain.runtime} update`)} is in force at once, and kills at once if the limit is below what is held.`,
      lookFirst: true,
      owner: 'application',
    },
  ]
}

/** As many as fit, by the setting that says how many there are; where each has a task of its own, a size for each. Only of a crowd that holds most. */
export function runFewer(facts: IncidentFacts): readonly Recommendation[] {
  const crowd = workersOf(facts)
  const limit = facts.scope === 'memcg' ? presentLimit(facts) : othersAside(facts)
  // The ranks of a job share one task: fewer of them hold more each.
  if (facts.limitCgroup?.level === 'slurm-job') return []
  if (crowd === null || limit === null || crowd.count < 3 || crowd.bytes < (facts.composition?.usedBytes ?? 0) / 2) return []
  const fit = Math.max(1, Math.floor((limit * 0.75) / (crowd.bytes / crowd.count)))
  if (fit >= crowd.count) return []
  const row = runtimeOf(crowd.comm.replace('*', ''), '')
  const setting = row?.number ?? null
  if (row?.each !== undefined)
    return [
      {
        text: say`Give each of the ${count(crowd.count)} processes of ${code(crowd.comm)} less: ${bytes(roundDown((limit * 0.75) / crowd.count))} instead of ${bytes(crowd.bytes / crowd.count)} (${row.each}); together they then fit into three quarters of ${bytes(limit)}.`,
        why: say`Each of them does work of its own, so none can be left out; what is above that needs a larger machine.`,
        command: row.setEach?.replace('BYTES', String(roundDown((limit * 0.75) / crowd.count))) ?? null,
        when: 'now',
        effect: say`Takes effect while they run; less cache makes them slower.`,
        owner: 'platform',
      },
    ]
  return [
    {
      text: say`Run ${count(fit)} instead of ${count(crowd.count)} processes of ${code(crowd.comm)}${setting === null ? say`` : say` (${setting})`}: at ${bytes(crowd.bytes / crowd.count)} each they fit into three quarters of ${bytes(limit)}.`,
      why: say`A quarter is left for the parent, the page cache and a worker's peak. Count by memory, not by cores.`,
      command: null,
      when: 'now',
      effect: say`Takes a restart; less is done at once.`,
      owner: 'application',
    },
  ]
}

/** What the machine has for the crowd: all but what the others hold. */
function othersAside(facts: IncidentFacts): number | null {
  const machine = machineBytes(facts)
  const crowd = crowdOf(facts)
  const held = facts.composition
  if (machine === null || crowd === null || held === null) return machine
  // File pages give way; shared memory, kernel memory and the other processes do not.
  const others = held.usedBytes - heldAs(facts, 'file') - crowd.bytes
  return Math.max(crowd.bytes / crowd.count, machine - Math.max(0, others))
}

/** Processes of different pods are no workers of one service: their adjustments differ, or the kills name several pods. */
function areManyPods(facts: IncidentFacts, comm: string): boolean {
  if (!isGlobalKill(facts) && facts.limitCgroup?.level !== 'kubepods' && facts.limitCgroup?.level !== 'qos') return false
  const pods = new Set(
    facts.incident.kills.flatMap((kill) => (kill.comm === comm && kill.workload?.podUid != null ? [kill.workload.podUid] : [])),
  )
  if (pods.size > 1 || changesBefore(facts).some((change) => change.what === 'rescale')) return true
  const owner = workloadOf(facts)?.owner ?? facts.pod?.owner ?? null
  return owner !== null && facts.incident.pods.filter((pod) => pod.owner === owner && pod.node === facts.pod?.node).length > 2
}

/** A node's table does not tell pods apart: one program many times is one pod's workers only where that is how the program works. */
function mayBeManyPods(facts: IncidentFacts, comm: string): boolean {
  return isGlobalKill(facts) && isPodVictim(facts) && runtimeOf(comm.replace('*', ''), '')?.number === undefined
}

/** The name that holds the most, with its processes. */
export const crowdOf = (facts: IncidentFacts) => facts.composition?.groups[0] ?? null

/** Of that name those that are alike: a parent that holds little, or a few that grew beside many small ones, would make "each" a size that none has. */
function workersOf(facts: IncidentFacts): NameGroup | null {
  const crowd = crowdOf(facts)
  const sizes = crowd === null ? [] : namedRows(facts, crowd.comm).map(sizeOfRow)
  const alike = sizes.filter((size) => size * 4 >= mostOf(sizes))
  if (crowd === null || alike.length === sizes.length) return crowd
  return { comm: crowd.comm, count: alike.length, bytes: (crowd.bytes * sumOf(alike)) / sumOf(sizes) }
}

const namedRows = (facts: IncidentFacts, comm: string) =>
  facts.dump?.tasks.filter((row) => row.comm === comm || (comm.endsWith('*') && row.comm.startsWith(comm.slice(0, -1)))) ?? []

export const rowsOf = (facts: IncidentFacts, comm: string) =>
  namedRows(facts, comm)
    .slice(0, 2)
    .map((row) => row.quote)
