import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf } from '../../facts/names.ts'
import { bytes, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { byShare, figuresMissing, ofWhat } from './held.ts'
import { largestPod } from './pods.ts'
import { isAnonymous, isOneOfTwo, largestShare, surelyHolds } from './process-share.ts'

/** The figures are of a later kill of the same shortage: an eviction has none. */
const ofLater = (facts: IncidentFacts) =>
  facts.kill?.killer === 'kubelet' && facts.dump !== null ? say`, by the kernel's report of a later kill` : say``

/** Anonymous memory of one process: at least half of all anonymous memory, and that the main part of what was held. */
export const processConsumer = defineRule({
  question: 'consumer',
  id: 'process',
  title: "One process' own memory",
  needs: [],
  weight: 60,
  evaluate(facts) {
    const held = facts.composition
    if (held === null) return largestPod(facts)
    const own = isAnonymous(held) ? largestShare(facts, held) : null
    if (own === null || own.ofAnon < 0.5 || isOneOfTwo(held)) return null
    const swap = own.swapBytes > 0 ? say` and ${bytes(own.swapBytes)} in swap` : say``
    const share = held.scope === 'memcg' ? own.ofUsed : own.bytes / held.totalBytes
    const ofScope = held.scope === 'memcg' ? own.ofUsed : Math.max(share, Math.min(own.ofUsed, 0.49))
    const confidence = byShare(facts, Math.max(ofScope, own.swapBytes > 0 ? own.ofAnon * held.main.share : 0))
    const partial = held.from === 'tasks' && own.ofUsed < 0.6
    return {
      confidence:
        (partial || !surelyHolds(facts, held, own) || facts.dump === null || (facts.kill !== null && facts.kill.dump === null)) &&
        confidence === 'high'
          ? 'medium'
          : confidence,
      statement: say`${upper(nameOf(own.comm, own.pid))} held ${bytes(own.bytes)} of memory of its own${swap}, ${percent(share)} of ${ofWhat(held)}${ofLater(facts)}.`,
      evidence: evidence(
        killLines(facts, 1),
        [own.quote],
        counterLines(facts, 'anon', 'total_rss', 'rss', 'active_anon'),
        lines(facts, 'memory'),
      ),
      against: null,
    }
  },
  settledBy: figuresMissing,
})
