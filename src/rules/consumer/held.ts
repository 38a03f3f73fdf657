import type { Composition, IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf } from '../../facts/names.ts'
import type { Confidence, Missing, Phrase } from '../../model/diagnosis.ts'
import type { MemoryClassId } from '../../model/figures.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'

/** `of the 80.0 MiB in use` in a cgroup, `of the 7.6 GiB that the machine has` in a global shortage. */
export function ofWhat(held: Composition): Phrase {
  if (held.scope === 'part') return say`the ${bytes(held.totalBytes)} that the request could use`
  return held.scope === 'memcg' ? say`the ${bytes(held.usedBytes)} in use` : say`the ${bytes(held.totalBytes)} that the machine can use`
}

/** Confidence by the share of what was held: more than half is proof, a third a hint. Never above what the evidence as a whole allows. */
export function byShare(facts: IncidentFacts, share: number): Confidence {
  if (share < 0.35) return 'low'
  return share < 0.5 || facts.trust !== 'high' ? 'medium' : 'high'
}

/** Whether the figures name a main class: where more stands in figures that are not in the log, they do not. */
export const isKnown = (held: Composition): boolean => held.unprintedBytes < held.main.bytes

/**
 * The answer of a class that held the most. `keys`: the counters to quote. `null` when another class held more, or it is no main part.
 */
export function mainClass(facts: IncidentFacts, ids: readonly MemoryClassId[], keys: readonly string[], words: Phrase) {
  const held = facts.composition
  if (held === null || !isKnown(held) || !ids.includes(held.main.id) || held.main.share < 0.2) return null
  const total = held.scope === 'memcg' ? held.usedBytes : held.totalBytes
  const next = runnerUp(held)
  return {
    confidence: byShare(facts, held.main.bytes / total),
    statement: say`${words} held ${bytes(held.main.bytes)}, ${percent(held.main.bytes / total)} of ${ofWhat(held)}${smallVictim(facts)}.`,
    evidence:
      held.from === 'tasks'
        ? evidence(killLines(facts, 1), [held.largest?.row.quote], lines(facts, 'memory', 'ram'))
        : evidence(counterLines(facts, ...keys), lines(facts, 'memory', 'ram'), killLines(facts, 1)),
    against: next === null ? null : say`${code(next.id)} held ${bytes(next.bytes)} too.`,
  }
}

/** Another class of at least two thirds of the main one: then the answer is no `high`. */
function runnerUp(held: Composition): { readonly id: string; readonly bytes: number } | null {
  const others = Object.entries(held.classes).filter(([id, size]) => id !== held.main.id && id !== 'free' && size >= held.main.bytes * 0.67)
  const [first] = others
  return first === undefined ? null : { id: first[0], bytes: first[1] }
}

/** The killed process explains little: that is what makes such a kill look senseless. */
function smallVictim(facts: IncidentFacts): Phrase {
  const own = facts.kill?.anonRssBytes ?? null
  const held = facts.composition
  if (own === null || held === null || own > held.usedBytes * 0.4) return say``
  // By the kill line, it is the victim that had the shared memory mapped.
  if (held.from === 'tasks') return say`, mapped by ${nameOf(facts.kill?.comm ?? null, facts.kill?.pid ?? null)}`
  return say`; the killed process itself held only ${bytes(own)}`
}

export function figuresMissing(facts: IncidentFacts): readonly Missing[] {
  if (facts.hadRoom || (facts.composition !== null && isKnown(facts.composition))) return []
  // Where the kernel killed nothing there is no report to look for.
  if (facts.dump === null && (facts.kill === null || (facts.kill.killer !== 'kernel' && facts.kill.killer !== 'unknown'))) return []
  if (facts.dump === null) {
    return [
      {
        text: say`What filled the memory: there is no kernel report with figures. Usage over time would tell.`,
        command: 'dmesg --time-format iso; journalctl -k -b all -o short-precise',
      },
    ]
  }
  const block = facts.scope === 'memcg' ? say`the part ${code('Memory cgroup stats for')}` : say`the block ${code('Mem-Info')}`
  const some = facts.scope === 'global' && facts.dump.memInfo !== null
  return [
    {
      text: some
        ? say`What filled the memory: ${block} of the report is in the log in part only.`
        : say`What filled the memory: ${block} of the report is not in the log.`,
      command: 'journalctl -k -b all -o short-precise --no-pager',
    },
  ]
}
