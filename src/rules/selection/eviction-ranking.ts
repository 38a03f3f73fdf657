import { podName } from '../../facts/names.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'

/** The kubelet ranks pods: usage above request first, then priority, then the excess (1.9+). */
export const evictionRanking = defineRule({
  question: 'selection',
  id: 'eviction-ranking',
  title: "The kubelet's ranking",
  needs: ['kill'],
  weight: 80,
  evaluate(facts) {
    if (facts.kill.killer !== 'kubelet') return null
    const ranked = facts.context.evictions.find(({ event }) => event.stage === 'ranked')
    const [first] = ranked?.event.ranking ?? []
    const order = first === undefined ? say`` : say`; its ranking began with ${code(first)}`
    return {
      confidence: facts.trust,
      statement: say`The kubelet chose pod ${code(podName(facts) ?? 'unknown')} by its eviction ranking: usage above the request first, then priority${order}.`,
      evidence: evidence(ranked?.event.quotes ?? [], facts.kill.evidence.slice(0, 3)),
      against: null,
    }
  },
})
