import type { Instant } from '../model/incident.ts'
import { before } from './instants.ts'

/**
 * Items in order of time, of reading where no clock is shared. Merged by hand: instants of several clocks are no total order (`a` before `b` by their clock, `b`
 * before `c` and `c` before `a` by reading), and what `Array.prototype.sort` makes of that differs between engines.
 */
export function inTime<T>(items: readonly T[], at: (item: T) => Instant): T[] {
  if (items.every((item, place) => place === 0 || before(at(items[place - 1] as T), at(item)) <= 0)) return [...items]
  const middle = items.length >> 1
  const first = inTime(items.slice(0, middle), at)
  const second = inTime(items.slice(middle), at)
  if (before(at(first.at(-1) as T), at(second[0] as T)) <= 0) return first.concat(second)
  const merged: T[] = []
  let a = 0
  let b = 0
  while (a < first.length && b < second.length)
    merged.push(before(at(first[a] as T), at(second[b] as T)) <= 0 ? (first[a++] as T) : (second[b++] as T))
  return merged.concat(first.slice(a), second.slice(b))
}
