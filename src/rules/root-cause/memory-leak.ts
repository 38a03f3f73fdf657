import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { workloadOf } from '../../facts/names.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, count, say, seconds } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { leastOf, mostOf } from '../../units/extremes.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { alertBefore, watchHistory } from '../advice/history.ts'
import { lookInside } from '../advice/look-inside.ts'
import { presentLimit, raisedAlready } from '../advice/need.ts'
import { refOf, targetOf } from '../advice/target.ts'
import { usageOverTime } from '../advice/usage-query.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { leak } from '../pattern/leak.ts'
import { type Recurrence, recurrenceOf } from '../pattern/recurrence.ts'
import { lastsFor, leakByCurve, lowLimitByCurve, spikeByCurve } from './curve.ts'
import { lifetimeSeconds } from './signs.ts'

/** Growth from kill to kill, or long lives of the same length under the same limit. Never high from kernel reports alone (§7.2). */
export const memoryLeak = defineRule({
  question: 'rootCause',
  id: 'memory-leak',
  title: 'A memory leak',
  needs: ['kill'],
  weight: 67,
  evaluate(facts) {
    if (facts.kill.killer !== 'kernel') return null
    const curve = leakByCurve(facts)
    if (curve !== null) return curve
    if (lowLimitByCurve(facts) !== null || spikeByCurve(facts) !== null) return null
    const found = recurrenceOf(facts)
    return found === null ? null : (fromGrowth(facts, found) ?? fromLives(facts, found) ?? fromPace(facts, found))
  },
  recommend: (facts) => [
    ...restartInTime(facts),
    ...lookInside(facts),
    ...watchHistory(facts),
    ...boundRuntime(facts),
    ...alertBefore(facts),
  ],
  settledBy: (facts) => (recurrenceOf(facts) === null ? [] : usageOverTime(facts)),
})

const quotesOf = (facts: IncidentFacts, { deaths }: Recurrence) =>
  evidence(...deaths.slice(0, 5).map((death) => death.evidence.slice(0, 1)), killLines(facts, 1))

const name = (facts: IncidentFacts) => code(facts.kill?.comm ?? 'The process')

/** It fills whatever it is given: limits were raised, or the whole machine was there. */
function fromGrowth(facts: IncidentFacts, found: Recurrence) {
  const [first, last] = [found.sizes[0] ?? 0, found.sizes.at(-1) ?? 0]
  if (!leak.holds(facts) || first <= 0 || last <= first) return null
  const raised = raisedAlready(facts)
  const also =
    raised === null
      ? say`.`
      : say`, but its limit was raised meanwhile, from ${bytes(raised.from)} to ${bytes(presentLimit(facts) ?? last)}: a need above all of them looks the same.`
  return {
    confidence: 'medium' as const,
    statement: say`${name(facts)} fills whatever it is given: killed ${count(found.deaths.length)} times, it held ${bytes(first)} the first time and ${bytes(last)} the last. A memory leak does that${also}`,
    evidence: quotesOf(facts, found),
    against: null,
  }
}

/** Peaks and low limits kill within minutes of a start; what needs an hour or more each time, and about as long each time, grows. */
function fromLives(facts: IncidentFacts, found: Recurrence) {
  const life = slowLives(found)
  if (life === null || facts.memcgLimit?.reached === false || facts.scope !== 'memcg') return null
  if (isScheduled(facts, found) || outlivesItsKills(facts)) return null
  return {
    confidence: 'medium' as const,
    statement: say`A memory leak is likely: ${name(facts)} takes ${seconds(life.least)} to ${seconds(life.most)} to fill the same limit, ${count(found.deaths.length)} times in a row. Slow growth in every run points to a leak, unless usage over time shows otherwise.`,
    evidence: quotesOf(facts, found),
    against: null,
  }
}

/** From one kill to the next at least: less is a supervisor's pause and a start, or one worker after another, which no leak outlasts. */
const LEAST_PACE_SECONDS = 90

