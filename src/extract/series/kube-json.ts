import type { Quote } from '../../model/origin.ts'
import type { SeriesMetric } from '../../model/series.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { parseRfc3339 } from '../documents/times.ts'
import { nobody, SeriesCollection, type SeriesHead } from './collect.ts'

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const inside = (value: unknown, key: string): Json => {
  const found = isJson(value) ? value[key] : undefined
  return isJson(found) ? found : {}
}
const list = (value: unknown, key: string): readonly Json[] => {
  const found = isJson(value) ? value[key] : undefined
  return Array.isArray(found) ? found.filter(isJson) : []
}
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/**
 * What the kubelet and the metrics server tell as JSON, once or again and again (one document after another, pretty or a line each): `/stats/summary`
 * (k8s.io/kubelet stats/v1alpha1), PodMetrics and NodeMetrics of metrics.k8s.io/v1beta1, `crictl stats -o json` (CRI ContainerStats). Each value has its own time.
 */
export function readKubeJson(source: string, whole: string): SeriesCollection {
  const series = new SeriesCollection(source)
  const put: Put = (head, time, bytes, at) => {
    const us = typeof time === 'string' && /^\d{16,19}$/.test(time) ? Number(time) / 1e3 : (parseRfc3339(text(time) ?? '')?.epochUs ?? null)
    if (us === null || bytes === null || !Number.isFinite(bytes)) return
    const { host, namespace, pod, podUid, container, containerId } = head.subject
    const quote = (): Quote => ({
      source,
      line: null,
      offset: at,
      cursor: null,
      text: `${head.name} of ${[namespace, pod ?? host, container].filter((part) => part !== null).join('/')} at ${time}: ${bytes}`,
    })
    series.add(
      [head.of, head.metric, host, namespace, pod, podUid, container, containerId].join(' '),
      () => ({ ...head, clock: 'utc' }),
      Math.round(us),
      bytes,
      quote,
    )
  }
  for (const { value, at } of documentsIn(whole)) {
    if (isJson(inside(value, 'node')['memory']) || (Array.isArray(value['pods']) && text(inside(value, 'node')['nodeName']) !== null))
      summary(value, at, put)
    else if (Array.isArray(value['stats'])) for (const stats of list(value, 'stats')) criStats(stats, at, put)
    else for (const item of Array.isArray(value['items']) ? list(value, 'items') : [value]) metrics(item, at, put)
  }
  return series
}

type Put = (head: Omit<SeriesHead, 'clock'>, time: unknown, bytes: number | null, at: number) => void

const MEMORY: readonly (readonly [key: string, metric: SeriesMetric])[] = [
  ['workingSetBytes', 'working-set'],
  ['rssBytes', 'rss'],
  ['usageBytes', 'usage'],
  ['availableBytes', 'available'],
]

const number = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null

function summary(value: Json, at: number, put: Put): void {
  const host = text(inside(value, 'node')['nodeName'])
  const memory = (of: SeriesHead['of'], subject: SeriesHead['subject'], parent: Json): void => {
    const told = inside(parent, 'memory')
    for (const [key, metric] of MEMORY)
      if (metric !== 'available' || of === 'node')
        put({ of, metric, name: `stats/summary ${key}`, subject }, told['time'], number(told[key]), at)
    const swap = inside(parent, 'swap')
    put(
      { of, metric: of === 'node' ? 'swap-free' : 'swap', name: 'stats/summary swap', subject },
      swap['time'],
      number(swap[of === 'node' ? 'swapAvailableBytes' : 'swapUsageBytes']),
      at,
    )
  }
  memory('node', { ...nobody, host }, inside(value, 'node'))
  for (const pod of list(value, 'pods')) {
    const ref = inside(pod, 'podRef')
    const subject = { ...nobody, host, namespace: text(ref['namespace']), pod: text(ref['name']), podUid: text(ref['uid']) }
    memory('pod', subject, pod)
    for (const container of list(pod, 'containers')) memory('container', { ...subject, container: text(container['name']) }, container)
  }
}

function metrics(item: Json, at: number, put: Put): void {
  const meta = inside(item, 'metadata')
  const name = text(meta['name'])
  const quantity = (usage: Json): number | null => bytesOfQuantity(text(inside(usage, 'usage')['memory']) ?? '')
  if (name === null) return
  if (isJson(item['usage']))
    put(
      { of: 'node', metric: 'working-set', name: 'NodeMetrics', subject: { ...nobody, host: name } },
      item['timestamp'],
      quantity(item),
      at,
    )
  for (const container of list(item, 'containers')) {
    const subject = { ...nobody, namespace: text(meta['namespace']), pod: name, container: text(container['name']) }
    put({ of: 'container', metric: 'working-set', name: 'PodMetrics', subject }, item['timestamp'], quantity(container), at)
  }
}

function criStats(stats: Json, at: number, put: Put): void {
  const attributes = inside(stats, 'attributes')
  const labels = inside(attributes, 'labels')
  const memory = inside(stats, 'memory')
  const subject = {
    ...nobody,
    containerId: text(attributes['id']),
    container: text(labels['io.kubernetes.container.name']) ?? text(inside(attributes, 'metadata')['name']),
    pod: text(labels['io.kubernetes.pod.name']),
    namespace: text(labels['io.kubernetes.pod.namespace']),
    podUid: text(labels['io.kubernetes.pod.uid']),
  }
  for (const [key, metric] of MEMORY.slice(0, 3))
    put({ of: 'container', metric, name: `crictl stats ${key}`, subject }, memory['timestamp'], number(inside(memory, key)['value']), at)
}

/** JSON documents one after another; what does not parse is passed by. */
function* documentsIn(whole: string): Generator<{ readonly value: Json; readonly at: number }> {
  let depth = 0
  let from = -1
  let quoted = false
  for (let at = 0; at < whole.length; at += 1) {
    const char = whole[at]
    if (quoted) {
      if (char === '\\') at += 1
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = depth > 0
    else if (char === '{') {
      if (depth === 0) from = at
      depth += 1
    } else if (char === '}' && depth > 0) {
      depth -= 1
      const value = depth === 0 ? parsed(whole.slice(from, at + 1)) : null
      if (value !== null) yield { value, at: from }
    }
  }
}

function parsed(piece: string): Json | null {
  try {
    const value: unknown = JSON.parse(piece)
    return isJson(value) ? value : null
  } catch {
    return null
  }
}
