export interface LivingPod {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly sandbox: string
  readonly id: string
}
export interface Lives {
  victim(): LivingPod | null
  line(stamp: string): string
}
export function openLives(random: () => number, options?: { inner?: 'orderly' | 'random' }): Lives
export function about(pod: { uid: string; id: string }, text: string): string
