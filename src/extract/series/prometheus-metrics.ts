import { identifyCgroup } from '../../kube/cgroup-path.ts'
import type { UsageSubject } from '../../model/ids.ts'
import type { SeriesMetric, SeriesSubject } from '../../model/series.ts'

export interface KnownMetric {
  readonly of: UsageSubject
  readonly metric: SeriesMetric
}

const container = (metric: SeriesMetric): KnownMetric => ({ of: 'container', metric })
const node = (metric: SeriesMetric): KnownMetric => ({ of: 'node', metric })
const heap: KnownMetric = { of: 'runtime-heap', metric: 'heap' }

/** Gauges in bytes that tell of memory, by name: cAdvisor (metrics/prometheus.go), kubelet `/metrics/resource`, kube-state-metrics, node_exporter, runtimes' clients. */
const METRICS: Readonly<Record<string, KnownMetric>> = {
  container_memory_working_set_bytes: container('working-set'),
  container_memory_rss: container('rss'),
  container_memory_usage_bytes: container('usage'),
  container_memory_cache: container('cache'),
  container_memory_swap: container('swap'),
  container_swap_usage_bytes: container('swap'),
  container_memory_max_usage_bytes: container('peak'),
  container_spec_memory_limit_bytes: container('limit'),
  kube_pod_container_resource_limits: container('limit'),
  kube_pod_container_resource_limits_memory_bytes: container('limit'),
  kube_pod_container_resource_requests: container('request'),
  kube_pod_container_resource_requests_memory_bytes: container('request'),
  kube_pod_container_status_restarts_total: container('restarts'),
  container_oom_events_total: container('oom-kills'),
  container_pressure_memory_waiting_seconds_total: container('stalled-seconds'),
  pod_memory_working_set_bytes: { of: 'pod', metric: 'working-set' },
  node_memory_working_set_bytes: node('working-set'),
  node_memory_MemAvailable_bytes: node('available'),
  node_memory_MemAvailable: node('available'),
  node_memory_MemFree_bytes: node('free'),
  node_memory_MemTotal_bytes: node('total'),
  machine_memory_bytes: node('total'),
  node_memory_SwapFree_bytes: node('swap-free'),
  node_vmstat_oom_kill: node('oom-kills'),
  node_pressure_memory_waiting_seconds_total: node('stalled-seconds'),
  process_resident_memory_bytes: { of: 'process', metric: 'rss' },
  jvm_memory_used_bytes: heap,
  jvm_memory_bytes_used: heap,
  jvm_gc_live_data_size_bytes: { of: 'runtime-heap', metric: 'heap-after-gc' },
  go_memstats_heap_inuse_bytes: heap,
  go_memstats_alloc_bytes: heap,
  nodejs_heap_size_used_bytes: heap,
  go_memory_classes_heap_objects_bytes: heap,
  // prometheus-net (GC.GetTotalMemory) and OpenTelemetry's runtime metrics, by their documentation
  dotnet_total_memory_bytes: heap,
  process_runtime_dotnet_gc_objects_size_bytes: heap,
  process_runtime_jvm_memory_usage: heap,
  process_runtime_jvm_memory_usage_after_last_gc: { of: 'runtime-heap', metric: 'heap-after-gc' },
}

/** Labels under the names that exporters, relabelling and older versions give them; those of `exported_` are the object's own where the exporter's stand beside them. */
const NAMES = {
  namespace: [
    'exported_namespace',
    'namespace',
    'container_label_io_kubernetes_pod_namespace',
    'kubernetes_namespace',
    'k8s_namespace_name',
  ],
  pod: ['exported_pod', 'pod', 'pod_name', 'container_label_io_kubernetes_pod_name', 'kubernetes_pod_name', 'k8s_pod_name'],
  container: ['exported_container', 'container', 'container_name', 'container_label_io_kubernetes_container_name', 'k8s_container_name'],
  node: ['exported_node', 'node', 'nodename', 'node_name', 'kubernetes_io_hostname', 'kubernetes_node', 'k8s_node_name', 'host'],
  cluster: ['cluster', 'cluster_name', 'k8s_cluster', 'k8s_cluster_name', 'clusterName'],
} as const

type Labels = Readonly<Record<string, string>>

const labelOf = (labels: Labels, what: keyof typeof NAMES): string | null => {
  for (const name of NAMES[what]) if (some(labels[name]) !== null) return labels[name] ?? null
  return null
}

/** `node_namespace_pod_container:container_memory_working_set_bytes`: a recording rule keeps the name of what it records behind its last colon. */
const plainName = (name: string): string => name.slice(name.lastIndexOf(':') + 1)

