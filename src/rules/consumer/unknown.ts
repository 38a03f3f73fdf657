import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf } from '../../facts/names.ts'
import { isNameless } from '../../text/nameless.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { figuresMissing, isKnown } from './held.ts'

export const unknownConsumer = defineRule({
  question: 'consumer',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate(facts) {
    const evicted = usageOf(facts)
    if (evicted !== null) return evicted
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
            : say`The killed process${facts.kill !== null && isNameless(facts.kill.comm) ? say`` : say` ${victimOf(facts)}`} held ${bytes(own)} of its own; against what total is not in the log.`
    return { confidence: 'low', statement, evidence: evidence(own === null ? [] : killLines(facts, 1)), against: null }
  },
  settledBy: (facts) => {
    const missing = figuresMissing(facts)
    if (missing.length > 0) return missing
    return [
      {
        text: say`Usage by process and class over time: the figures of the report name no main consumer.`,
        command: 'ps aux --sort=-rss | head -20; cat /proc/meminfo',
      },
    ]
  },
})

/** An eviction's message tells what the evicted pod's containers used, by samples 10–15 s old; what filled the node it does not tell. */
function usageOf(facts: IncidentFacts) {
  if (facts.kill?.killer !== 'kubelet') return null
  const told = facts.context.evictions.find(({ event }) => event.usages.some((usage) => usage.usageBytes !== null))
  const own = facts.kill.event?.kind === 'eviction' ? facts.kill.event : null
  const event = own?.usages.some((usage) => usage.usageBytes !== null) ? own : told?.event
  const [usage] = event?.usages ?? []
  if (event === undefined || event === null || usage?.usageBytes == null) return null
  const request = usage.requestBytes === null ? say`` : say` (request ${bytes(usage.requestBytes)})`
  return {
    confidence: 'low' as const,
    statement: say`What filled the node is not in the log; of the evicted pod, container ${code(usage.container)} used ${bytes(usage.usageBytes)}${request}.`,
    evidence: evidence(event.quotes.slice(0, 1)),
    against: null,
  }
}
