import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf } from '../../facts/names.ts'
import { sumOf } from '../../kernel/sums.ts'
import { guestOfUnit } from '../../kube/cgroup-neighbours.ts'
import { isSlurmCpuset } from '../../kube/ids.ts'
import type { LimitId, Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { zoneLines } from './fragmentation.ts'
import { constraintIn, freeOf, isGlobal, machineState } from './machine.ts'

/**
 * The kernel printed that a cpuset or a memory policy bound the request: whose it was, which nodes, and what they had. The binding is the allocating task's;
 * the victim is chosen among all whose nodes overlap and may have nothing to do with it.
 */
export function boundAnswer(facts: IncidentFacts, id: Extract<LimitId, 'cpuset' | 'memory-policy'>) {
  const constraint = constraintIn(facts)
  if (!isGlobal(facts) || constraint !== (id === 'cpuset' ? 'cpuset' : 'memory_policy')) return null
  const list = boundList(facts)
  const nodes = list === null ? say`its nodes` : say`NUMA node ${code(list)}`
  const what =
    id === 'cpuset'
      ? say`The cpuset ${code(facts.dump?.cpuset ?? facts.dump?.trigger?.cpuset ?? '?')}`
      : say`A memory policy (mbind, numactl)`
  const { sentence, sure } = stateOf(facts)
  return {
    confidence: sure ? facts.trust : ('medium' as const),
    statement: say`${what} held the request of ${requester(facts)} to ${nodes}${sentence}.${bystander(facts)}`,
    evidence: evidence(lines(facts, 'summary', 'header'), zoneLines(facts), killLines(facts, 1)),
    against: null,
  }
}

/** What the allowed nodes had: dry; free, but in a zone that such a request may not use; or not in the log. */
function stateOf(facts: IncidentFacts) {
  const machine = freeOf(facts)
  const whole = machine === null ? say`` : say`, and the whole machine ${bytes(machine)}`
  const allowed = (facts.zones ?? []).filter((zone) => zone.allowed && zone.name !== 'Device')
  const usable = allowed.filter((zone) => zone.usable)
  const free = (zones: typeof allowed): number => sumOf(zones.map((zone) => zone.freeBytes))
  const idle = allowed.filter((zone) => !zone.usable && zone.exhausted === false)
  if (usable.every((zone) => zone.exhausted !== false) && free(idle) > free(usable)) {
    const names = [...new Set(idle.map((zone) => zone.name))].join(', ')
    return {
      sentence: say`, which had ${bytes(free(idle))} free, but in zone ${code(names)}, which a request of this kind may not use${whole}`,
      sure: true,
    }
  }
  if (allowed.length === 0)
    return {
      sentence: machine === null ? say`` : say`; what those had is not in the log; the whole machine had ${bytes(machine)} free`,
      sure: true,
    }
  const dry = machineState(facts)?.allDry !== false
  return {
    sentence: dry
      ? say`, and that memory was exhausted; they had ${bytes(free(usable))} free${whole}`
      : say`; they had ${bytes(free(usable))} free${whole}`,
    sure: dry,
  }
}

/** The kernel's own thread that frees a node's memory asks for all who live there: it is bound to nothing and holds nothing. */
export const isReclaimer = (comm: string | null): boolean => comm?.startsWith('kswapd') === true

/** Whom the nodes bind: the task whose request was held to them; where the kernel's reclaim asked instead, the largest in the table. */
function boundProcess(facts: IncidentFacts): { readonly comm: string | null; readonly asked: boolean } {
  const comm = facts.dump?.trigger?.comm ?? null
  if (comm !== null && !isReclaimer(comm)) return { comm, asked: true }
  return { comm: facts.composition?.largest?.row.comm ?? facts.kill?.comm ?? null, asked: false }
}

const requester = (facts: IncidentFacts) => nameOf(facts.dump?.trigger?.comm ?? null, facts.dump?.trigger?.pid ?? null)

/** Whether the victim is another process than the one whose request was bound, and lived in another group where that is known. */
export function isBystander(facts: IncidentFacts): boolean {
  const { kill, dump } = facts
  const trigger = dump?.trigger ?? null
  if (kill === null || trigger?.comm == null || isReclaimer(trigger.comm) || constraintIn(facts) === 'none') return false
  const own = dump?.tasks.find((row) => row.pid === kill.pid)
  const same = trigger.pid === kill.pid || trigger.comm === kill.comm || (own !== undefined && own.comm === trigger.comm)
  const cpuset = dump?.cpuset ?? trigger.cpuset
  // The cpuset's last component stands in the victim's path where they live together.
  return !same && !(cpuset !== null && (kill.memcg ?? dump?.taskMemcg ?? '').split('/').includes(cpuset))
}

function bystander(facts: IncidentFacts) {
  return isBystander(facts)
    ? say` ${nameOf(facts.kill?.comm ?? null, facts.kill?.pid ?? null)} is a bystander: the binding is not its own.`
    : say``
}

/** The nodes that the request was held to, as printed. */
function boundList(facts: IncidentFacts): string | null {
  const { dump } = facts
  const constraint = constraintIn(facts)
  if (constraint === 'cpuset') return dump?.memsAllowed ?? dump?.trigger?.memsAllowed ?? null
  return constraint === 'memory_policy' ? (dump?.nodemask ?? dump?.trigger?.nodemask ?? null) : null
}

/** Where the binding is set: by what bound the request, and by who runs the one that was bound, where that is known. */
function whereBound(facts: IncidentFacts): Phrase {
  if (constraintIn(facts) === 'memory_policy')
    return say`its policy is set by ${code('numactl --membind')} where it is started, by ${code('NUMAPolicy=')} of its unit, or by the program itself; ${code('numactl --interleave=all')} spreads it over all nodes`
  const own = boundProcess(facts).comm === facts.kill?.comm ? facts.victimCgroup : null
  if (own?.podUid != null)
    return say`the kubelet's memory manager (${code('memoryManagerPolicy: Static')}) holds Guaranteed pods to the nodes that fit their request when they start, so a request for more than one node's memory gets two, and ${code('topologyManagerPolicy')} decides whether that is allowed`
  const guest = guestOfUnit(own?.unit ?? null)
  if (guest !== null)
    return say`libvirt holds the virtual machine to its ${code('<numatune>')} (${code(`virsh numatune ${shellWord(guest)} --nodeset 0-1 --live --config`)})`
  if (own?.level === 'slurm-job' || isSlurmCpuset(facts.dump?.cpuset ?? facts.dump?.trigger?.cpuset ?? ''))
    return say`the batch system set the cpuset of its step by the cores that it asked for: cores on both sockets, or a step of its own with ${code('--mem-bind=none')}`
  if (own?.level === 'unit')
    return say`${code('AllowedMemoryNodes=')} of its unit (${code('cpuset.mems')}), or ${code('numactl --interleave=all')} where it is started`
  return say`${code('cpuset.mems')}, ${code('numactl --interleave')}, or the kubelet's memory manager policy`
}

export function relaxBinding(facts: IncidentFacts) {
  const bound = boundList(facts)
  const dry = machineState(facts)?.dryNodes ?? []
  const list = bound !== null ? bound : dry.length > 0 ? dry.join(',') : null
  const { comm, asked } = boundProcess(facts)
  // A request that may not use a zone by its kind (low memory) is bound to no node.
  if (comm === null || list === null) return []
  return [
    {
      text: asked
        ? say`Allow ${code(comm)} more than NUMA node ${code(list)}, or let it interleave: ${whereBound(facts)}.`
        : say`Find out what is bound to NUMA node ${code(list)} (${code(comm)} held the most), and allow it more nodes or let it interleave: ${whereBound(facts)}.`,
      why: asked
        ? say`Memory on the other nodes cannot help a request that is held to some.`
        : say`The kernel's own reclaim called the killer, so the report does not name who was bound; memory on the other nodes cannot help it.`,
      command: asked
        ? 'numactl --hardware; numastat -m | head -20'
        : `numactl --hardware; numastat -m | head -20; numastat -p ${shellWord(comm)}`,
      when: 'now' as const,
      effect: say`The command changes nothing.`,
      lookFirst: asked,
      owner: 'platform' as const,
    },
  ]
}
