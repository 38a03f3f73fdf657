import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName, podName } from '../../facts/names.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { watchHistory } from '../advice/history.ts'
import { lookInside } from '../advice/look-inside.ts'
import { presentLimit } from '../advice/need.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isMemcgKill } from './signs.ts'

/** How the names of helper containers begin that send on what they are given: they hold what the other end does not take. */
const SHIPPERS: readonly string[] = ['otel', 'opentelemetry', 'fluent', 'filebeat', 'vector', 'promtail', 'datadog', 'newrelic', 'jaeger']

/** … and of the others. */
const SIDECARS: readonly string[] = [
  ...SHIPPERS,
  ...['istio-proxy', 'linkerd-proxy', 'envoy', 'vault-agent', 'cloud-sql-proxy', 'cloudsql-proxy', 'dapr'],
]

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
    const sidecar = facts.container?.type === 'sidecar' || (name !== null && SIDECARS.some((one) => name.startsWith(one)))
    if (!sidecar || name === null || !(own || facts.limitCgroup?.level === 'pod')) return null
    const rise = riseInPod(facts)
    if (rise !== null && rise.container !== name && !own) return null
    const grew = rise === null || rise.container !== name ? null : rise
    return {
      confidence: grew !== null && !own ? facts.trust : 'medium',
      statement: say`The container that died, ${code(name)}, is a helper beside the main container of pod ${code(podName(facts) ?? '?')}${own ? say`; it outgrew its own limit` : say`, and shares the pod's limit with it`}.${grew === null || own ? say`` : say` Its memory rose by ${bytes(grew.riseBytes)} before the kill, ${percent(grew.share)} of what all of the pod's containers rose by.`}`,
      evidence: evidence(
        killLines(facts, 2),
        [grew?.quote],
        lines(facts, 'memory'),
        facts.container?.limitBytes?.quote ? [facts.container.limitBytes.quote] : [],
      ),
      against: null,
    }
  },
  recommend: (facts) => [
    ...buffers(facts),
    ...boundProxy(facts),
    ...raiseLimit(facts),
    ...lookInside(facts),
    ...watchHistory(facts),
    ...boundRuntime(facts),
  ],
})

/** Which container of the pod grew: the one that took most of what all of them grew by. */
function riseInPod(facts: IncidentFacts) {
  const rises = facts.rises.pod.filter(({ riseBytes }) => riseBytes > 0)
  const all = rises.reduce((sum, { riseBytes }) => sum + riseBytes, 0)
  const [first] = rises
  return first === undefined || facts.rises.pod.length < 2 || first.riseBytes < 0.6 * all
    ? null
    : { ...first, share: first.riseBytes / all }
}

function buffers(facts: IncidentFacts) {
  const limit = presentLimit(facts)
  const name = containerName(facts)
  if (limit === null || name === null || !isShipper(name)) return []
  return [
    {
      text: say`See whether what ${code(name)} sends to is slow or down, and bound what it buffers (queue and batch sizes) below its limit of ${bytes(limit)}.`,
      why: say`Helpers hold what the other end does not take; a larger limit only holds more of it.`,
      command: null,
      when: 'now' as const,
      effect: say`Takes a restart of the pod.`,
      owner: 'platform' as const,
    },
  ]
}

const isShipper = (name: string): boolean => SHIPPERS.some((one) => name.startsWith(one))

/** What a proxy holds is what it is configured with and serves: its own setting comes before a larger limit. */
function boundProxy(facts: IncidentFacts) {
  return isShipper(containerName(facts) ?? '') ? [] : boundRuntime(facts).map((one) => ({ ...one, when: 'now' as const }))
}
