import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import type { Setting } from './setting.ts'
import { quantity } from './sizes.ts'
import type { Target } from './target.ts'

/** An operator's own object, from which it makes pods, and how that is found from a pod of it. */
interface Made {
  /** Kind of the pod's owner, as `kubectl` takes it, and the container that the limit is of. */
  readonly owner: string
  readonly container: string
  readonly object: string
  /** Who made it must be known to be this one (`facts.pod.managedBy`), where owner and container could be anybody's. */
  readonly by?: string
  /** The owner's name is the object's between these; else a label of the pod tells it. */
  readonly before?: string
  readonly after?: string
  readonly label?: string
  /** Where in `spec` the resources stand: `resources` as a rule. Of a list only an editor changes one element: then this is said instead. */
  readonly path?: readonly string[]
  readonly edit?: string
  /** Its own tool changes it; `NAME`, `WHERE` (the namespace) and `SIZE` stand for themselves. */
  readonly tool?: string
  readonly note?: string
}

const ceph = (container: string): Made => ({
  owner: 'deployment',
  container,
  object: 'cephcluster',
  by: 'rook-ceph-operator',
  label: 'rook_cluster',
  path: ['resources', container],
})

/** Strimzi from 0.46 on (Kafka without ZooKeeper has node pools); the others as their custom resource definitions have it (2026). */
const MADE: readonly Made[] = [
  {
    owner: 'strimzipodset',
    container: 'kafka',
    object: 'kafkanodepool',
    label: 'strimzi\\.io/pool-name',
    note: 'Clusters without node pools have it in the Kafka resource (spec.kafka.resources).',
  },
  { owner: 'statefulset', container: 'prometheus', object: 'prometheus', by: 'prometheus-operator', before: 'prometheus-' },
  { owner: 'statefulset', container: 'alertmanager', object: 'alertmanager', by: 'prometheus-operator', before: 'alertmanager-' },
  { owner: 'cluster', container: 'postgres', object: 'cluster.postgresql.cnpg.io' },
  { owner: 'statefulset', container: 'postgres', object: 'postgresql.acid.zalan.do', by: 'postgres-operator' },
  {
    owner: 'statefulset',
    container: 'database',
    object: 'postgrescluster',
    by: 'postgres-operator',
    label: 'postgres-operator\\.crunchydata\\.com/cluster',
    edit: 'spec.instances[].resources',
  },
  { owner: 'statefulset', container: 'rabbitmq', object: 'rabbitmqcluster', by: 'rabbitmq-cluster-operator', after: '-server' },
  {
    owner: 'statefulset',
    container: 'elasticsearch',
    object: 'elasticsearch',
    by: 'elastic-operator',
    label: 'elasticsearch\\.k8s\\.elastic\\.co/cluster-name',
    edit: 'spec.nodeSets[].podTemplate.spec.containers[]',
  },
  {
    owner: 'deployment',
    container: 'kibana',
    object: 'kibana',
    by: 'elastic-operator',
    label: 'kibana\\.k8s\\.elastic\\.co/name',
    edit: 'spec.podTemplate.spec.containers[]',
  },
  {
    owner: 'statefulset',
    container: 'cassandra',
    object: 'cassandradatacenter',
    by: 'cass-operator',
    label: 'cassandra\\.datastax\\.com/datacenter',
  },
  {
    owner: 'statefulset',
    container: 'clickhouse',
    object: 'clickhouseinstallation',
    by: 'clickhouse-operator',
    label: 'clickhouse\\.altinity\\.com/chi',
    edit: 'spec.templates.podTemplates[]',
  },
  {
    owner: 'statefulset',
    container: 'pxc',
    object: 'perconaxtradbcluster',
    by: 'percona-xtradb-cluster-operator',
    after: '-pxc',
    path: ['pxc', 'resources'],
  },
  {
    owner: 'statefulset',
    container: 'minio',
    object: 'tenant',
    by: 'minio-operator',
    label: 'v1\\.min\\.io/tenant',
    edit: 'spec.pools[].resources',
  },
  { owner: 'statefulset', container: 'keycloak', object: 'keycloak.k8s.keycloak.org', by: 'keycloak-operator' },
  { owner: 'deployment', container: 'vmagent', object: 'vmagent', by: 'vm-operator', before: 'vmagent-' },
  { owner: 'deployment', container: 'vmsingle', object: 'vmsingle', by: 'vm-operator', before: 'vmsingle-' },
  {
    owner: 'deployment',
    container: 'user-container',
    object: 'ksvc',
    by: 'knative-controller',
    label: 'serving\\.knative\\.dev/service',
    tool: 'kn service updateWHERE NAME --limit memory=SIZE',
    note: 'Makes a new revision.',
  },
  {
    owner: 'deployment',
    container: 'envoy',
    object: 'envoyproxy',
    by: 'envoy-gateway',
    tool: 'kubectl get envoyproxy,gateway,gatewayclass -A',
    note: 'Shows what the Gateway or its class is made from: set the limit in spec.provider.kubernetes.envoyDeployment.container.resources of that EnvoyProxy.',
  },
  ceph('osd'),
  ceph('mon'),
  ceph('mgr'),
]

/** The limit set where the operator reads it: on the pod, or the StatefulSet that it made, it is taken back. `null` for other owners. */
export function madeByOperator(facts: IncidentFacts, target: Target, size: number): Setting | null {
  const row = MADE.find((one) => isMade(facts, target, one))
  if (row === undefined) return null
  const where = inNamespace(target.namespace)
  const { before = '', after = '' } = row
  const name =
    row.label === undefined
      ? shellWord(target.name.slice(before.length, target.name.length - after.length))
      : `"$(${target.cli} get pod${where} ${shellWord(target.pod ?? '')} -o jsonpath='{.metadata.labels.${row.label}}')"`
  if (row.tool !== undefined)
    return {
      command: row.tool
        .replace('WHERE', where)
        .replace('NAME', () => name)
        .replace('SIZE', quantity(size)),
      effect: say`${row.note ?? ''} On ${code(target.kind ?? 'pod')} itself it would be taken back.`,
    }
  const itself = code(target.kind ?? 'pod')
  if (row.edit !== undefined)
    return {
      command: `${target.cli} edit${where} ${row.object} ${name}`,
      effect: say`Opens it in an editor: set the limit to ${code(quantity(size))} in ${code(row.edit)}. Its operator then replaces the pods, one after another; on ${itself} itself it would take the change back.`,
    }
  const limit: object = { limits: { memory: quantity(size) } }
  const spec = (row.path ?? ['resources']).reduceRight((inner, key) => ({ [key]: inner }), limit)
  return {
    command: `${target.cli} patch${where} ${row.object} ${name} --type=merge -p ${shellWord(JSON.stringify({ spec }))}`,
    effect: say`Its operator replaces the pods, one after another; on ${itself} itself it would take the change back. ${row.note ?? ''}`,
  }
}

function isMade(facts: IncidentFacts, target: Target, { owner, container, by, before = '', after = '' }: Made): boolean {
  if (owner !== target.kind || container !== target.container || (by !== undefined && facts.pod?.managedBy !== by)) return false
  return target.name.startsWith(before) && target.name.endsWith(after) && target.name.length > before.length + after.length
}
