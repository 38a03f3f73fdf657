/** The controller reference of a pod and what its labels add. */
export interface OwnerFacts {
  /** `ownerReferences[].controller`, or `Controlled By:`. */
  readonly controller: { readonly kind: string; readonly name: string } | null
  readonly labels: Readonly<Record<string, string>>
}

/** Letters and digits of Kubernetes' own suffixes (apimachinery `rand.SafeEncodeString`: no vowels, no 0, 1, 3). */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]'
/** `cart-5d8f7c9b6`: the hash is ten decimal digits encoded one by one, leading zeros missing; up to 1.8 the digits themselves. */
const REPLICA_SET = new RegExp(`^(?<name>.+)-(?:${SAFE}{6,10}|\\d{6,10})$`)
/** `cart-5d8f7c9b6-x2x7k`: a pod of a ReplicaSet of a Deployment. */
const DEPLOYMENT_POD = new RegExp(`^(?<name>.+)-${SAFE}{6,10}-${SAFE}{5}$`)
/** A CronJob names its jobs after the scheduled time: minutes since the epoch from 1.21 on, seconds before. */
const SCHEDULED = /^(?<name>.+)-(?<time>\d{8}|\d{10})$/

/**
 * The object that a user edits: the Deployment behind a ReplicaSet, the CronJob behind a Job, else the controller itself
 * (`StatefulSet/db`, `DaemonSet/agent`, `Node/node-1` for a static pod's mirror). `null` for a bare pod.
 */
export function ownerOf({ controller, labels }: OwnerFacts): string | null {
  if (controller === null) return null
  const { kind, name } = controller
  if (kind === 'ReplicaSet') return deploymentOf(name, labels['pod-template-hash'] ?? labels['rollouts-pod-template-hash'], labels)
  if (kind === 'Job') return cronJobOf(name)
  const config = labels['deploymentconfig']
  if (kind === 'ReplicationController' && config !== undefined) return `DeploymentConfig/${config}`
  return `${kind}/${name}`
}

function deploymentOf(name: string, hash: string | undefined, labels: Readonly<Record<string, string>>): string {
  const kind = labels['rollouts-pod-template-hash'] === undefined ? 'Deployment' : 'Rollout'
  if (hash !== undefined) return name.endsWith(`-${hash}`) ? `${kind}/${name.slice(0, -hash.length - 1)}` : `ReplicaSet/${name}`
  const base = REPLICA_SET.exec(name)?.groups?.['name']
  return base === undefined ? `ReplicaSet/${name}` : `Deployment/${base}`
}

function cronJobOf(name: string): string {
  const groups = SCHEDULED.exec(name)?.groups
  const time = groups?.['time'] ?? ''
  const seconds = Number(time) * (time.length === 8 ? 60 : 1)
  // 2014 to 2039 in either unit: a date as digits (`etl-20261124`) is not in the range.
  return groups !== undefined && seconds > 1.4e9 && seconds < 2.2e9 ? `CronJob/${groups['name']}` : `Job/${name}`
}

/** Operators that do not sign what they make (`app.kubernetes.io/managed-by`), by a label, or a label's value, that they set on every pod. */
const OPERATORS: Readonly<Record<string, string>> = {
  'common.k8s.elastic.co/type': 'elastic-operator',
  'postgres-operator.crunchydata.com/cluster': 'postgres-operator',
  'clickhouse.altinity.com/chi': 'clickhouse-operator',
  'application=spilo': 'postgres-operator',
  'app.kubernetes.io/part-of=rabbitmq': 'rabbitmq-cluster-operator',
  'v1.min.io/tenant': 'minio-operator',
  rook_cluster: 'rook-ceph-operator',
  'serving.knative.dev/revision': 'knative-controller',
}

function operatorOf(labels: Readonly<Record<string, string>>): string | null {
  const found = Object.entries(OPERATORS).find(([sign]) => {
    const [label = '', value] = sign.split('=')
    return value === undefined ? labels[label] !== undefined : labels[label] === value
  })
  return found?.[1] ?? null
}

/**
 * What deploys the object and overwrites a change by hand, by the labels that such tools set; `null` where none does. Argo CD and Flux come
 * first: a chart that they deploy carries Helm's labels as well.
 */
export function managerOf(labels: Readonly<Record<string, string>>): string | null {
  if (labels['argocd.argoproj.io/instance'] !== undefined) return 'Argo CD'
  if (labels['kustomize.toolkit.fluxcd.io/name'] !== undefined || labels['helm.toolkit.fluxcd.io/name'] !== undefined) return 'Flux'
  if (labels['helm.sh/chart'] !== undefined || labels['heritage'] === 'Helm') return 'Helm'
  return operatorOf(labels) ?? labels['app.kubernetes.io/managed-by'] ?? null
}

/**
 * The Deployment that a pod's name alone shows. Other controllers' pods (`db-0`, `agent-x2x7k`) have names that anything could have: `null`.
 */
export function deploymentOfPodName(pod: string): string | null {
  const base = DEPLOYMENT_POD.exec(pod)?.groups?.['name']
  return base === undefined ? null : `Deployment/${base}`
}

/** `etl-exec-7` (Spark), `dag-load-9v2k1xqz` (Airflow): digits alone, or five characters and more with a digit among them. */
const RUN = /^(?<name>[a-z\d][a-z\d.-]{0,250})-(?:\d{1,10}|(?=[a-z]{0,40}\d)[a-z\d]{5,40})$/

/** What the pods of a task have in common that is run again and again under a new name; `null` where the name shows no such end. */
export const nameOfRun = (pod: string): string | null => RUN.exec(pod)?.groups?.['name'] ?? null

/** Who gave a pod's containers their limits, where it was not the template: `of` names it, or the containers concerned. */
export interface LimitSource {
  readonly by: 'vpa' | 'limit-range'
  readonly of: string
}

/**
 * By what admission notes on the pod: `vpaUpdates: Pod resources updated by api-vpa: container 0: memory request, memory limit` (VerticalPodAutoscaler), and
 * `kubernetes.io/limit-ranger: LimitRanger plugin set: memory request for container app; memory limit for container app`.
 */
export function limitSourceOf(annotations: Readonly<Record<string, string>>): LimitSource | null {
  const vpa = annotations['vpaUpdates'] ?? ''
  const name = /^Pod resources updated by (?<name>[a-z\d.-]{1,253}):/.exec(vpa)?.groups?.['name']
  if (name !== undefined && vpa.includes('memory limit')) return { by: 'vpa', of: name }
  const ranger = annotations['kubernetes.io/limit-ranger'] ?? ''
  const containers = [...ranger.matchAll(/memory limit for container (?<name>[a-z\d-]{1,63})/g)].map(
    (found) => found.groups?.['name'] ?? '',
  )
  return containers.length === 0 ? null : { by: 'limit-range', of: containers.join(' ') }
}
