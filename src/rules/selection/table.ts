import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Confidence, Missing } from '../../model/diagnosis.ts'
import { say } from '../../text/say.ts'

/** A kill by the kernel with its victim in a task table: what the answers from ranks need. */
export function isRanked(facts: IncidentFacts): boolean {
  return facts.kill?.killer === 'kernel' && facts.scores?.victim != null && facts.dump !== null && !facts.dump.allocatingTask
}

/**
 * A table whose head or tail is lost may hide a larger task, unless the victim alone explains most of what was held. So may one that looks whole and whose rows
 * hold less than half of the anonymous memory that the counters tell of.
 */
export function tableConfidence(facts: IncidentFacts): Confidence {
  if (facts.trust !== 'high') return 'medium'
  if (shareOfAnonymous(facts) < 0.5) return 'low'
  if (facts.dump?.tasksComplete) return 'high'
  const own = facts.scores?.victim?.row.rssBytes ?? null
  const used = facts.composition?.usedBytes ?? null
  return own !== null && used !== null && own > used / 2 ? 'high' : 'medium'
}

/** What the rows hold of the anonymous memory that the counters tell of; all of it where they tell nothing. */
function shareOfAnonymous({ dump, composition }: IncidentFacts): number {
  const anonymous = composition?.from === 'figures' ? (composition.classes.anon ?? null) : null
  return anonymous === null || anonymous === 0 ? 1 : sumOf((dump?.tasks ?? []).map((row) => row.rssBytes)) / anonymous
}

/** That nobody else lived there is only sure of a table in which no memory is missing. */
export const holdsNearlyAll = (facts: IncidentFacts): boolean => shareOfAnonymous(facts) >= 0.9

export function tableMissing(facts: IncidentFacts): readonly Missing[] {
  if (facts.kill?.killer !== 'kernel' || (facts.dump !== null && facts.dump.tasks.length > 0)) return []
  return [
    {
      text: say`The kernel's task table: it shows among which processes the victim was chosen. (It is printed at level info, and not at all with vm.oom_dump_tasks=0.)`,
      command: 'journalctl -k -b all -o short-precise --no-pager',
    },
  ]
}
