import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName } from '../../facts/names.ts'
import { bytes, code, say, seconds } from '../../text/say.ts'
import { nextSize, setLimitCommand } from '../advice.ts'
import { endedRuns, survivingRun } from '../consequence/aftermath.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isMemcgKill, isOwnLimit, isStatusOnly, lifetimeSeconds, shareOf } from './signs.ts'

/** Killed within a minute and a half of its start: it never got to work. */
const SOON_SECONDS = 90

export const startupPeak = defineRule({
  question: 'rootCause',
  id: 'startup-peak',
  title: 'A peak at start',
  needs: ['kill', 'started'],
  doubt: say`A kill early in a run may have another reason than the start.`,
  weight: 63,
  evaluate(facts) {
    const life = lifetimeSeconds(facts)
    if (life === null || life < -2 || life > SOON_SECONDS || !((isMemcgKill(facts) && isOwnLimit(facts)) || isStatusOnly(facts)))
      return null
    // A run that goes on after the kill was not at its start in the sense that matters: one of its processes died.
    if (survivingRun(facts) !== null || endedLate(facts)) return null
    if (shareOf(facts, 'shmem') > 0.5 || facts.scores?.shieldedGiant != null) return null
    return {
      confidence: 'medium',
      statement: say`${code(facts.kill.comm ?? containerName(facts) ?? 'The process')} was killed ${seconds(Math.max(0, Math.round(life * 10) / 10))} after its container had started: what it loads at start does not fit the limit.`,
      evidence: evidence([facts.started.quote], killLines(facts, 1), lines(facts, 'memory')),
      against: null,
    }
  },
  recommend(facts) {
    const limit = facts.memcgLimit?.limitBytes ?? facts.container?.limitBytes?.value ?? null
    if (limit === null) return []
    const next = nextSize(limit)
    return [
      {
        text: say`Size the limit for the start: try ${bytes(next)} instead of ${bytes(limit)}, and read the peak once the container is ready. If it is killed again as early, the start needs less parallelism or smaller caches rather than more memory.`,
        why: say`A container that dies before it is ready will die at every restart.`,
        command: setLimitCommand(facts, next),
        when: 'now' as const,
      },
    ]
  },
})

/** The container outlived the kill: a child died. */
const endedLate = (facts: IncidentFacts): boolean => endedRuns(facts).some((run) => (run.delaySeconds ?? 0) > 10)
