import { bytesOfQuantity } from '../units/bytes.ts'

/** deployment-controller: `Scaled up replica set cart-6bd5c9f7d9 to 2 from 0` (`from` since 1.27; before: `… to 2`). */
const SCALED = /Scaled (?<way>up|down) replica set (?<set>[\w.-]{1,253})(?: to (?<to>\d{1,9}))?(?: from (?<from>\d{1,9}))?/
/** horizontal-pod-autoscaler: `New size: 6; reason: cpu resource utilization (percentage of request) above target`. */
const RESIZED = /^New size: (?<size>\d{1,9}); reason: /

export interface ScaledSet {
  readonly way: 'up' | 'down'
  readonly set: string
  readonly to: number | null
  readonly from: number | null
}

/** What a `ScalingReplicaSet` event tells. */
export function scaledSet(message: string): ScaledSet | null {
  const found = SCALED.exec(message)?.groups
  if (found === undefined) return null
  const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text))
  return { way: found['way'] === 'down' ? 'down' : 'up', set: found['set'] ?? '', to: number(found['to']), from: number(found['from']) }
}

/** cronjob-controller: `Created job backup-29384756`. */
const CREATED = /^Created job (?<job>[\w.-]{1,253})$/

/** The Job that a CronJob's `SuccessfulCreate` tells of. */
export const createdJob = (message: string): string | null => CREATED.exec(message)?.groups?.['job'] ?? null

/** The number of replicas that a `SuccessfulRescale` event tells. */
export function newSize(message: string): number | null {
  const size = RESIZED.exec(message)?.groups?.['size']
  return size === undefined ? null : Number(size)
}

/** kubelet, 1.33 and later: `Pod resize completed: {"containers":[{"name":"app","resources":{"limits":{"cpu":"1","memory":"256Mi"},…}}],"generation":2}`. */
const RESIZE = /^Pod resize (?:started|completed): (?<json>\{.{1,20000}\})$/

interface Resized {
  readonly containers?: readonly { readonly name?: unknown; readonly resources?: { readonly limits?: { readonly memory?: unknown } } }[]
}

/** The memory limit that a resize in place gives a container, in bytes; the only one's where no name is given. */
export function limitOfResize(message: string, container: string | null): number | null {
  const json = RESIZE.exec(message)?.groups?.['json']
  if (json === undefined) return null
  try {
    const { containers } = JSON.parse(json) as Resized
    if (!Array.isArray(containers)) return null
    const own = containers.filter((one) => container === null || one?.name === container)
    const memory: unknown = own.length === 1 ? own[0]?.resources?.limits?.memory : null
    return typeof memory === 'string' ? bytesOfQuantity(memory) : null
  } catch {
    return null
  }
}

/** chaos-controller-manager: `Successfully apply chaos for shop/cart-0` (a container may follow). */
const APPLIED = /^Successfully apply chaos for (?<namespace>[\w.-]{1,63})\/(?<pod>[\w.-]{1,253})(?:\/[\w.-]{1,63})?$/

/** The pod that an experiment was applied to. */
export function podOfChaos(message: string): { readonly namespace: string; readonly pod: string } | null {
  const found = APPLIED.exec(message)?.groups
  return found === undefined ? null : { namespace: found['namespace'] ?? '', pod: found['pod'] ?? '' }
}
