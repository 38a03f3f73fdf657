import type { ContainerRef, EventBase, EvictionEvent } from '../model/event.ts'
import { bytesOfQuantity } from '../units/bytes.ts'

type Usage = EvictionEvent['usages'][number]

/** What an eviction's message tells (status of the pod, event, kubelet log). Sizes in bytes, `null` where not said. */
export interface EvictionMessage {
  /** `memory`, `ephemeral-storage`, `inodes` … */
  readonly resource: string
  readonly thresholdBytes: number | null
  readonly availableBytes: number | null
  /** Usage of the pod as a whole (kubelet ≥ 1.34 with pod-level resources). */
  readonly podUsage: { readonly usageBytes: number | null; readonly requestBytes: number | null } | null
  readonly usages: readonly Usage[]
}

const resourceShape = /The node was low on resource: (?<resource>[\w-]+)\./
/** `Threshold quantity: 750Mi, available: 225800Ki.` (kubelet ≥ 1.26) */
const thresholdShape = /Threshold quantity: (?<threshold>[^\s,]+), available: (?<available>[^\s,]+?)\.(?:\s|$)/
/**
 * `Container app was using 3682748Ki, which exceeds its request of 0.` (1.9 to about 1.25)
 * `Container nginx was using 4395616Ki, request is 0, has larger consumption of memory.` (1.26 and later), also `Pod web was using …`
 */
const usageShape =
  /(?<what>Container|Pod) (?<name>[a-z0-9][-a-z0-9.]*) was using (?<usage>[^\s,]+), (?:which exceeds its request of (?<old>[\w.]+?)\.(?:\s|$)|request is (?<request>[^\s,]+), has larger consumption)/g

const memoryWords = /\bmemory\b|MemoryPressure/i
const lowOnMemory = /low on resource: memory/i
const otherWords = /ephemeral-storage|nodefs|imagefs|inodes|EmptyDir|pid\.available|DiskPressure/i
const refusalWords = /node had condition/i
const blamedShape = /Container (?<name>[\w.-]+) was using/

/** Whether an eviction's message says that memory was short, and nothing else. */
export const isAboutMemory = (text: string): boolean => memoryWords.test(text) && !otherWords.test(text.replace(lowOnMemory, 'memory'))

/** `The node had condition: [MemoryPressure].`: a pod turned away at admission never ran (kubelet, eviction_manager.go `Admit`). */
export const isRefusal = (message: string): boolean => refusalWords.test(message)

/** The container that a message blames: `Container app was using 3682748Ki, …`. */
export const blamedContainer = (message: string): string | null => blamedShape.exec(message)?.groups?.['name'] ?? null

const quantity = (text: string | undefined): number | null => (text === undefined ? null : bytesOfQuantity(text))

/** Reads `The node was low on resource: memory. …` of every kubelet era (pkg/kubelet/eviction/helpers.go); `null` for any other message. */
export function evictionMessage(text: string): EvictionMessage | null {
  const resource = resourceShape.exec(text)?.groups?.['resource']
  if (resource === undefined) return null
  const threshold = thresholdShape.exec(text)?.groups
  const usages: Usage[] = []
  let podUsage: EvictionMessage['podUsage'] = null
  for (const { groups } of text.matchAll(usageShape)) {
    const usageBytes = quantity(groups?.['usage'])
    const requestBytes = quantity(groups?.['old'] ?? groups?.['request'])
    if (groups?.['what'] === 'Pod') podUsage = { usageBytes, requestBytes }
    else usages.push({ container: groups?.['name'] ?? '', usageBytes, requestBytes })
  }
  return {
    resource,
    thresholdBytes: quantity(threshold?.['threshold']),
    availableBytes: quantity(threshold?.['available']),
    podUsage,
    usages,
  }
}

/**
 * The eviction that a pod's status or an API event tells of, as the kubelet's own line would tell it: `null` where the message is none. `base`: when, where and in
 * which lines it stood.
 */
export function toldEviction(message: string, target: ContainerRef, base: EventBase): EvictionEvent | null {
  const told = evictionMessage(message)
  if (told === null) return null
  const { resource, thresholdBytes, availableBytes, usages } = told
  const { moment, host, bootId, writer, quotes } = base
  return {
    moment,
    host,
    bootId,
    writer,
    quotes,
    kind: 'eviction',
    stage: 'evicted',
    target,
    ranking: [],
    signal: resource,
    thresholdBytes,
    availableBytes,
    capacityBytes: null,
    message,
    usages,
  }
}
