import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import { isLimitWrite } from '../../kernel/call-trace.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { setLimit } from '../advice/set-limit.ts'
import type { Setting } from '../advice/setting.ts'
import { roundUp } from '../advice/sizes.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { isMemcgKill } from './signs.ts'

/** Somebody wrote a limit below the present usage: the kernel kills in the writer's own call. */
export const limitLoweredInPlace = defineRule({
  question: 'rootCause',
  id: 'limit-lowered-in-place',
  title: 'The limit was lowered under the usage',
  needs: ['dump', 'memcgLimit'],
  weight: 82,
  evaluate(facts) {
    const frame = facts.dump.trigger?.frames.find(isLimitWrite) ?? null
    if (!isMemcgKill(facts)) return null
    if (frame === null) return usageAbove(facts)
    return {
      confidence: facts.trust,
      statement: say`${code(facts.dump.trigger?.comm ?? 'A process')} was writing a new memory limit of ${groupOf(facts)} (${code(frame)} in the call trace), ${facts.memcgLimit.limitBytes === null ? say`below what was in use` : say`${bytes(facts.memcgLimit.limitBytes)}, below what was in use`}.`,
      evidence: evidence(lines(facts, 'header', 'stack', 'memory'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Set the limit back above what is in use${backTo(facts)}, and find out who or what wrote it (an in-place resize, a script, configuration management).`,
      why: say`Each write of a limit below what is in use kills again.`,
      when: 'now',
      ...(back(facts) ?? { command: null, effect: say`In force at once; kills nothing.` }),
      owner: 'platform',
    },
    {
      text: say`Lower limits (now ${facts.memcgLimit.limitBytes === null ? say`unknown` : say`${bytes(facts.memcgLimit.limitBytes)}`}) only at a restart: in Kubernetes ${code('resizePolicy: RestartContainer')} for memory.`,
      why: say`The kernel cannot take memory back that is in use; it kills.`,
      command: null,
      when: 'prevent',
      effect: say`A lower limit then restarts the container instead of killing in it.`,
      owner: 'platform',
    },
  ],
})

/** Charges stop at the limit: usage well above it was there before the limit was. */
function usageAbove(facts: IncidentFacts) {
  const { limitBytes, usageBytes } = facts.memcgLimit ?? { limitBytes: null, usageBytes: null }
  if (limitBytes === null || usageBytes === null || limitBytes <= 0 || usageBytes < limitBytes * 1.05) return null
  return {
    confidence: 'medium' as const,
    statement: say`${upper(groupOf(facts))} used ${bytes(usageBytes)}, more than its limit of ${bytes(limitBytes)}: the limit was lowered under the usage.`,
    evidence: evidence(lines(facts, 'memory', 'stack'), killLines(facts, 1)),
    against: null,
  }
}

/** A quarter above what was in use when the limit was written. */
const enough = ({ memcgLimit }: IncidentFacts): { readonly usage: number; readonly size: number } | null => {
  const usage = memcgLimit?.usageBytes ?? null
  return usage === null || usage <= (memcgLimit?.limitBytes ?? 0) ? null : { usage, size: roundUp(usage * 1.25) }
}

function back(facts: IncidentFacts): Setting | null {
  const fit = enough(facts)
  return fit === null ? null : setLimit(facts, fit.size)
}

function backTo(facts: IncidentFacts): Phrase {
  const fit = enough(facts)
  return fit === null ? say`` : say` (${bytes(fit.usage)} when it was written; ${bytes(fit.size)} leaves room)`
}
