import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName } from '../../facts/names.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { code, say, seconds } from '../../text/say.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { watchHistory } from '../advice/history.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { readPreviousLog } from '../advice/read-log.ts'
import { subjectOf } from '../advice/subject.ts'
import { endedRuns, survivingRun } from '../consequence/aftermath.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { evenly, recurrenceOf } from '../pattern/recurrence.ts'
import { giantOf } from './claims.ts'
import { isMemcgKill, isOwnLimit, isStatusOnly, lifetimeSeconds, shareOf } from './signs.ts'
import { startByCurve } from './start-curve.ts'

/** Killed within a minute and a half of its start: it never got to work. */
const SOON_SECONDS = 90

export const startupPeak = defineRule({
  question: 'rootCause',
  id: 'startup-peak',
  title: 'A peak at start',
  needs: ['kill'],
  doubt: say`A kill early in a run may have another reason than the start.`,
  weight: 63,
  evaluate(facts) {
    if (!((isMemcgKill(facts) && isOwnLimit(facts)) || isStatusOnly(facts)) || facts.kill.killer !== 'kernel') return null
    const curve = startByCurve(facts)
    if (curve?.what === 'peak')
      return {
        confidence: curve.sure ? facts.trust : 'medium',
        statement: curve.statement,
        evidence: evidence(ownCurve(facts)?.quotes.slice(0, 2) ?? [], [facts.started?.quote], killLines(facts, 1)),
        against: null,
      }
    const life = lifetimeSeconds(facts)
    const start = subjectOf(facts)?.runtime?.start ?? null
    if (life === null || life < -2 || curve?.what === 'fits') return null
    if (life > SOON_SECONDS && (start === null || !diesAtOneAge(facts, life))) return null
    // A run that goes on after the kill was not at its start in the sense that matters: one of its processes died.
    if (survivingRun(facts) !== null || endedLate(facts) || nextRunFits(facts)) return null
    if (shareOf(facts, 'shmem') > 0.5 || giantOf(facts) !== null) return null
    return {
      confidence: 'medium',
      statement: say`${code(facts.kill.comm ?? containerName(facts) ?? 'The process')} was killed ${seconds(Math.max(0, Math.round(life * 10) / 10))} after its container had started: what it loads at start${start === null ? say`` : say` (${start.loads})`} does not fit the limit.`,
      evidence: evidence([facts.started?.quote], killLines(facts, 1), lines(facts, 'memory')),
      against: null,
    }
  },
  recommend: (facts) => [
    ...raiseLimit(facts),
    ...lessAtStart(facts),
    ...readPreviousLog(facts),
    ...watchHistory(facts),
    ...boundRuntime(facts),
  ],
})

/** A log that takes minutes to be read ends each run at about the same age. */
const LONGEST_START_SECONDS = 900

function diesAtOneAge(facts: IncidentFacts, life: number): boolean {
  const lives = recurrenceOf(facts)?.lives ?? []
  return life <= LONGEST_START_SECONDS && lives.length > 1 && evenly(lives) !== null
}

function lessAtStart(facts: IncidentFacts): readonly Recommendation[] {
  const start = subjectOf(facts)?.runtime?.start
  if (start === undefined) return []
  return [
    {
      text: start.less,
      why: say`It needs more at its start than after it, and more with each start that fails.`,
      command: null,
      when: 'prevent',
      effect: say`Takes a restart of the program.`,
      owner: 'application',
    },
  ]
}

/** The container outlived the kill: a child died. */
const endedLate = (facts: IncidentFacts): boolean => endedRuns(facts).some((run) => run.delaySeconds !== null && run.delaySeconds > 10)

/** The next run, under the same limit, got past its start: what it loads does fit. In a loop of many restarts a moment of Ready proves nothing. */
export function nextRunFits(facts: IncidentFacts): boolean {
  const container = facts.container
  const at = facts.kill?.at.epochUs ?? null
  const state = container?.state ?? null
  if (container === null || state === null || at === null || state.startedUs === null || state.startedUs < at - 2_000_000) return false
  if (state.kind === 'terminated') return state.finishedUs !== null && state.finishedUs - state.startedUs > SOON_SECONDS * 2_000_000
  return state.kind === 'running' && container.ready === true && (container.restartCount?.value ?? 1) <= 2
}
