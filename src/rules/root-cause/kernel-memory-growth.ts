import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { type KernelPart, kernelPart } from '../../facts/kernel-part.ts'
import { groupOf, machineOf } from '../../facts/names.ts'
import { sumOf, sumOfKeys } from '../../kernel/sums.ts'
import { isPodUid } from '../../kube/ids.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import type { MemoryClassId } from '../../model/figures.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { largestFirst } from '../../units/extremes.ts'
import { watchHistory } from '../advice/history.ts'
import { hasAllocationProfile } from '../advice/kernel-age.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { sandboxPid } from '../advice/sandbox.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { leaksCaches } from './kernel-memory-bug.ts'
import { type SharedSegment, sharedSegment } from './shared-segment.ts'
import { heldAs, shareOf } from './signs.ts'
import { meaningOf, partMeanings, type SlabMeaning, slabMeanings } from './slab-caches.ts'

/** Slab, sockets, page tables, pipes: kernel memory that processes make the kernel hold; killing them frees it only by chance. */
export const kernelMemoryGrowth = defineRule({
  question: 'rootCause',
  id: 'kernel-memory-growth',
  title: 'Kernel memory grew',
  needs: ['composition'],
  weight: 76,
  evaluate(facts) {
    const segment = sharedSegment(facts)
    if (segment !== null && segment.tablesBytes >= facts.composition.totalBytes * 0.1) return pageTables(facts, segment)
    const share = kernelShare(facts)
    const scope = facts.composition.scope
    if (facts.kill?.killer !== 'kernel' || share < (scope === 'memcg' ? 0.4 : 0.25)) return null
    const anon = shareOf(facts, 'anon')
    const size = share * facts.composition.usedBytes
    return {
      // What such a kernel counts may be what it leaked, and no object that lives.
      confidence: share >= 0.5 && anon < 0.35 && !(scope === 'memcg' && leaksCaches(facts)) ? facts.trust : 'medium',
      statement: say`${bytes(size)}, ${percent(share)} of what ${scope === 'memcg' ? groupOf(facts) : machineOf(facts)} held, was kernel memory${mainPart(facts)}: ${whatItIs(facts)}. Processes held ${percent(anon)}; killing one of them frees kernel memory only by chance.`,
      evidence: evidence(
        largestFirst(facts.dump?.memInfo?.slabs ?? [], (slab) => slab.totalBytes)
          .slice(0, 2)
          .map((slab) => slab.quote),
        counterLines(facts, 'slab_unreclaimable', 'kernel', 'slab', 'sock', 'pagetables'),
        lines(facts, 'memory', 'slabs'),
        killLines(facts, 1),
      ),
      against: anon >= 0.35 ? say`Processes held ${percent(anon)} in memory of their own.` : null,
    }
  },
  recommend(facts) {
    const segment = sharedSegment(facts)
    if (segment !== null && segment.tablesBytes >= facts.composition.totalBytes * 0.1)
      // Its own settings against this are the two above: fewer of it, and huge pages.
      return [...fewerTables(segment), ...watchHistory(facts)]
    return [...findOwner(facts), ...watchHistory(facts), ...allocationProfile(facts)]
  },
})

function pageTables(facts: IncidentFacts, segment: SharedSegment) {
  return {
    confidence: 'medium' as const,
    statement: say`${count(segment.processes)} ${code(segment.comm)} processes map one shared segment of ${bytes(segment.segmentBytes)}, and each needs page tables of its own for it: ${bytes(segment.tablesBytes / segment.processes)} each, ${bytes(segment.tablesBytes)} together, beside the segment itself.`,
    evidence: evidence([segment.quote], counterLines(facts, 'pagetables', 'shmem'), killLines(facts, 1)),
    against: null,
  }
}

