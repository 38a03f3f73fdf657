import type { ObjectEvent, StopReason } from '../model/event.ts'

/** `Container app failed liveness probe, will be restarted`, `Liveness probe failed: …`; `Preempted by pod …` (kubelet, prober and preemption). */
const shapes: readonly (readonly [StopReason, RegExp])[] = [
  ['liveness', /liveness/i],
  ['startup', /startup/i],
  ['preemption', /preempt/i],
]

/** For what a container was stopped, by the words of the line; `other` where they name nothing. */
export const stopReason = (text: string): StopReason => shapes.find(([, shape]) => shape.test(text))?.[0] ?? 'other'

/** Of an event of Kubernetes: `Killing` and `ExceededGracePeriod` are stops, `Unhealthy` is one where the probe restarts; nothing for all others. */
export function stopOfEvent(reason: string, message: string): Pick<ObjectEvent, 'stop'> {
  if (reason === 'Killing' || reason === 'ExceededGracePeriod') return { stop: stopReason(message) }
  if (reason !== 'Unhealthy') return {}
  const why = stopReason(message)
  return why === 'liveness' || why === 'startup' ? { stop: why } : {}
}
