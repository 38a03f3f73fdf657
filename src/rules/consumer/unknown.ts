import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf } from '../../facts/names.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { isNameless } from '../../text/nameless.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { freeOf } from '../limit/machine.ts'
import { figuresMissing, isKnown, ofWhat } from './held.ts'

export const unknownConsumer = defineRule({
  question: 'consumer',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate(facts) {
    const evicted = usageOf(facts)
    if (evicted !== null) return evicted
    if (facts.hadRoom) return nothingFull(facts)
    const own = facts.kill?.anonRssBytes ?? null
    const main = facts.composition?.from === 'figures' ? facts.composition.main : null
    const lost = facts.composition !== null && !isKnown(facts.composition) ? facts.composition : null
    const statement =
      lost !== null
        ? say`${bytes(lost.unprintedBytes)} of the ${bytes(lost.totalBytes)} stand in figures that are not in the log${own === null ? say`` : say`; ${victimOf(facts)} held ${bytes(own)} of its own${own > lost.totalBytes ? say`, not all of it there` : say`, ${percent(own / lost.totalBytes)}`}`}.`
        : main !== null && own === null
          ? say`${bytes(main.bytes)} ${main.id === 'other' ? say`stand in figures that do not tell processes from page cache` : say`were in the class ${code(main.id)} of the report's figures`}; which processes held them is not in the log.`
          : own === null
            ? say`What filled the memory is not known: the log has no memory counters from the time of the kill.`
            : ofKnownTotal(facts, own)
    return { confidence: 'low', statement, evidence: evidence(own === null ? [] : killLines(facts, 1)), against: null }
  },
  settledBy: (facts) => {
    const missing = figuresMissing(facts)
    if (missing.length > 0 || facts.hadRoom) return missing
    return [
      {
        text: say`Usage by process and class over time: the figures of the report name no main consumer.`,
        command: 'ps aux --sort=-rss | head -20; cat /proc/meminfo',
      },
    ]
  },
})

/** The victim alone: beside what others held, where the counters tell that; else beside nothing. */
function ofKnownTotal(facts: IncidentFacts, own: number): Phrase {
  const victim = facts.kill !== null && isNameless(facts.kill.comm) ? say`The killed process` : say`The killed process ${victimOf(facts)}`
  const held = facts.composition
  if (held === null || held.from === 'tasks') return say`${victim} held ${bytes(own)} of its own; against what total is not in the log.`
  const total = held.scope === 'memcg' ? held.usedBytes : held.totalBytes
  const share = say`${victim} held ${bytes(own)} of its own${own > total ? say`` : say`, ${percent(own / total)} of ${ofWhat(held)}`}`
  return held.main.id === 'anon'
    ? say`Memory of processes took ${bytes(held.main.bytes)}, ${percent(held.main.bytes / total)} of ${ofWhat(held)}; which processes held it is not in the log. ${victim} held ${bytes(own)}.`
    : say`${share}; what filled the rest the figures do not tell.`
}

/** With much of it free, the machine was not what was full: what its figures hold filled nothing. */
function nothingFull(facts: IncidentFacts) {
  const [free, total, own] = [freeOf(facts), facts.machineAccounting?.totalBytes ?? null, facts.kill?.anonRssBytes ?? null]
  const killed = own === null ? say`` : say`; ${victimOf(facts)} held ${bytes(own)} of its own`
  const room = free === null || total === null ? say`much of its memory was free` : say`${bytes(free)} of ${bytes(total)} was free`
  return {
    confidence: 'low' as const,
    statement: say`The machine was not full: ${room}${killed}.`,
    evidence: evidence(counterLines(facts, 'free'), lines(facts, 'ram'), killLines(facts, 1)),
    against: null,
  }
}

/** An eviction's message tells what the evicted pod's containers used, by samples 10–15 s old; what filled the node it does not tell. */
function usageOf(facts: IncidentFacts) {
  if (facts.kill?.killer !== 'kubelet') return null
  const told = facts.context.evictions.find(({ event }) => event.usages.some((usage) => usage.usageBytes !== null))
  const own = facts.kill.event?.kind === 'eviction' ? facts.kill.event : null
  const event = own?.usages.some((usage) => usage.usageBytes !== null) ? own : told?.event
  const [usage] = event?.usages ?? []
  if (event == null || usage?.usageBytes == null) return null
  const request = usage.requestBytes === null ? say`` : say` (request ${bytes(usage.requestBytes)})`
  return {
    confidence: 'low' as const,
    statement: say`What filled the node is not in the log; of the evicted pod, container ${code(usage.container)} used ${bytes(usage.usageBytes)}${request}.`,
    evidence: evidence(event.quotes.slice(0, 1)),
    against: null,
  }
}
