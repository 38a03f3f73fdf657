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

/** The number of replicas that a `SuccessfulRescale` event tells. */
export function newSize(message: string): number | null {
  const size = RESIZED.exec(message)?.groups?.['size']
  return size === undefined ? null : Number(size)
}
