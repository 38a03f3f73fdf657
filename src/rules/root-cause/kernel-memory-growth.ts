import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf } from '../../facts/names.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { shareOf } from './signs.ts'

/** Slab, sockets, page tables, pipes: kernel memory that processes make the kernel hold; killing them frees it only by chance. */
export const kernelMemoryGrowth = defineRule({
  question: 'rootCause',
  id: 'kernel-memory-growth',
  title: 'Kernel memory grew',
  needs: ['composition'],
  weight: 72,
  evaluate(facts) {
    const share = kernelShare(facts)
    const scope = facts.composition.scope
    if (facts.kill?.killer !== 'kernel' || share < (scope === 'memcg' ? 0.4 : 0.25)) return null
    const anon = shareOf(facts, 'anon')
    const size = share * facts.composition.usedBytes
    return {
      confidence: share >= 0.5 && anon < 0.35 ? facts.trust : 'medium',
      statement: say`${bytes(size)} (${percent(share)} of what ${scope === 'memcg' ? groupOf(facts) : machineOf(facts)} held) were kernel memory${mainPart(facts)}: ${largestSlab(facts) ?? say`objects that the kernel keeps for open files, sockets, pipes, mounts or mappings`}.`,
      evidence: evidence(
        counterLines(facts, 'slab_unreclaimable', 'kernel', 'slab', 'sock', 'pagetables'),
        lines(facts, 'memory', 'slabs'),
        killLines(facts, 1),
      ),
      against: anon >= 0.35 ? say`Processes held ${percent(anon)} in memory of their own.` : null,
    }
  },
  recommend(facts) {
    const size = kernelShare(facts) * facts.composition.usedBytes
    const top = facts.dump?.memInfo?.slabs.toSorted((a, b) => b.totalBytes - a.totalBytes)[0] ?? null
    return [
      {
        text: say`Find what makes the kernel hold ${bytes(size)}${top === null ? say`` : say` (largest slab cache: ${code(top.name)}, ${bytes(top.totalBytes)})`}: count open files, sockets, pipes, mounts and inodes of ${code(facts.kill?.comm ?? 'the workload')} and cap them.`,
        why: say`Its processes are small; a higher limit only delays the next kill.`,
        command: 'slabtop -o -s c | head -20; cat /proc/sys/fs/file-nr; ss -s',
        owner: 'kernel',
        when: 'find' as const,
      },
    ]
  },
})

/** Kernel classes together; in a memory cgroup of kernels before 5.18 what has no counter is kernel memory too. */
function kernelShare(facts: IncidentFacts): number {
  const named = shareOf(facts, 'slab', 'kernel', 'sock', 'pagetables')
  const held = facts.composition
  const counted = facts.dump?.stats.some((stats) => 'kernel' in stats.values || 'slab' in stats.values) ?? true
  const hidden =
    held !== null && held.scope === 'memcg' && held.from === 'figures' && counted ? Math.max(0, held.unaccountedBytes) / held.usedBytes : 0
  return named + (hidden >= 0.15 ? hidden : 0)
}

/** The table of unreclaimable slabs (4.15 and later, machine-wide) names it. */
function largestSlab(facts: IncidentFacts) {
  const top = facts.dump?.memInfo?.slabs.toSorted((a, b) => b.totalBytes - a.totalBytes)[0]
  const slab = facts.composition?.classes.slab ?? 0
  return top === undefined || top.totalBytes < slab * 0.3 ? null : say`the largest cache is ${code(top.name)} with ${bytes(top.totalBytes)}`
}

function mainPart(facts: IncidentFacts) {
  const held = facts.composition
  const parts = (['slab', 'sock', 'pagetables', 'kernel'] as const).map((id) => [id, held?.classes[id] ?? 0] as const)
  const [id, size] = parts.reduce((best, next) => (next[1] > best[1] ? next : best))
  return size === 0 ? say`` : say`, ${bytes(size)} of it ${id === 'kernel' ? say`outside slab` : say`${code(id)}`}`
}