function fromPace(facts: IncidentFacts, found: Recurrence) {
  const gap = found.gaps.length < 3 || found.areBeside ? null : found.every
  if (gap === null || gap < LEAST_PACE_SECONDS) return null
  return {
    confidence: 'low' as const,
    statement: say`The ${count(found.deaths.length)} kills follow each other every ${seconds(Math.round(gap))}: memory that grows at a steady pace does that.`,
    evidence: quotesOf(facts, found),
    against: isScheduled(facts, found)
      ? say`A job on a schedule does it too.`
      : say`Work that repeats looks the same; only usage over time tells.`,
  }
}

/** Two kills in one container run: workers died in it, one after another, and what lies between them is no life of one. */
function outlivesItsKills(facts: IncidentFacts): boolean {
  const runs = new Map<string, string>()
  return facts.incident.kills.some(({ workload, eventKey }) => {
    const id = workload?.containerId ?? null
    if (id === null) return false
    const first = runs.get(id) ?? eventKey
    runs.set(id, first)
    return first !== eventKey
  })
}

/** A CronJob, or a pace of whole minutes that no leak keeps. */
function isScheduled(facts: IncidentFacts, { every }: Recurrence): boolean {
  const owner = workloadOf(facts)?.owner ?? ''
  return owner.startsWith('CronJob/') || owner.startsWith('Job/') || (every !== null && Math.abs(every - Math.round(every / 300) * 300) < 5)
}

/** From here on a run is not its start, nor one request. */
const LONG_LIFE_SECONDS = 3600

function slowLives({ gaps, deaths, lives }: Recurrence): { least: number; most: number } | null {
  // A container is started again within minutes: the time since the death before is about its life.
  const known = lives.length === deaths.length ? lives : gaps.filter((gap) => gap !== null)
  if (deaths.length < 3 || known.length < deaths.length - 1) return null
  const [least, most] = [leastOf(known), mostOf(known)]
  return least >= LONG_LIFE_SECONDS && most <= 2 * least ? { least: Math.round(least), most: Math.round(most) } : null
}

/** Until the leak is found: a restart at a time of one's own choosing. */
function restartInTime(facts: IncidentFacts) {
  const gaps = recurrenceOf(facts)?.gaps.filter((gap) => gap !== null) ?? []
  const limit = presentLimit(facts)
  const lived = lifetimeSeconds(facts)
  const shortest = gaps.length > 0 ? leastOf(gaps) : (lived ?? (limit === null ? null : lastsFor(facts, limit)))
  const twice = limit === null ? null : lastsFor(facts, 2 * limit)
  if (shortest === null || shortest < LONG_LIFE_SECONDS) return []
  const restart = restartOf(facts)
  if (restart === null) return []
  return [
    {
      text: say`Until the leak is found, restart it before the kill comes, at a time of your choosing: each run has lasted ${seconds(Math.round(shortest))} at least.`,
      why: say`A leak fills any limit: a higher one only delays the next kill.${twice === null ? say`` : say` At this slope twice the limit lasts ${seconds(Math.round(twice))}.`}`,
      command: restart.command,
      when: 'now' as const,
      effect: restart.effect,
      owner: 'application' as const,
    },
  ]
}

/** What restarts the workload without a kill; `null` where nothing that outlives it is named. */
function restartOf(facts: IncidentFacts): { readonly command: string; readonly effect: Phrase } | null {
  const target = targetOf(facts)
  if (target !== null)
    return target.undoable
      ? {
          command: `${target.cli} rollout restart${inNamespace(target.namespace)} ${refOf(target)}`,
          effect: say`Replaces every replica, one after another.`,
        }
      : null
  const unit = facts.limitCgroup?.unit ?? facts.victimCgroup?.unit ?? null
  return unit?.endsWith('.service') === true && facts.limitCgroup?.containerId == null
    ? { command: `systemctl restart ${shellWord(unit)}`, effect: say`It is down for the time of a restart; a timer can do it each night.` }
    : null
}
