import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { relaxBinding } from './bound-nodes.ts'
import { isFragmented, zoneLines } from './fragmentation.ts'
import { constraintIn, isGlobal, machineState } from './machine.ts'

/**
 * One node or zone ran dry while the machine had memory: a bound process whose reclaim ran in kswapd (then the kernel prints
 * CONSTRAINT_NONE), a request that may only use low zones (GFP_DMA32, lowmem of 32-bit kernels).
 */
export const memoryZone = defineRule({
  question: 'limit',
  id: 'memory-zone',
  title: 'One zone or NUMA node of the machine',
  needs: ['dump', 'zones'],
  weight: 65,
  evaluate(facts) {
    const constraint = constraintIn(facts)
    const state = machineState(facts)
    if (!isGlobal(facts) || state === null || constraint === 'cpuset' || constraint === 'memory_policy' || isFragmented(facts)) return null
    const rich = state.wealthy.filter((node) => !state.dryNodes.includes(node.node))
    const quotes = evidence(lines(facts, 'summary', 'header'), zoneLines(facts), killLines(facts, 1))
    if (state.dryNodes.length > 0 && rich.length > 0) {
      const free = sumOf(rich.map((node) => node.freeBytes))
      const bound = isBindingTold(facts)
      return {
        confidence: bound ? facts.trust : 'medium',
        statement: say`NUMA node ${code(state.dryNodes.join(','))} ran dry while node ${code(rich.map((node) => node.node).join(','))} still had ${bytes(free)} free: the shortage was on one node only.`,
        evidence: quotes,
        against: bound ? null : say`The line that would tell of a cpuset or a memory policy is not in the log.`,
      }
    }
    if (state.allDry !== true || state.forbidden.length === 0) return null
    const free = sumOf(state.forbidden.map((zone) => zone.freeBytes))
    return {
      confidence: facts.trust,
      statement: say`The request could only use ${code(names(state.usable))}, which was exhausted, while ${code(names(state.forbidden))} still had ${bytes(free)} free.`,
      evidence: quotes,
      against: null,
    }
  },
  recommend: relaxBinding,
})

/** 5.0 and later print what bound the request in the summary, before that the header names the nodes of its cpuset. */
const isBindingTold = ({ dump }: IncidentFacts): boolean =>
  dump !== null &&
  (dump.constraintPrinted !== null || dump.panic !== null || dump.memsAllowed !== null || dump.trigger?.memsAllowed != null)

const names = (zones: readonly { readonly name: string }[]): string => [...new Set(zones.map((zone) => zone.name))].join(', ')
