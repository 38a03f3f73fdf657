import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { LimitId } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { zoneLines } from './fragmentation.ts'
import { constraintIn, freeOf, isGlobal, machineState } from './machine.ts'

/** The kernel printed that a cpuset or a memory policy bounded the request: which nodes, and what they had. */
export function boundAnswer(facts: IncidentFacts, id: Extract<LimitId, 'cpuset' | 'memory-policy'>) {
  const constraint = constraintIn(facts)
  if (!isGlobal(facts) || constraint !== (id === 'cpuset' ? 'cpuset' : 'memory_policy')) return null
  const list = boundList(facts, constraint)
  const state = machineState(facts)
  const free = state?.usable.reduce((sum, zone) => sum + (zone.freeBytes ?? 0), 0) ?? null
  const machine = freeOf(facts)
  const nodes = list === null ? say`its nodes` : say`NUMA node ${code(list)}`
  const figures = free === null || machine === null ? say`` : say`; they had ${bytes(free)} free, the whole machine ${bytes(machine)}`
  const what =
    id === 'cpuset'
      ? say`The cpuset ${code(facts.dump?.cpuset ?? facts.dump?.trigger?.cpuset ?? '?')}`
      : say`A memory policy (mbind, numactl)`
  return {
    confidence: facts.trust,
    statement: say`${what} allowed the request ${nodes} only, and that memory was exhausted${figures}.`,
    evidence: evidence(lines(facts, 'summary', 'header'), zoneLines(facts), killLines(facts, 1)),
    against: null,
  }
}

/** The nodes that the request was held to, as printed. */
function boundList({ dump }: IncidentFacts, constraint: ReturnType<typeof constraintIn>): string | null {
  if (constraint === 'cpuset') return dump?.memsAllowed ?? dump?.trigger?.memsAllowed ?? null
  return constraint === 'memory_policy' ? (dump?.nodemask ?? dump?.trigger?.nodemask ?? null) : null
}

export function relaxBinding(facts: IncidentFacts) {
  const bound = boundList(facts, constraintIn(facts))
  const dry = machineState(facts)?.dryNodes ?? []
  const list = bound !== null ? bound : dry.length > 0 ? dry.join(',') : null
  const comm = facts.kill?.comm ?? null
  // A request that may not use a zone by its kind (low memory) is bound to no node.
  if (comm === null || list === null) return []
  return [
    {
      text: say`Allow ${code(comm)} more than NUMA node ${code(list)}, or let it interleave: ${code('cpuset.mems')}, ${code('numactl --interleave')}, or the kubelet's memory manager policy.`,
      why: say`Memory on the other nodes cannot help a bound process.`,
      command: 'numactl --hardware',
      when: 'now' as const,
    },
  ]
}
