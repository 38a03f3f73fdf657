import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { shellWord } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { isGlobalKill, isHostVictim, isPodVictim, largestHolder } from './signs.ts'

/** A process of the host, outside of pods and containers, took the machine's memory. */
export const hostProcessGrowth = defineRule({
  question: 'rootCause',
  id: 'host-process-growth',
  title: 'A process of the host grew',
  needs: ['composition'],
  weight: 70,
  evaluate(facts) {
    const largest = largestHolder(facts)
    const evicted = facts.kill?.killer === 'kubelet' && facts.scope === 'global'
    if (!(isGlobalKill(facts) || evicted) || largest === null || facts.composition.scope !== 'machine') return null
    const share = (largest.bytes + largest.swapBytes) / facts.composition.totalBytes
    if (share < 0.25) return null
    const isVictim = largest.row === facts.scores?.victim?.row
    if (!(isVictim ? isHostVictim(facts) : isLikelyHost(facts))) return null
    const unit = isVictim ? (facts.victimCgroup?.unit ?? null) : unitOf(facts, largest.row.pid)
    return {
      confidence: !evicted && share >= 0.4 && unit?.endsWith('.service') ? facts.trust : 'medium',
      statement: say`${code(largest.row.comm)} (PID ${largest.row.pid}${unit === null ? say`` : say`, unit ${code(unit)}`}), a process of the host without a limit, grew to ${bytes(largest.bytes)}, ${percent(share)} of the machine's memory.`,
      evidence: evidence([largest.row.quote], killLines(facts, 1), facts.dump?.quotes.summary?.slice(0, 1) ?? []),
      against:
        isVictim || unit !== null ? null : say`The table does not tell its cgroup: only its adjustment speaks for a process of the host.`,
    }
  },
  recommend(facts) {
    const largest = largestHolder(facts)
    if (largest === null) return []
    const unit = largest.row === facts.scores?.victim?.row ? (facts.victimCgroup?.unit ?? null) : unitOf(facts, largest.row.pid)
    const max = Math.max(64, Math.floor((largest.bytes * 0.8) / 2 ** 20 / 16) * 16)
    return [
      {
        text: say`Give ${code(largest.row.comm)} a limit well below the ${bytes(largest.bytes)} that it reached, and let it be restarted instead of the machine being starved.`,
        why: say`A limit of its own turns a node-wide shortage into one service's restart.`,
        command: unit === null ? `cat /proc/${largest.row.pid}/cgroup` : `systemctl set-property ${shellWord(unit)} MemoryMax=${max}M`,
        when: 'now' as const,
      },
    ]
  },
})

/** The victim lived in a pod and the largest has no adjustment that a kubelet gives to pods: a daemon, or at most a Guaranteed pod. */
function isLikelyHost(facts: IncidentFacts): boolean {
  const largest = largestHolder(facts)
  const adj = largest === null ? null : adjustmentOf(largest.row)
  return (
    adj !== null &&
    adj <= 0 &&
    adj !== -997 &&
    adj !== -998 &&
    (isPodVictim(facts) || facts.kill?.killer === 'kubelet' || unitOf(facts, largest?.row.pid ?? -1) !== null)
  )
}

function unitOf(facts: IncidentFacts, pid: number): string | null {
  const found = facts.incident.snapshots.find((s) => s.kind === 'process' && s.pid === pid && s.unit !== null)
  return found?.kind === 'process' ? found.unit : null
}
