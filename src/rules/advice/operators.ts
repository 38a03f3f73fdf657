import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import type { Setting } from './setting.ts'
import { quantity } from './sizes.ts'
import type { Target } from './target.ts'

/** An operator's own object, from which it makes pods, and how that is found from a pod of it. All keep a container's limit in `spec.resources`. */
interface Made {
  /** Kind of the pod's owner, as `kubectl` takes it, and the container that `spec.resources` is of. */
  readonly owner: string
  readonly container: string
  readonly object: string
  /** The owner's name begins with this, before the object's; else it is the object's own, or a label of the pod tells it. */
  readonly before?: string
  readonly label?: string
  readonly note?: string
}

/** Strimzi from 0.46 on (Kafka without ZooKeeper has node pools), prometheus-operator, CloudNativePG. */
const MADE: readonly Made[] = [
  {
    owner: 'strimzipodset',
    container: 'kafka',
    object: 'kafkanodepool',
    label: 'strimzi\\.io/pool-name',
    note: 'Clusters without node pools have it in the Kafka resource (spec.kafka.resources).',
  },
  { owner: 'statefulset', container: 'prometheus', object: 'prometheus', before: 'prometheus-' },
  { owner: 'statefulset', container: 'alertmanager', object: 'alertmanager', before: 'alertmanager-' },
  { owner: 'cluster', container: 'postgres', object: 'cluster.postgresql.cnpg.io' },
]

/** The limit set where the operator reads it: on the pod, or the StatefulSet that it made, it is taken back. `null` for other owners. */
export function madeByOperator(facts: IncidentFacts, target: Target, size: number): Setting | null {
  const row = MADE.find(({ owner, container }) => owner === target.kind && container === target.container)
  if (row === undefined || (row.before !== undefined && !isNamedSo(facts, target, row.before))) return null
  const where = inNamespace(target.namespace)
  const name =
    row.label === undefined
      ? shellWord(target.name.slice(row.before?.length ?? 0))
      : `"$(${target.cli} get pod${where} ${shellWord(target.pod ?? '')} -o jsonpath='{.metadata.labels.${row.label}}')"`
  const patch = JSON.stringify({ spec: { resources: { limits: { memory: quantity(size) } } } })
  return {
    command: `${target.cli} patch${where} ${row.object} ${name} --type=merge -p ${shellWord(patch)}`,
    effect: say`Its operator replaces the pods, one after another; on ${code(target.kind ?? 'pod')} itself it would take the change back. ${row.note ?? ''}`,
  }
}

const isNamedSo = (facts: IncidentFacts, { name }: Target, before: string): boolean =>
  facts.pod?.managedBy === 'prometheus-operator' && name.startsWith(before)
