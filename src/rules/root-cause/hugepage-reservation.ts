import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import type { HugepagePool } from '../../model/oom-dump.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { largestFirst } from '../../units/extremes.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isGlobalKill } from './signs.ts'

/** A pool of huge pages takes what ordinary processes need: idle, or in use and too large for the machine. */
export const hugepageReservation = defineRule({
  question: 'rootCause',
  id: 'hugepage-reservation',
  title: 'Reserved huge pages',
  needs: ['machineAccounting'],
  weight: 85,
  evaluate(facts) {
    const total = facts.machineAccounting.totalBytes
    const pool = poolBytes(facts)
    const idle = idleBytes(facts)
    if (!isGlobalKill(facts) || pool < total * 0.25 || (idle < total * 0.1 && pool < total * 0.5)) return null
    const rest = total - pool
    const much = idle >= total * 0.1
    return {
      confidence: idle >= total * 0.2 ? facts.trust : 'medium',
      statement: say`${bytes(pool)} (${percent(Math.min(1, pool / total))}) of the memory is reserved as huge pages${much ? say`, and ${bytes(idle)} of that is unused` : say`, nearly all in use`}: ordinary processes share the ${bytes(Math.max(0, rest))} that are left.`,
      evidence: evidence(facts.dump?.memInfo?.hugepages.map((p) => p.quote) ?? [], lines(facts, 'hugepages', 'ram'), killLines(facts, 1)),
      against: much ? null : say`The pages are in use: their user may need them, and the rest be too little for other reasons.`,
    }
  },
  recommend: (facts) => [...shrink(facts), whoReserves(facts)],
})

const poolBytes = (facts: IncidentFacts): number => facts.machineAccounting?.classes.find((part) => part.id === 'hugepages')?.bytes ?? 0
const idleBytes = (facts: IncidentFacts): number => facts.machineAccounting?.details['hugepages_free'] ?? 0

/** The pool of the page size that holds the most, over all NUMA nodes. */
function mainPool(pools: readonly HugepagePool[]) {
  const sizes = [...new Set(pools.map((pool) => pool.pageBytes))]
  const sums = sizes.map((pageBytes) => {
    const own = pools.filter((pool) => pool.pageBytes === pageBytes)
    return { pageBytes, total: sumOf(own.map((pool) => pool.total)), free: sumOf(own.map((pool) => pool.free)) }
  })
  const [main = null] = largestFirst(sums, ({ total, pageBytes }) => total * pageBytes)
  return main
}

function shrink(facts: IncidentFacts): readonly Recommendation[] {
  const pool = mainPool(facts.dump?.memInfo?.hugepages ?? [])
  if (pool === null || pool.total === 0) return []
  const used = pool.total - pool.free
  const kib = pool.pageBytes / 1024
  if (used >= pool.total * 0.9)
    return [
      {
        text: say`Give the machine more memory, or reserve fewer huge pages than ${count(pool.total)} together with a smaller user of them (a database's SGA or ${code('shared_buffers')}, a guest): all but ${count(pool.free)} are in use.`,
        why: say`Huge pages cannot be swapped or reclaimed: what they take, all others lack.`,
        command: 'grep -E "HugePages|Hugetlb" /proc/meminfo; ipcs -m',
        when: 'now',
        effect: say`The command changes nothing.`,
        lookFirst: true,
        owner: 'platform',
      },
    ]
  // Used pages stay; with none in use the pool's user had not started: a tenth is kept for it to say what it needs.
  const keep = Math.max(used, Math.ceil(pool.total * 0.1))
  return [
    {
      text: say`Shrink the pool of huge pages: ${bytes(pool.free * pool.pageBytes)} of it was unused (${count(pool.free)} of ${count(pool.total)} pages). Keep ${used === 0 ? say`` : say`the ${count(used)} in use and `}what the program they are for will ask for; begin with ${code(`nr_hugepages = ${keep}`)}.`,
      why: say`Reserved huge pages cannot serve any other request, nor be swapped or reclaimed.`,
      command: `echo ${keep} > /sys/kernel/mm/hugepages/hugepages-${kib}kB/nr_hugepages`,
      when: 'now',
      effect: say`At once; pages in use stay. It is lost at the next boot: change ${code('vm.nr_hugepages')} in sysctl.d or ${code('hugepages=')} on the kernel's command line too.`,
      owner: 'platform',
    },
  ]
}

const whoReserves = (facts: IncidentFacts): Recommendation => ({
  text: say`Find out who set the reservation, and for which program${idleBytes(facts) > 0 ? say` that did not use it` : say``}.`,
  why: say`It comes from a setting: sysctl.d, tuned, the kernel's command line, or an installer.`,
  command:
    "grep -rn hugepages /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /etc/tuned /proc/cmdline 2>/dev/null; grep -E 'HugePages|Hugetlb' /proc/meminfo",
  when: 'find',
  effect: say`Changes nothing.`,
  owner: 'platform',
})
