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
  pod_memory_working_set_bytes: { of: 'pod', metric: 'working-set' },
  node_memory_working_set_bytes: node('working-set'),
  node_memory_MemAvailable_bytes: node('available'),
  node_memory_MemAvailable: node('available'),
  node_memory_MemFree_bytes: node('free'),
  node_memory_SwapFree_bytes: node('swap-free'),
  process_resident_memory_bytes: { of: 'process', metric: 'rss' },
  jvm_memory_used_bytes: heap,
  jvm_memory_bytes_used: heap,
  jvm_gc_live_data_size_bytes: { of: 'runtime-heap', metric: 'heap-after-gc' },
  go_memstats_heap_inuse_bytes: heap,
  go_memstats_alloc_bytes: heap,
  nodejs_heap_size_used_bytes: heap,
}

/**
 * What a series measures, by its labels. An aggregation (`sum by (pod)`) has lost its name: with a pod or container left it is a `usage` of that one.
 * `null`: nothing about memory, a pool of a heap, or a whole that its parts tell better (cAdvisor's rows of the pause container and of cgroups above the pod).
 */
export function metricOf(labels: Readonly<Record<string, string>>): (KnownMetric & { readonly name: string }) | null {
  const name = labels['__name__']
  if (name === undefined) {
    if (labels['container'] !== undefined || labels['pod'] !== undefined)
      return { of: ofLabels(labels), metric: 'usage', name: 'an unnamed query' }
    return null
  }
  const known = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
  if (known === undefined) return null
  if ((labels['resource'] ?? 'memory') !== 'memory' || labels['container'] === 'POD') return null
  if (labels['area'] === 'nonheap') return null
  if (known.of !== 'container') return { ...known, name }
  const of = ofLabels(labels)
  return of === 'node' && labels['id'] !== '/' ? unitMetric(labels, known, name) : { of, metric: known.metric, name }
}

function unitMetric(
  labels: Readonly<Record<string, string>>,
  known: KnownMetric,
  name: string,
): (KnownMetric & { readonly name: string }) | null {
  const unit = labels['id'] === undefined ? null : identifyCgroup(labels['id'])
  return unit?.level === 'unit' ? { of: 'unit', metric: known.metric, name } : null
}

/** cAdvisor: rows with a container name are a container's, with a pod alone the pod's, `id="/"` the node's. Before 1.16 the labels were `container_name`, `pod_name`. */
function ofLabels(labels: Readonly<Record<string, string>>): UsageSubject {
  if (some(labels['container'] ?? labels['container_name']) !== null) return 'container'
  return some(labels['pod'] ?? labels['pod_name']) !== null ? 'pod' : 'node'
}

const some = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

/** The names in a series' labels. */
export function subjectOf(labels: Readonly<Record<string, string>>): SeriesSubject {
  const cgroup = some(labels['id'])
  const identity = cgroup === null ? null : identifyCgroup(cgroup)
  const instance = some(labels['instance'])?.replace(/:\d+$/, '') ?? null
  return {
    host:
      some(labels['node']) ??
      some(labels['nodename']) ??
      some(labels['kubernetes_io_hostname']) ??
      (instance !== null && !/^[\d.]+$|^\[/.test(instance) ? instance : null),
    namespace: some(labels['namespace']),
    pod: some(labels['pod'] ?? labels['pod_name']),
    podUid: some(labels['uid']) ?? identity?.podUid ?? null,
    container: some(labels['container'] ?? labels['container_name']),
    containerId: identity?.containerId ?? some(labels['container_id'])?.replace(/^[a-z-]+:\/\//, '') ?? null,
    cgroup,
    unit: identity?.level === 'unit' ? identity.unit : null,
    pid: null,
    comm: null,
  }
}
