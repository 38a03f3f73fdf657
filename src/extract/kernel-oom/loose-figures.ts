import { cite, type Draft } from './draft.ts'
import { elapsedUs } from './line.ts'

/** Somebody's own choice of lines puts a group's counters this close behind its kill. */
const NEAR = 6

/**
 * `memory: usage 203161592kB, limit 203161592kB, failcnt 340170` behind the kill, where somebody chose lines and put them in his own order: counters that no header,
 * table or kill came with, right behind the kill of a group whose counters are not there.
 */
export function ownerOfFigures(recent: readonly Draft[], draft: Draft): Draft | undefined {
  const owner = recent.at(-1)
  if (owner === undefined || !isLoose(draft) || !lacksFigures(owner)) return undefined
  const from = draft.excerpt[0]?.line ?? null
  const near = from !== null && owner.lastLine !== null && Math.abs(from - owner.lastLine) <= NEAR
  const elapsed = elapsedUs(owner.lastMoment, draft.moment)
  return near && (elapsed === null || elapsed === 0) ? owner : undefined
}

const isLoose = (draft: Draft): boolean =>
  draft.counters.memory !== undefined &&
  draft.group === 2 &&
  draft.header === null &&
  draft.taskIn === null &&
  draft.stats.length === 0 &&
  draft.kills.length === 0

const lacksFigures = (draft: Draft): boolean =>
  draft.kills.length > 0 &&
  draft.header === null &&
  draft.rows.size === 0 &&
  !draft.memInfo &&
  draft.counters.memory === undefined &&
  draft.stats.length === 0 &&
  (draft.summary === null ? draft.prefix === 'memcg' : !draft.summary.global)

export function mergeFigures(owner: Draft, { counters, pageBytes, quotes, excerpt }: Draft): void {
  Object.assign(owner.counters, counters)
  owner.pageBytes ??= pageBytes
  for (const [role, lines] of quotes) cite(owner, role, lines)
  owner.excerpt.push(...excerpt)
  owner.lastLine = excerpt.at(-1)?.line ?? owner.lastLine
}
