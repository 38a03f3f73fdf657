import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName, podName, short } from '../../facts/names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { kubectlTarget, namespaceOf, nextSize, shellWord } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { isGlobalKill, isPodVictim, largestHolder } from './signs.ts'

/** A pod without limits took what it could: BestEffort, or a container without a memory limit. */
export const unboundedWorkload = defineRule({
  question: 'rootCause',
  id: 'unbounded-workload',
  title: 'A workload without a limit',
  needs: ['kill'],
  weight: 71,
  evaluate(facts) {
    const shared = facts.limitCgroup?.level === 'kubepods' || facts.limitCgroup?.level === 'qos'
    const evicted = facts.kill.killer === 'kubelet'
    const plain = isGlobalKill(facts) && facts.victimCgroup?.level === 'container' && !isPodVictim(facts)
    if (!(isPodVictim(facts) || plain) || !(evicted || isGlobalKill(facts) || (facts.kill.killer === 'kernel' && shared))) return null
    const best = isBestEffort(facts)
    const noLimit = facts.container !== null && facts.container.limitBytes === null && facts.pod?.limitBytes == null
    if (!best && !noLimit && !plain) return null
    const largest = largestHolder(facts)
    const isLargest = largest !== null && largest.row === facts.scores?.victim?.row
    const share = largest === null ? 0 : largest.bytes / (facts.composition?.usedBytes ?? Number.POSITIVE_INFINITY)
    if (facts.scores?.shieldedGiant != null) return null
    const sure = isLargest && share >= 0.4 && !plain && (noLimit || facts.victimCgroup?.qosClass === 'BestEffort')
    return {
      confidence: sure ? facts.trust : 'medium',
      statement: say`The ${evicted ? say`evicted` : say`killed`} ${subjectOf(facts)} has no memory limit ${plain ? say`below what the machine has` : best ? say`(BestEffort)` : say`of its own`}, so nothing stopped ${facts.kill.comm === null ? say`its processes` : code(facts.kill.comm)} before the shared memory was gone.`,
      evidence: evidence(killLines(facts, 2).slice(0, 2), facts.pod?.quotes.slice(0, 1) ?? [], [facts.scores?.victim?.row.quote]),
      against: isLargest ? null : say`It is not the one that held the most, or the log does not show who did.`,
    }
  },
  recommend(facts) {
    const own = facts.kill.anonRssBytes ?? null
    if (own === null) return []
    const size = nextSize(own)
    const target = kubectlTarget(facts)
    const container = containerName(facts)
    const namespace = namespaceOf(facts)
    const known = target !== null && !target.startsWith('pod/') && container !== null
    return [
      {
        text: say`Set a memory request and limit for ${code(podName(facts) ?? facts.kill.comm ?? 'the workload')}: its process held ${bytes(own)} when it was killed; begin with ${bytes(size)} and correct by its usage.`,
        why: say`Without a limit one workload's growth ends in another's death.`,
        command: known
          ? `kubectl set resources${namespace === null ? '' : ` -n ${shellWord(namespace)}`} ${target} -c ${shellWord(container)} --requests=memory=${Math.ceil(size / 2 ** 20)}Mi --limits=memory=${Math.ceil(size / 2 ** 20)}Mi`
          : null,
        when: 'now' as const,
      },
    ]
  },
})

/** The path, the object, or the kubelet's value for it (1000) says so. */
function isBestEffort(facts: IncidentFacts): boolean {
  const named = facts.victimCgroup?.qosClass ?? facts.pod?.qosClass ?? facts.kill?.workload?.qosClass ?? null
  return named === 'BestEffort' || (named === null && facts.kill?.oomScoreAdj === 1000)
}

function subjectOf(facts: IncidentFacts) {
  const pod = podName(facts) ?? facts.victimCgroup?.podUid ?? null
  return pod !== null ? say`pod ${code(pod)}` : say`container ${code(short(facts.victimCgroup?.containerId ?? '?'))}`
}
