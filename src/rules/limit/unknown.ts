import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf } from '../../facts/names.ts'
import { isMemcgFrame } from '../../kernel/call-trace.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { freeOf, isMostlyFree } from './machine.ts'

/** What is left when no limit can be named: says what is known, and what would tell. */
export const unknownLimit = defineRule({
  question: 'limit',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate: (facts) => ({
    confidence: 'low',
    statement: statement(facts),
    evidence: evidence(killLines(facts), lines(facts, 'header')),
    against: null,
  }),
  settledBy: (facts) => [
    {
      text: say`The whole report of the kernel around the kill: its ${code('oom-kill:')} line names the limit that was hit.`,
      command: facts.incident.coverage.journal
        ? 'journalctl -k -b all -o short-precise --no-pager'
        : 'dmesg --time-format iso; journalctl -k -b all -o short-precise',
    },
  ],
})

/** Where no line but the stack says that it was a cgroup's limit. */
function byStack({ dump }: IncidentFacts) {
  const frame = dump?.has.memcg ? undefined : dump?.trigger?.frames.find(isMemcgFrame)
  return frame === undefined ? say`` : say` (the stack goes through ${code(frame)})`
}

function statement(facts: IncidentFacts) {
  const free = freeOf(facts)
  if (facts.dump?.pagefaultOom)
    return say`The killer was called from the page-fault path without a real request (${code('gfp_mask=0x0')})${free === null ? say`` : say` while ${bytes(free)} was free`}: the failure behind it, often a refused charge of kernel memory, is not in this report.`
  if (facts.scope === 'memcg') {
    const whom = facts.kill === null ? say`was reached` : say`stopped ${victimOf(facts)}`
    return say`The limit of a memory cgroup ${whom}${byStack(facts)}; the lines that name the group are not in the log.`
  }
  if (free !== null && isMostlyFree(facts))
    return say`${bytes(free)} of memory was free: it was not the whole machine that ran out, but the part of it that this request was held to. The lines that name that part are not in the log.`
  if (facts.kill === null) return say`Which limit was hit is not in the log.`
  return say`${victimOf(facts)} was killed; which limit was hit is not in the log.`
}