/** With 2 MiB pages a segment needs a five-hundredth of the tables; fewer processes need fewer of them. */
function fewerTables(segment: SharedSegment): readonly Recommendation[] {
  return [
    {
      text: say`Run fewer ${code(segment.comm)} processes (${runtimeOf(segment.comm, '')?.number ?? say`a connection pooler, or a lower number of connections`}). Each one less frees ${bytes(segment.tablesBytes / segment.processes)} of page tables.`,
      why: say`Page tables are kept for each process, however much of the memory behind them is shared.`,
      command: null,
      when: 'now',
      effect: say`Takes a restart of the service; clients wait for a connection instead.`,
      owner: 'application',
    },
    {
      text: say`Put the segment of ${bytes(segment.segmentBytes)} on huge pages (${code('huge_pages = on')} in PostgreSQL, ${code('use_large_pages = only')} in Oracle): its page tables all but vanish.`,
      why: say`A page of 2 MiB needs one entry where 512 were needed.`,
      command: `sysctl vm.nr_hugepages; grep -E 'PageTables|HugePages_|Shmem:' /proc/meminfo  # needs ${Math.ceil((segment.segmentBytes * 1.02) / 2 ** 21)} pages of 2 MiB`,
      when: 'prevent',
      effect: say`The command changes nothing. Reserve the pages early after boot; the service takes them at its restart.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}

/** Which objects they are decides how to look for whose they are. */
function findOwner(facts: IncidentFacts): readonly Recommendation[] {
  const size = kernelShare(facts) * (facts.composition?.usedBytes ?? 0)
  const found = mainClass(facts) === 'pagetables' ? null : meaningOf(facts.dump?.memInfo?.slabs ?? [])
  const meaning = found?.meaning ?? ofClass(facts)
  if (meaning === null)
    return [
      {
        text: say`Find what makes the kernel hold ${bytes(size)}: open files, sockets, pipes, threads, mounts, or a driver.`,
        why: say`The processes are small: a higher limit or a smaller process only delays the next kill.`,
        command:
          openInPod(facts) ??
          'slabtop -o -s c | head -20; cat /proc/sys/fs/file-nr /proc/net/sockstat; grep -E "Slab|SUnreclaim|KernelStack|PageTables|Percpu|VmallocUsed" /proc/meminfo',
        when: 'now',
        effect: say`Changes nothing.`,
        owner: 'platform',
      },
    ]
  const names = (found?.top ?? []).reduce<Phrase>(
    (all, slab, i) => say`${all}${i === 0 ? '' : ', '}${code(slab.name)} ${bytes(slab.totalBytes)}`,
    say``,
  )
  return [
    {
      text: say`${meaning.find} The kernel held ${bytes(size)}${found === null ? say`` : say` (${names})`}.`,
      why: say`The killed process is a bystander: a limit or profile of it changes nothing.`,
      command: inNetworks(facts, meaning),
      when: 'now',
      effect: say`Changes nothing.`,
      owner: meaning.owner,
    },
  ]
}

/** What the present container of the pod has open, by kind, and its sockets: the machine's own tables count everybody's. */
function openInPod(facts: IncidentFacts): string | null {
  const uid = facts.victimCgroup?.podUid ?? null
  if (facts.composition?.scope !== 'memcg' || uid === null || !isPodUid(uid)) return null
  const pid = `p="$(crictl inspect -o go-template --template '{{.info.pid}}' "$(crictl ps -q --label io.kubernetes.pod.uid=${uid} | head -1)")"`
  return `${pid}; ls -l /proc/$p/fd | grep -oE '(socket|pipe|anon_inode|/)[a-z]*' | sort | uniq -c; nsenter -t $p -n ss -s  # on the node`
}

/** A pod's sockets are in a network of its own, which its sandbox holds as long as the pod lives: `ss` on the node does not see them. */
function inNetworks(facts: IncidentFacts, { command, listOfNetwork: list }: SlabMeaning): string {
  if (list === undefined) return command
  const uid = facts.victimCgroup?.podUid ?? facts.kill?.workload?.podUid ?? null
  if (facts.composition?.scope !== 'memcg' || uid === null || !isPodUid(uid))
    return `for p in $(lsns -nt net -o PID); do nsenter -t $p -n ${list}; done | ${command}`
  return `nsenter -t ${sandboxPid(uid)} -n ${list} | ${command}  # on the node`
}

/** Without a table of slabs the class tells: sockets, or slab that is reclaimable, which is names and inodes of files (`SLAB_RECLAIM_ACCOUNT`). */
function ofClass(facts: IncidentFacts): SlabMeaning | null {
  if (mainClass(facts) === 'kernel') return ofParts(facts)
  if (mainClass(facts) === 'pagetables') return partMeanings['pagetables'] ?? null
  const byName = (name: string) => slabMeanings.find((row) => row.names.includes(name)) ?? null
  if (mainClass(facts) === 'sock') return byName('skbuff*')
  return mainClass(facts) === 'slab' && isMostlyReclaimable(facts) ? byName('dentry') : null
}

/** Of a group the statistics tell the parts (`vmalloc` and `percpu` from 5.18 on): the one that makes up most of it, else what none of them counts. */
function ofParts(facts: IncidentFacts): SlabMeaning | null {
  const details = facts.memcgAccounting?.details ?? {}
  const size = heldAs(facts, 'kernel')
  if (facts.composition?.scope !== 'memcg' || details['vmalloc'] === undefined || size <= 0) return null
  const parts = ['vmalloc', 'percpu', 'kernel_stack'].map((name) => [name, sumOfKeys(details, name)] as const)
  const rest = size - sumOf(parts.map(([, part]) => part))
  const [name, most] = [...parts, ['pipes', rest] as const].reduce((best, next) => (next[1] > best[1] ? next : best))
  return most >= size * 0.5 ? (partMeanings[name] ?? null) : null
}

function isMostlyReclaimable(facts: IncidentFacts): boolean {
  const details = (facts.composition?.scope === 'memcg' ? facts.memcgAccounting : facts.machineAccounting)?.details ?? {}
  const [able, not] = [sumOfKeys(details, 'slab_reclaimable'), sumOfKeys(details, 'slab_unreclaimable')]
  return able > 0 && able >= not * 3
}

/** 6.10 and later can name the allocating lines of the kernel in the next report itself. */
function allocationProfile(facts: IncidentFacts): readonly Recommendation[] {
  if (facts.composition?.scope === 'memcg') return []
  return [
    {
      text: say`Record the growth of the slab caches, so that the next report can be read against it.`,
      why: hasAllocationProfile(facts)
        ? say`A cache that only grows names the leak; kernels from 6.10 on can name the allocating code (${code('vm.mem_profiling')}).`
        : say`A cache that only grows names the leak.`,
      command: 'while sleep 600; do date; slabtop -o -s c | sed -n 8,14p; done >> /var/tmp/slab.log &',
      when: 'find',
      effect: say`Writes a few lines every ten minutes until it is ended.`,
      owner: 'kernel',
    },
  ]
}

/** Kernel classes together; in a memory cgroup of kernels before 5.18 what has no counter is kernel memory too. */
function kernelShare(facts: IncidentFacts): number {
  const named = shareOf(facts, 'slab', 'kernel', 'sock', 'pagetables')
  const held = facts.composition
  const counted = facts.dump?.stats.some((stats) => 'kernel' in stats.values || 'slab' in stats.values) ?? true
  const hidden =
    held !== null && held.scope === 'memcg' && held.from === 'figures' && counted ? Math.max(0, held.unaccountedBytes) / held.usedBytes : 0
  return named + (hidden >= 0.15 ? hidden : 0)
}

const PARTS = ['slab', 'sock', 'pagetables', 'kernel'] as const satisfies readonly MemoryClassId[]
const NAMES: Readonly<Record<(typeof PARTS)[number], string>> = {
  slab: 'slab',
  sock: 'network buffers',
  pagetables: 'page tables',
  kernel: 'outside of slab',
}

function mainClass(facts: IncidentFacts): (typeof PARTS)[number] | null {
  const sizes = PARTS.map((id) => [id, heldAs(facts, id)] as const)
  const [id, size] = sizes.reduce((best, next) => (next[1] > best[1] ? next : best))
  return size === 0 ? null : id
}

function mainPart(facts: IncidentFacts): Phrase {
  const id = mainClass(facts)
  const part = id === 'kernel' ? kernelPart(facts) : null
  if (part !== null) return say`, ${bytes(part.bytes)} of it ${code(part.counter)}`
  return id === null ? say`` : say`, ${bytes(heldAs(facts, id))} of it ${NAMES[id]}`
}

const objects = say`objects that the kernel keeps for open files, sockets, pipes, mounts or mappings`

/** Whose each counter of the kernel's is (Documentation/admin-guide/cgroup-v2.rst, memory.stat). */
const PART_MEANINGS: Readonly<Record<KernelPart['counter'], string>> = {
  kernel_stack: 'the stacks of threads, 16 KiB each on x86-64: there are too many of them',
  percpu: 'data kept once for each CPU: of cgroups, of eBPF maps, of network namespaces and mounts',
  vmalloc: 'large areas that the kernel maps piece by piece: eBPF programs and maps, stacks of threads, tables of the network',
  zswap: "the processes' own memory, compressed instead of swapped out",
}

/** The table of unreclaimable slabs (4.15 and later, machine-wide) names it; of a group only the class is known. */
function whatItIs(facts: IncidentFacts): Phrase {
  const found = meaningOf(facts.dump?.memInfo?.slabs ?? [])
  const slab = heldAs(facts, 'slab')
  if (found !== null && mainClass(facts) !== 'pagetables' && found.top.some(({ totalBytes }) => totalBytes >= slab * 0.2)) {
    const names = found.top.reduce<Phrase>(
      (all, one, i) => say`${all}${i === 0 ? '' : ', '}${code(one.name)} ${bytes(one.totalBytes)}`,
      say``,
    )
    return say`${names}, which are ${found.meaning.are}`
  }
  switch (mainClass(facts)) {
    case 'sock':
      return say`data in sockets that was not read or not taken`
    case 'pagetables':
      return say`the tables that map the processes' memory`
    case 'kernel': {
      const part = kernelPart(facts)
      return part === null ? (ofParts(facts)?.are ?? objects) : say`${PART_MEANINGS[part.counter]}`
    }
    default:
      if (mainClass(facts) === 'slab' && isMostlyReclaimable(facts)) return ofClass(facts)?.are ?? say``
      return objects
  }
}
