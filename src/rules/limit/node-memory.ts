import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import { sumOf } from '../../kernel/sums.ts'
import { isTotalRefuted } from '../../kernel/total-pages.ts'
import { zoneClassOf } from '../../kernel/zones.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { isFragmented } from './fragmentation.ts'
import { constraintIn, freeOf, isGlobal, isMostlyFree, machineState } from './machine.ts'
import { upper } from './memcg-limit.ts'
import { trueSystemOom } from './system-oom.ts'

/** No constraint: the whole machine was out of memory. */
export const nodeMemory = defineRule({
  question: 'limit',
  id: 'node-memory',
  title: 'The memory of the whole machine',
  needs: [],
  weight: 40,
  evaluate(facts) {
    if (facts.dump === null) return fromEvent(facts)
    if (!isGlobal(facts) || facts.dump.pagefaultOom) return null
    const constraint = constraintIn(facts)
    if (constraint === 'cpuset' || constraint === 'memory_policy') return null
    const state = machineState(facts)
    if (state !== null && state.dryNodes.length > 0 && state.wealthy.some((node) => !state.dryNodes.includes(node.node))) return null
    if (state !== null && isFragmented(facts)) return null
    if (isMostlyFree(facts) && !isWhollyDry(facts)) return null
    const plenty = plentyFree(facts)
    return {
      confidence: facts.trust === 'high' && !plenty && !isMostlyFree(facts) && isProved(facts) ? 'high' : 'medium',
      statement: say`${upper(machineOf(facts))} as a whole ran out of memory${figures(facts)}; ${bounds(facts)}.${doubt(facts)}`,
      evidence: evidence(
        lines(facts, 'summary', 'panic'),
        killLines(facts, 1),
        counterLines(facts, 'free'),
        lines(facts, 'ram', 'zones', 'swapTotals'),
      ),
      against: plenty ? say`The report shows free memory above the watermarks in a zone that the request could use.` : null,
    }
  },
  alternative: (facts) => say`${upper(machineOf(facts))} as a whole may have been short of memory${figures(facts)}.`,
  recommend: (facts) => leastFree(facts),
  settledBy(facts) {
    if (!isGlobal(facts) || facts.dump?.memInfo != null) return []
    return [
      {
        text: say`The state of the zones at that moment: the block ${code('Mem-Info')} of the report is not in the log (a level filter, or a full ring buffer).`,
        command: 'journalctl -k -o short-precise --no-pager',
      },
    ]
  },
})

/** No report, but a kill line that an event repeats (`Out of memory: Killed process …`), or a SystemOOM of a kubelet that can be believed. */
function fromEvent(facts: IncidentFacts) {
  const { kill } = facts
  if (kill === null || kill.killer !== 'kernel' || kill.constraint === 'memcg') return null
  const event = trueSystemOom(facts)
  const version = facts.node?.kubeletVersion ?? null
  if (event === null && kill.constraint !== 'none') return null
  const why =
    event === null || version === null
      ? say`the kill line begins with ${code('Out of memory')}, which the kernel writes for no group's limit`
      : say`kubelet ${code(version)} reports ${code('SystemOOM')} only then`
  return {
    confidence: 'medium' as const,
    statement: say`${upper(machineOf(facts))} as a whole ran out of memory: ${why}.`,
    evidence: evidence(kill.evidence.slice(-2), event === null ? [] : event.quotes.slice(0, 1)),
    against: say`The kernel's own report, with its figures, is not in the log.`,
  }
}

/** `global_oom` printed, the panic's own words, or (before 5.0) a whole Mem-Info without any memcg block: together with dry zones. */
function isProved(facts: IncidentFacts): boolean {
  const state = machineState(facts)
  if (state === null || state.allDry === null) return facts.dump?.panic !== null
  const said = facts.dump?.constraintPrinted !== null || facts.dump?.panic !== null || facts.dump?.quotes.kill !== undefined
  return said && state.dry.length > 0 && !plentyFree(facts)
}

/** All that the request could use was dry, and that was the machine: zones whose sizes are there make up most of it. */
function isWhollyDry(facts: IncidentFacts): boolean {
  const state = machineState(facts)
  const usable = sumOf(state?.usable.map((zone) => zone.sizeBytes) ?? [])
  return state?.allDry === true && usable >= (facts.machineAccounting?.totalBytes ?? 0) * 0.75
}

/** A kill line alone rules out a group's limit (it would begin with `Memory cgroup`), but neither a cpuset nor a policy, and no zone. */
function bounds(facts: IncidentFacts) {
  const isTold = facts.dump?.constraintPrinted != null || facts.dump?.panic != null || machineState(facts) !== null
  return isTold
    ? say`no cgroup limit, cpuset or memory policy was in the way`
    : say`no cgroup limit was in the way, but whether a cpuset, a memory policy or a single zone was is not in the log`
}

function plentyFree(facts: IncidentFacts): boolean {
  const state = machineState(facts)
  return state !== null && state.allDry === false && state.wealthy.length > 0
}

function figures(facts: IncidentFacts) {
  const total = facts.machineAccounting?.totalBytes ?? null
  const free = freeOf(facts)
  const swap = facts.swap
  const memory =
    total === null || free === null
      ? say``
      : say`: of ${bytes(total)}, ${bytes(free)} (${percent(free / total)}) was free${inCma(facts, free)}`
  if (swap === null) return memory
  const left = Math.max(0, swap.freeBytes)
  const joined = total === null || free === null ? say`: ` : say`${memory}, and `
  return swap.totalBytes <= 0 ? say`${joined}it has no swap` : say`${joined}of ${bytes(swap.totalBytes)} of swap ${bytes(left)} was free`
}

/** A total that the zones of the same report refute was left out: a reader who does the sum himself should know which line to leave out, too. */
function doubt(facts: IncidentFacts) {
  const info = facts.dump?.memInfo ?? null
  if (info === null || !isTotalRefuted(info)) return say``
  return say` The line ${code('pages RAM')} is in doubt: it does not agree with the zones of the same report, whose sum is taken for the total.`
}

/** Free pages of CMA areas serve movable requests only: beside a kernel request they look like free memory and are none. */
function inCma(facts: IncidentFacts, free: number) {
  const cma = facts.dump?.memInfo?.counters['free_cma'] ?? 0
  const zone = zoneClassOf(facts.dump?.trigger?.gfpFlags ?? [])
  const names = facts.dump?.trigger?.gfpFlags.length ?? 0
  return cma < free * 0.25 || zone === 'Movable' || names === 0
    ? say``
    : say`, ${bytes(cma)} of it in CMA areas that this request may not use`
}

/** The early sign that was missed: memory available, not memory free. */
function leastFree(facts: IncidentFacts) {
  const total = facts.machineAccounting?.totalBytes ?? null
  if (total === null) return []
  return [
    {
      text: say`Alert when ${code('MemAvailable')} of ${machineOf(facts)} falls below ${bytes(total * 0.1)} (10 % of its ${bytes(total)}).`,
      why: say`Between that and a kill there is usually time to see who grows. The kernel then chooses by size and oom_score_adj, whoever caused it.`,
      command: 'grep MemAvailable /proc/meminfo; ps -eo pid,user,rss,comm --sort=-rss | head',
      when: 'prevent' as const,
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'platform' as const,
    },
  ]
}
