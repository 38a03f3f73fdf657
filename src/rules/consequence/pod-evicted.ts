import { podName } from '../../facts/names.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'

export const podEvicted = defineRule({
  question: 'consequence',
  id: 'pod-evicted',
  title: 'The pod was evicted',
  needs: ['kill'],
  weight: 80,
  evaluate(facts) {
    const pod = podName(facts)
    const status = facts.pod?.reason === 'Evicted' ? facts.pod : null
    const done = facts.context.evictions.filter(({ event }) => event.stage === 'evicted' || event.stage === 'evicting')
    const mine = done.filter(
      ({ event }) => event.target === null || event.target.pod === null || event.target.pod === facts.kill.workload?.pod,
    )
    const byKubelet = facts.kill.killer === 'kubelet'
    if (!byKubelet && status === null && (mine.length === 0 || pod === null)) return null
    const after = byKubelet ? say`` : say` after the kernel had killed in it`
    return {
      confidence: facts.trust,
      statement: say`The kubelet evicted pod ${code(pod ?? 'unknown')}${after}: the pod failed and is not restarted in place; its owner may make a new one elsewhere.`,
      evidence: evidence(byKubelet ? facts.kill.evidence.slice(0, 2) : [], status?.quotes.slice(0, 2) ?? [], eventLines(mine, 2)),
      against: null,
    }
  },
})
