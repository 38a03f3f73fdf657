import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import type { Setting } from './setting.ts'
import { quantity } from './sizes.ts'
import { refOf, type Target } from './target.ts'

/**
 * Containers that a webhook puts into pods: they are in no pod template, and their limit comes from annotations of the pod (Istio's `sidecar.istio.io`, Linkerd's
 * proxy configuration, Vault's agent injector, Dapr's arguments). Istio takes its defaults for none of them where one is set, so the request is set too.
 */
const ANNOTATIONS: Readonly<Record<string, readonly string[]>> = {
  'istio-proxy': ['sidecar.istio.io/proxyMemoryLimit', 'sidecar.istio.io/proxyMemory'],
  'linkerd-proxy': ['config.linkerd.io/proxy-memory-limit'],
  'vault-agent': ['vault.hashicorp.com/agent-limits-mem'],
  daprd: ['dapr.io/sidecar-memory-limit'],
}

/** How the limit of an injected container is set; `null` where it stands in the pod template like any other (a gateway's proxy is alone in its pod). */
export function injectedLimit(facts: IncidentFacts, target: Target, size: number): Setting | null {
  const names = ANNOTATIONS[target.container ?? '']
  const others = facts.pod?.containers.some(({ name, type }) => type === 'regular' && name !== target.container) === true
  if (names === undefined || !others) return null
  const annotations = Object.fromEntries(names.map((name) => [name, quantity(size)]))
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } })
  const effect = say`Rolls every replica. The container is injected: its limit comes from the annotation ${code(names[0] ?? '')} of the pod template, which the next deploy overwrites unless the manifest has it too.`
  return target.settable && target.kind !== 'cronjob'
    ? { command: `${target.cli} patch${inNamespace(target.namespace)} ${refOf(target)} --type=merge -p ${shellWord(patch)}`, effect }
    : { command: null, effect }
}
