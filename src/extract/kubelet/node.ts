import type { NodeEvent } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { baseOf, numberOf } from '../event-base.ts'
import { member } from '../go-values.ts'
import type { Speech } from './speech.ts'
import type { KubeletLine, KubeletState } from './state.ts'

function node(record: LogRecord, what: NodeEvent['what'], parts: Partial<Pick<NodeEvent, 'node' | 'comm' | 'pid' | 'message'>>): NodeEvent {
  return { ...baseOf(record), kind: 'node', what, node: null, comm: null, pid: null, message: null, ...parts }
}

/**
 * cAdvisor's OomInstance: `&{376 java 2026-11-24 04:33:08.809519 -0300 -03 / / }` (pid, comm, time, container, victim's container, constraint), or
 * `{"Pid":376,"ProcessName":"java",…}`. A comm may hold spaces: the date ends it.
 */
const oomInstance = /&?\{(?<pid>\d+) (?<comm>.*?) \d{4}-\d\d-\d\d /

/** `Got sys oom event: &{…}` (V1, 1.8 to 1.20), `Got sys oom event from cadvisor: …` (≤ 1.7), `"Got sys oom event" event=…` (≥ 1.21). */
function systemOom({ message, values }: Speech, record: LogRecord): NodeEvent {
  const event = values['event'] ?? message
  const old = oomInstance.exec(event)?.groups
  return node(record, 'system-oom', {
    comm: old?.['comm'] ?? member(event, 'ProcessName'),
    pid: numberOf(old?.['pid'] ?? member(event, 'Pid') ?? undefined),
    message: values['event'] === undefined ? message : `${message}: ${event}`,
  })
}

const nodeNamed = (message: string): string | null => /for node "?(?<node>[\w.-]+)/.exec(message)?.groups?.['node'] ?? null

/**
 * `Recording NodeHasInsufficientMemory event message for node X` (V2), `"Recording event message for node" node="X" event="NodeHasInsufficientMemory"`.
 * Every start of a kubelet records NodeHasSufficientMemory too: that ends a pressure only where one was told of before.
 */
function recording({ message, values }: Speech, record: LogRecord, state: KubeletState): NodeEvent | null {
  if (!message.startsWith('Recording')) return null
  const event = values['event'] ?? /^Recording (?<event>\w+)/.exec(message)?.groups?.['event']
  const name = values['node'] ?? nodeNamed(message)
  if (event === 'NodeHasInsufficientMemory') {
    state.pressure = true
    return node(record, 'memory-pressure', { node: name, message: event })
  }
  if (event === 'NodeHasSufficientMemory') {
    const ended = state.pressure
    state.pressure = false
    return ended ? node(record, 'memory-pressure-ended', { node: name, message: event }) : null
  }
  if (event === 'NodeNotReady' || event === 'NodeReady') {
    return node(record, event === 'NodeReady' ? 'ready' : 'not-ready', { node: name, message: event })
  }
  return null
}

/** `"Node became not ready" node="X" condition={…}`; ≤ 1.20 `Node became not ready: {Type:Ready Status:False …}`. */
function notReady({ message, values }: Speech, record: LogRecord): NodeEvent | null {
  const condition = values['condition'] ?? message
  // Every kubelet that starts says so before its first look at the runtime.
  if (condition.includes('has yet to be successful')) return null
  const why = member(condition, 'message') ?? /Message:(?<text>.*)\}/.exec(condition)?.groups?.['text'] ?? null
  return node(record, 'not-ready', { node: values['node'] ?? null, message: why ?? member(condition, 'reason') })
}

/** `skipping pod synchronization - [PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s]`. A kubelet that just starts is not sick. */
function pleg({ message, values }: Speech, record: LogRecord): NodeEvent | null {
  const text = values['err'] ?? message
  if (text.includes('has yet to be successful') || !text.includes('last seen active')) return null
  return node(record, 'pleg-unhealthy', { message: text })
}

/** `Failed to admit pod X - node has conditions: [MemoryPressure]`; ≥ 1.21 with `nodeCondition=[MemoryPressure]`. */
function refused({ message, values }: Speech, record: LogRecord): NodeEvent | null {
  const conditions = values['nodeCondition'] ?? message
  if (!conditions.includes('MemoryPressure')) return null
  return node(record, 'admission-refused', {
    message: values['pod'] === undefined ? message : `${message}: ${values['pod']} ${conditions}`,
  })
}

/** `Predicate failed on Pod: X, for reason: Node didn't have enough resource: memory, …` (V2). Other resources are not told. */
function predicate({ message, values }: Speech, record: LogRecord): NodeEvent | null {
  const why = values['err'] ?? message
  if (!/enough resource: memory|Insufficient memory|OutOfmemory/i.test(why)) return null
  return node(record, 'admission-refused', { message: values['pod'] === undefined ? message : `${message}: ${values['pod']}: ${why}` })
}

/**
 * `preemption: attempting to evict pods […], in order to free up resources: …`, `preemption: pod X evicted successfully`;
 * ≥ 1.21 `"Preempting pod to free up resources"`, `"Pod evicted successfully"` (pkg/kubelet/preemption).
 */
function preempted({ message, values }: Speech, record: LogRecord): NodeEvent | null {
  if (!/^(?:preemption: |Preempting pod|Pod evicted successfully)/.test(message)) return null
  const more = [values['pod'], values['insufficientResources']].filter((text) => text !== undefined)
  return node(record, 'preempted', { message: [message, ...more].join(' ') })
}

const always =
  (what: NodeEvent['what']): KubeletLine['read'] =>
  ({ message }, record) =>
    node(record, what, { message })

export const nodeLines: readonly KubeletLine[] = [
  { literal: 'Got sys oom event', read: systemOom },
  { literal: 'stopped receiving OOM', read: always('oom-watcher-stopped') },
  { literal: 'Starting kubelet main sync loop', read: always('kubelet-started') },
  { literal: 'NodeHasInsufficientMemory', read: recording },
  { literal: 'NodeHasSufficientMemory', read: recording },
  { literal: 'NodeNotReady', read: recording },
  { literal: 'NodeReady', read: recording },
  { literal: 'Node became not ready', read: notReady },
  { literal: 'PLEG is not healthy', read: pleg },
  { literal: 'Failed to admit pod', read: refused },
  { literal: 'Predicate failed on Pod', read: predicate },
  { literal: 'preemption: ', read: preempted },
  { literal: 'Preempting pod', read: preempted },
  { literal: 'Pod evicted successfully', read: preempted },
]