/**
 * What a series measures, by its labels. An aggregation (`sum by (pod)`) has lost its name: with a pod or container left it is a `usage` of that one.
 * `null`: nothing about memory, a pool of a heap, or a whole that its parts tell better (cAdvisor's rows of the pause container and of cgroups above the pod).
 */
export function metricOf(labels: Labels): (KnownMetric & { readonly name: string }) | null {
  const full = labels['__name__']
  if (full === undefined) {
    if (labelOf(labels, 'container') !== null || labelOf(labels, 'pod') !== null)
      return { of: ofLabels(labels), metric: 'usage', name: UNNAMED }
    return null
  }
  const name = Object.hasOwn(METRICS, full) ? full : plainName(full)
  const known = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
  if (known === undefined) return null
  if ((labels['resource'] ?? 'memory') !== 'memory' || labelOf(labels, 'container') === 'POD') return null
  if (labels['area'] === 'nonheap' || (labels['type'] ?? labels['jvm_memory_type']) === 'non_heap') return null
  if (known.of === 'runtime-heap' && SHORT_LIVED.test(labels['pool'] ?? labels['jvm_memory_pool_name'] ?? labels['id'] ?? '')) return null
  if (known.of !== 'container') return { ...known, name: full }
  const of = ofLabels(labels)
  return of === 'node' && labels['id'] !== '/' ? unitMetric(labels, known, full) : { of, metric: known.metric, name: full }
}

/** `G1 Eden Space`, `PS Survivor Space`, `ZGC Young Generation`: pools whose fill says nothing of what lives; of a heap in parts the old one is told. */
const SHORT_LIVED = /eden|survivor|young|nursery/i

/** What a query without a name is called. It may be of processor time or a share: only what reaches a MiB is memory. */
export const UNNAMED = 'an unnamed query'
export const LEAST_BYTES = 2 ** 20

function unitMetric(
  labels: Readonly<Record<string, string>>,
  known: KnownMetric,
  name: string,
): (KnownMetric & { readonly name: string }) | null {
  const unit = labels['id'] === undefined ? null : identifyCgroup(labels['id'])
  return unit?.level === 'unit' ? { of: 'unit', metric: known.metric, name } : null
}

/** cAdvisor: rows with a container name are a container's, with a pod alone the pod's, `id="/"` the node's. Before 1.16 the labels were `container_name`, `pod_name`. */
function ofLabels(labels: Labels): UsageSubject {
  if (labelOf(labels, 'container') !== null) return 'container'
  return labelOf(labels, 'pod') !== null ? 'pod' : 'node'
}

const some = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

/** `10.0.0.7`, `[fd00::1]`: an address names no host. */
const ADDRESS = /^[\d.]+$|^\[/

const LABEL = /(?<key>\b[a-zA-Z_]\w{0,200})="(?<value>(?:[^"\\]|\\.)*)"/g
const SERIES = /^(?<name>[a-zA-Z_:][\w:]*)?\{(?<labels>.*)\}$/

/** `container_memory_rss{pod="cart-0"}`, as PromQL and legends write a series; `null` for any other text. */
export function labelsIn(text: string): Record<string, string> | null {
  const found = SERIES.exec(text.trim())?.groups
  return found === undefined ? null : labelPairs(found['name'], found['labels'] ?? '')
}

export function labelPairs(name: string | undefined, text: string): Record<string, string> {
  const labels: Record<string, string> = name === undefined ? {} : { __name__: name }
  for (const { groups } of text.matchAll(LABEL)) labels[groups?.['key'] ?? ''] = (groups?.['value'] ?? '').replace(/\\(.)/g, '$1')
  return labels
}

/** The names in a series' labels. */
export function subjectOf(labels: Labels): SeriesSubject {
  const cgroup = some(labels['id'])
  const identity = cgroup === null ? null : identifyCgroup(cgroup)
  const instance = some(labels['instance'])?.replace(/:\d+$/, '') ?? null
  const node = labelOf(labels, 'node')
  return {
    cluster: labelOf(labels, 'cluster'),
    host: node !== null && !ADDRESS.test(node) ? node : instance !== null && !ADDRESS.test(instance) ? instance : null,
    namespace: labelOf(labels, 'namespace'),
    pod: labelOf(labels, 'pod'),
    podUid: some(labels['uid']) ?? identity?.podUid ?? null,
    container: labelOf(labels, 'container'),
    containerId: identity?.containerId ?? some(labels['container_id'])?.replace(/^[a-z-]+:\/\//, '') ?? null,
    cgroup,
    unit: identity?.level === 'unit' ? identity.unit : null,
    pid: null,
    comm: null,
  }
}
