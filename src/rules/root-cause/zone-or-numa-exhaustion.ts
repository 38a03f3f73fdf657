import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { isKnown } from '../consumer/held.ts'
import { defineRule } from '../define-rule.ts'
import { boundAnswer, isBystander, isReclaimer, relaxBinding } from '../limit/bound-nodes.ts'
import { constraintIn, machineState } from '../limit/machine.ts'
import { memoryZone } from '../limit/memory-zone.ts'

/** A cpuset, a memory policy or the request's own kind held it to part of the memory. */
export const zoneOrNumaExhaustion = defineRule({
  question: 'rootCause',
  id: 'zone-or-numa-exhaustion',
  title: 'Part of the memory was out of reach',
  needs: ['dump'],
  weight: 80,
  evaluate(facts) {
    const answer = boundAnswer(facts, 'cpuset') ?? boundAnswer(facts, 'memory-policy') ?? zone(facts)
    if (answer === null) return null
    return { ...answer, statement: statementOf(facts) }
  },
  recommend: (facts) => [...lowMemory(facts), ...relaxBinding(facts)],
})

/** A process that filled its part; or one that only asked, and died for what others (the kernel's own objects, mostly) had filled. */
function statementOf(facts: IncidentFacts) {
  const trigger = facts.dump?.trigger?.comm ?? null
  const asking = isReclaimer(trigger) ? null : trigger
  const own = facts.kill?.anonRssBytes ?? 0
  const held = facts.composition
  const large = held === null || held.scope !== 'part' || (held.main.id === 'anon' && own >= held.usedBytes * 0.4)
  // The binding is that of the task that asked: another that dies there is a bystander, unless it filled the part itself.
  const bound = constraintIn(facts) === 'cpuset' || constraintIn(facts) === 'memory_policy'
  if (bound && asking !== null && asking !== facts.kill?.comm && own < (held?.usedBytes ?? Number.POSITIVE_INFINITY) * 0.2)
    return say`${code(asking)} could use only part of the machine's memory by its cpuset or memory policy, and that part was full while the rest had room; ${victimOf(facts)} was killed there without being to blame.`
  if (bound && asking !== null && isBystander(facts))
    return say`${code(asking)} could use only part of the machine's memory by its cpuset or memory policy, and that part was full while the rest had room; ${victimOf(facts)} was killed for it, and how much it held there is not printed.`
  // A request that may not use a zone by its kind binds nobody: the victim filled its part only where it asked itself.
  const forbidden = machineState(facts)?.forbidden ?? []
  const isBound = bound || forbidden.length === 0
  const filler = facts.kill?.comm ?? null
  if (filler !== null && (isBound || asking === filler) && large)
    return say`${code(filler)} could use only part of the machine's memory, and filled that part while the rest had room.`
  const killed = large ? say`` : say`; the killed process held little of it`
  return say`${asking === null ? say`The request` : say`The request of ${code(asking)}`} could use only part of the machine's memory${partOf(held)} while the rest had room${killed}.`
}

/** How large that part was and what filled it, where the figures tell. */
function partOf(held: IncidentFacts['composition']): Phrase {
  if (held === null || held.scope !== 'part') return say`, and that part was full`
  return say`, ${bytes(held.totalBytes)}, and that part was full (${isKnown(held) ? say`${bytes(held.main.bytes)} ${className(held.main.id)}` : say`the log does not say of what`})`
}

const className = (id: string): string =>
  ({ anon: 'memory of processes', file: 'page cache', shmem: 'shared memory', slab: 'kernel slab', pagetables: 'page tables' })[id] ??
  'of it the kernel’s'

/** A 32-bit kernel keeps its own objects in the first 896 MiB, however much memory there is; elsewhere a driver asks for low addresses. */
function lowMemory(facts: IncidentFacts): readonly Recommendation[] {
  const forbidden = machineState(facts)?.forbidden ?? []
  const is32 = forbidden.some((zone) => zone.name === 'HighMem')
  // `Normal` is closed to requests for DMA and DMA32 only; on a node that a request is held to, its nodes are what is to be widened.
  if (!is32 && (relaxBinding(facts).length > 0 || !forbidden.some((zone) => zone.name === 'Normal'))) return []
  return [
    ...(is32 ? [freeLowMemory(facts)] : []),
    {
      text: is32
        ? say`Run a 64-bit kernel: a 32-bit one can keep its own objects in the low memory only, and the memory above it (${code('HighMem')}) does not help.`
        : say`Find the driver that asks for low addresses (it stands in the call trace), and what fills that zone; with an IOMMU a device reaches all memory.`,
      why: is32
        ? say`Low memory is what ran out; more RAM makes it scarcer, for each page needs its entry there.`
        : say`Low memory is what ran out; the rest does not help.`,
      command: is32
        ? 'uname -m; grep -i low /proc/meminfo; slabtop -o -s c | head -15'
        : 'dmesg | grep -iE "iommu|swiotlb"; grep -A6 zone /proc/zoneinfo',
      when: is32 ? 'prevent' : 'now',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: is32 ? 'platform' : 'kernel',
    },
  ]
}

/** `struct page` of a 32-bit kernel: 32 bytes at least (include/linux/mm_types.h), all of them in low memory. */
const PAGE_ENTRY = 32
const PAGE = 4096
const entriesOf = (size: number): number => (size / PAGE) * PAGE_ENTRY

/** Until another kernel runs: fewer of what must lie in low memory. Stacks and page tables go with processes, caches on demand, entries with RAM. */
function freeLowMemory(facts: IncidentFacts): Recommendation {
  const high = machineState(facts)?.forbidden.find((one) => one.name === 'HighMem')?.sizeBytes ?? null
  const boot =
    high === null || entriesOf(high) < LARGE_ENTRIES
      ? say``
      : say` At the next boot give the kernel less memory (${code('mem=16G')}): its entries for the ${bytes(high)} of ${code('HighMem')} alone take ${bytes(entriesOf(high))} of low memory.`
  return {
    text: say`Free low memory: end processes that are not needed (each has its stack there, and its page tables as a rule), and let the kernel give back its caches.${boot}`,
    why: say`Until then any process may be the next: free memory in ${code('HighMem')} serves none of these requests.`,
    command: "sync; echo 2 > /proc/sys/vm/drop_caches; grep -E 'Low|SReclaimable|SUnreclaim|KernelStack|PageTables' /proc/meminfo",
    when: 'now',
    effect: say`Drops cached directory entries and inodes: looking up files is slower for a while.`,
    owner: 'platform',
  }
}

/** From 16 GiB on the entries take a good part of the 896 MiB. */
const LARGE_ENTRIES = 128 * 2 ** 20

const zone = (facts: IncidentFacts) =>
  facts.dump === null || facts.zones === null ? null : memoryZone.evaluate({ ...facts, dump: facts.dump, zones: facts.zones })
