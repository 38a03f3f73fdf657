import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { watchHistory } from '../advice/history.ts'
import { keepTheLog } from '../advice/keep-log.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { readPreviousLog } from '../advice/read-log.ts'
import { figuresMissing } from '../consumer/held.ts'
import { defineRule } from '../define-rule.ts'
import { isMemcgKill, isOwnLimit, isStatusOnly } from './signs.ts'

export const unknownCause = defineRule({
  question: 'rootCause',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate: (facts) => ({
    confidence: 'low',
    statement: facts.hadRoom
      ? say`What was read does not tell what was short: much of the memory was free.`
      : facts.kill?.killer === 'kernel'
        ? say`What was read does not tell why the memory was used up.`
        : say`The root cause cannot be told from what was read.`,
    evidence: [],
    against: null,
  }),
  recommend: (facts) => {
    if (isStatusOnly(facts)) return [...keepTheLog(facts), ...raiseLimit(facts), ...readPreviousLog(facts), ...watchHistory(facts)]
    return isMemcgKill(facts) && isOwnLimit(facts) ? [...whatIsInThere(facts), ...watchHistory(facts)] : [...watchHistory(facts)]
  },
  settledBy: (facts) => {
    const figures = figuresMissing(facts)
    return figures.length > 0
      ? figures
      : [
          {
            text: say`The history of this workload's memory, and what changed on the machine before.`,
            command: 'journalctl -b all -o short-precise --no-pager',
          },
        ]
  },
})

/** A limit was reached and no process in sight explains it: its members and its counters do. */
function whatIsInThere(facts: IncidentFacts) {
  const limit = facts.memcgLimit?.limitBytes ?? null
  const path = facts.memcgLimit?.path ?? null
  const unit = facts.limitCgroup?.containerId === null ? (facts.limitCgroup.unit ?? null) : null
  return [
    {
      text: say`See what is in ${groupOf(facts)} when it is near its limit${limit === null ? say`` : say` of ${bytes(limit)}`}: all its processes, and its ${code('memory.stat')} (files, shared memory, kernel memory).`,
      why: say`The killed process held a small part only: something else in there filled it.`,
      command:
        unit === null || path === null
          ? null
          : `systemd-cgls -u ${shellWord(unit)}; systemctl show ${shellWord(unit)} -p MemoryCurrent -p MemoryMax`,
      when: 'find' as const,
      effect: say`Changes nothing.`,
      owner: 'platform' as const,
    },
  ]
}
