import { inTime } from '../timeline/in-time.ts'
import { gapUs } from '../timeline/instants.ts'
import { type Draft, sameRowUs } from './row-of.ts'

/** What a death brings about, by the row's kind: it follows the kill, whatever the loggers' clocks say. */
const isEffect = (kind: string): boolean =>
  /^(unit-(oom-killed|main-exited|failed|restart-scheduled)|container-(oom|exit|died|back-off))$/.test(kind)

/**
 * Order of time, then of cause: systemd's word on a unit may be stamped before the kernel's line (seen-on-real-systems §3), since the one is dated when it
 * was written and the other when it was read. Effects that precede the first kill by no more than the clocks' error stand right after it, in their own order.
 */
export function inOrder(rows: readonly Draft[]): Draft[] {
  const sorted = inTime(rows, (row) => row.at)
  const first = sorted.findIndex((r) => r.row.kind === 'kill')
  const kill = sorted[first]
  if (kill === undefined) return sorted
  const early = sorted.slice(0, first).filter((r) => isEffect(r.row.kind) && mayFollow(kill, r))
  return [...sorted.slice(0, first).filter((r) => !early.includes(r)), kill, ...early, ...sorted.slice(first + 1)]
}

function mayFollow(kill: Draft, effect: Draft): boolean {
  const gap = gapUs(effect.at, kill.at)
  const errorUs = 1000 * ((kill.at.uncertaintyMs ?? 0) + (effect.at.uncertaintyMs ?? 0))
  return gap !== null && gap <= Math.max(sameRowUs, errorUs)
}
