import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName, podName } from '../../facts/names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { nextSize, setLimitCommand } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isMemcgKill } from './signs.ts'

const SIDECARS =
  /^(?:istio-proxy|linkerd-proxy|envoy|otel|opentelemetry|fluent|filebeat|vector|promtail|datadog|newrelic|vault-agent|cloud-?sql-proxy|dapr|jaeger)/

/** A helper container beside the main one: it took the pod's memory, or its own limit is too small for what it does. */
export const noisySidecar = defineRule({
  question: 'rootCause',
  id: 'noisy-sidecar',
  title: 'A sidecar took the memory',
  needs: ['kill', 'pod'],
  weight: 58,
  evaluate(facts) {
    if (!isMemcgKill(facts) || facts.pod.containers.filter((c) => c.type !== 'init').length < 2) return null
    const name = containerName(facts)
    const own = facts.limitCgroup?.level === 'container'
    const sidecar = facts.container?.type === 'sidecar' || (name !== null && SIDECARS.test(name))
    if (!sidecar || name === null || !(own || facts.limitCgroup?.level === 'pod')) return null
    return {
      confidence: 'medium',
      statement: say`The container that died, ${code(name)}, is a helper beside the main container of pod ${code(podName(facts) ?? '?')}${own ? say`; it outgrew its own limit` : say`, and shares the pod's limit with it`}.`,
      evidence: evidence(
        killLines(facts, 2),
        lines(facts, 'memory'),
        facts.container?.limitBytes?.quote ? [facts.container.limitBytes.quote] : [],
      ),
      against: null,
    }
  },
  recommend: (facts) => sized(facts),
})

function sized(facts: IncidentFacts) {
  const limit = facts.memcgLimit?.limitBytes ?? null
  const name = containerName(facts)
  if (limit === null || name === null) return []
  const next = nextSize(limit)
  return [
    {
      text: say`Bound what ${code(name)} buffers (queue and batch sizes), or give it ${bytes(next)} instead of ${bytes(limit)} and watch whether usage settles below it; if not, it buffers what it cannot send.`,
      why: say`Sidecars hold what the other end does not take.`,
      command: setLimitCommand(facts, next),
      when: 'now' as const,
    },
  ]
}
