import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { successive } from '../../series/deaths.ts'
import type { Pattern } from './define-pattern.ts'
import { grows, recurrenceOf } from './recurrence.ts'

/** Three deaths of one workload or more, each larger than the one before: a fixed limit gives equal sizes, so the growth is the program's own. */
export const leak: Pattern = {
  id: 'leak',
  holds(facts) {
    const found = recurrenceOf(facts)
    if (found === null || found.sizes.length < found.deaths.length) return false
    // workers that die at once are no lives one after another
    const sizes = successive(found.deaths).map(({ bytes }) => bytes ?? 0)
    const [first = 0, last = 0] = [sizes[0], sizes.at(-1)]
    return sizes.length >= 3 && grows(sizes) && first > 0 && last >= first * 1.25 && last >= MATERIAL * limitAtLast(facts)
  },
}

/** What grew has to be a good part of what was full: a small process beside 27 GiB of files in memory is no leak of the limit's. */
const MATERIAL = 0.25

/** The limit that the last kill hit; 0 where none is known, or the machine was full. */
function limitAtLast(facts: IncidentFacts): number {
  const dump = facts.incident.kills.at(-1)?.dump ?? facts.dump
  return dump?.scope === 'memcg' ? (dump.memory?.limitBytes ?? facts.memcgLimit?.limitBytes ?? 0) : 0
}
