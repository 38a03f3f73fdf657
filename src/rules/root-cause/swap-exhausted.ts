import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import { sumOfKeys } from '../../kernel/sums.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { watchHistory } from '../advice/history.ts'
import { hasPressure } from '../advice/kernel-age.ts'
import { lookInside } from '../advice/look-inside.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { giantOf, isOneOfMany } from './claims.ts'
import { swapByCurve } from './node-curve.ts'
import { heldAs, isGlobalKill, shareOf } from './signs.ts'
import { runFewer } from './too-many-workers.ts'

const MIB16 = 16 * 2 ** 20

/** Anonymous memory filled RAM and then all of swap. */
export const swapExhausted = defineRule({
  question: 'rootCause',
  id: 'swap-exhausted',
  title: 'RAM and swap are full',
  needs: ['swap'],
  weight: 69,
  evaluate(facts) {
    const { totalBytes, freeBytes } = facts.swap
    const full = totalBytes > 0 && freeBytes <= Math.max(totalBytes / 100, Math.min(MIB16, totalBytes / 10))
    if (!isGlobalKill(facts) || facts.hadRoom || !full || isShielded(facts) || isHole(facts)) return null
    const anon = shareOf(facts, 'anon')
    const course = swapByCurve(facts)
    return {
      // the curve shows it going: RAM first, then swap, bit by bit
      confidence: course !== null && anon >= 0.4 ? facts.trust : 'medium',
      statement: say`${upper(machineOf(facts))} had filled its memory and then its swap: ${fullSaid(facts.swap)}, and the processes' memory had nowhere to go${largest(facts)}.${poolSaid(facts)}${course === null ? say`` : say` ${course.statement}.`}`,
      evidence: evidence(
        course?.quotes ?? [],
        lines(facts, 'swapTotals'),
        counterLines(facts, 'active_anon', 'inactive_anon'),
        killLines(facts, 1),
      ),
      against: anon > 0 && anon < 0.4 ? say`Less than half of the memory was the processes' own.` : null,
    }
  },
  alternative: ({ swap }) => say`Swap was full too: ${fullSaid(swap)}, so memory may simply have run short everywhere.`,
  recommend: (facts) => [
    ...runFewer(facts),
    {
      text: say`Stop or move what this machine can do without${largest(facts)}; if all of it is needed, the machine needs more RAM.`,
      why:
        poolOf(facts) === 0
          ? say`More swap only delays the end and makes the machine slow before it: swap evens out peaks, it does not hold growth.`
          : say`Compressed swap lies in the same RAM: a larger one leaves even less for the programs.`,
      command: `ps -eo pid,rss,etime,unit,args --sort=-rss | head -15; grep -H VmSwap /proc/[0-9]*/status | sort -k2 -rn | head${poolOf(facts) === 0 ? '' : '; zramctl; grep -H . /sys/module/zswap/parameters/* 2>/dev/null'}`,
      when: 'now',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'platform',
    },
    ...lookInside(facts),
    ...watchHistory(facts),
    ...boundRuntime(facts),
    {
      text: say`Alert when swap is half full${hasPressure(facts) ? say`, or on memory pressure (${code('node_pressure_memory_waiting_seconds_total')})` : say``}, not only on free memory.`,
      why: say`Between the first swapping and the kill there were minutes or hours in which somebody could have acted.`,
      command: hasPressure(facts) ? 'cat /proc/pressure/memory; vmstat 1 5' : 'vmstat 1 5',
      when: 'prevent',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'platform',
    },
  ],
})

/** A giant that others were killed for; one that nothing spares is among those that filled it. */
function isShielded(facts: IncidentFacts): boolean {
  const giant = giantOf(facts)
  return giant !== null && !isOneOfMany(giant)
}

/** How full the swap was, in words. */
const fullSaid = ({ totalBytes, freeBytes }: NonNullable<IncidentFacts['swap']>): Phrase =>
  freeBytes < 2 ** 20
    ? say`none of the ${bytes(totalBytes)} of swap was free`
    : say`of ${bytes(totalBytes)} of swap ${bytes(freeBytes)} was free`

/** More of the RAM is in no counter than in the processes: swap is full because something else has the memory. */
function isHole(facts: IncidentFacts): boolean {
  const machine = facts.machineAccounting
  if (machine == null || facts.composition?.scope !== 'machine') return false
  return machine.unaccountedBytes > machine.totalBytes * 0.3 && machine.unaccountedBytes > heldAs(facts, 'anon')
}

/** The RAM that the pool of zram or zswap takes (zspages of all zones), where it is a material part. */
function poolOf(facts: IncidentFacts): number {
  const machine = facts.machineAccounting
  if (machine === null) return 0
  const pool = sumOfKeys(machine.details, 'zspages')
  return pool >= machine.totalBytes * 0.05 ? pool : 0
}

const poolSaid = (facts: IncidentFacts) =>
  poolOf(facts) === 0
    ? say``
    : say` That swap lies in the RAM itself, compressed (zram or zswap): its pool takes ${bytes(poolOf(facts))} (${code('zspages')}).`

/** The two names that hold the most, RAM and swap together. */
function largest(facts: IncidentFacts) {
  const [first, second] = facts.composition?.groups ?? []
  if (first === undefined) return say``
  return say` (${code(first.comm)} held ${bytes(first.bytes)}${second === undefined || second.bytes < first.bytes / 20 ? say`` : say`, ${code(second.comm)} ${bytes(second.bytes)}`}, RAM and swap together)`
}
