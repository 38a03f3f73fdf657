import { warning } from '../../warnings.ts'
import { type Facts, newFacts } from './page.ts'

/** Most events of a large list that tell of no death and no memory: some 4 KiB each as they are kept. */
const MOST_OTHERS = 100_000

/** What a large list tells, gathered piece by piece. */
export function largeFacts(source: string): { add(facts: Facts): void; end(): Facts } {
  const found = newFacts()
  let others = 0
  return {
    /** What is found is copied, else each name would hold its piece. */
    add(facts) {
      const own = structuredClone(facts)
      for (const each of own.snapshots) found.snapshots.push(each)
      for (const each of own.events) {
        const isOther = each.kind === 'object-event' && !each.ofMemory && each.death === null
        if (isOther) others += 1
        if (!isOther || others <= MOST_OTHERS) found.events.push(each)
      }
      for (const each of own.warnings) found.warnings.push(each)
    },
    end() {
      if (others > MOST_OTHERS)
        found.warnings.push(warning('events-passed-by', source, null, { count: others - MOST_OTHERS, limit: MOST_OTHERS }))
      return found
    },
  }
}
