import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { kernelVersion } from '../../kernel/release.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines, lines } from '../evidence.ts'

/** Kernels of that age; a fixed one has the same first digits, so that it stays a suspicion. */
export function leaksCaches(facts: IncidentFacts): boolean {
  const version = kernelVersion(facts.dump?.release)
  return version !== null && (version.major === 3 || version.major === 4) && (facts.dump?.kmem?.usageBytes ?? 0) > 0
}

/** cgroup v1 kmem accounting of RHEL 7 and 3.x/4.x kernels leaks a slab cache per dead cgroup (fixed in 3.10.0-1062.4.1). */
export const kernelMemoryBug = defineRule({
  question: 'rootCause',
  id: 'kernel-memory-bug',
  title: 'Kernel memory accounting of old kernels',
  needs: ['dump'],
  weight: 77,
  evaluate(facts) {
    const old = leaksCaches(facts)
    const slub = facts.context.notices.filter(({ event }) => event.notice === 'slub-failure')
    const used = facts.dump.kmem?.usageBytes ?? 0
    const total = facts.dump.memory?.usageBytes ?? 0
    const much = total > 0 && used >= total * 0.3
    if (!old || facts.kill?.killer !== 'kernel' || (!much && slub.length === 0) || facts.scope !== 'memcg') return null
    return {
      confidence: 'medium',
      statement: say`Kernel memory charged to the group was ${bytes(used)}${slub.length > 0 ? say`, and slab allocations failed around it` : say``}; kernels of this age (${code(facts.dump.release ?? '?')}) leak slab caches of dead cgroups.`,
      evidence: evidence(lines(facts, 'kmem', 'memory', 'stack'), eventLines(slub, 2), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Update the kernel (${code(facts.dump.release ?? '?')}), or boot with ${code('cgroup.memory=nokmem')}.`,
      why: say`The leak is per dead cgroup: every container restart adds to it.`,
      command: 'uname -r; cat /proc/cgroups; cat /proc/cmdline',
      when: 'prevent',
      effect: say`The command changes nothing; either takes a reboot, which also frees what has leaked.`,
      lookFirst: true,
      owner: 'kernel',
    },
  ],
})
