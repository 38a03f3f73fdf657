import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf, victimOf } from '../../facts/names.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { hasPressure } from '../advice/kernel-age.ts'
import { presentLimit } from '../advice/need.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { roundDown, systemdSize } from '../advice/sizes.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines } from '../evidence.ts'
import { heldAs, shareOf } from './signs.ts'

/** File pages that could not be dropped: dirty, under writeback, locked, or in constant use. */
export const pageCachePressure = defineRule({
  question: 'rootCause',
  id: 'page-cache-pressure',
  title: 'File pages that could not be dropped',
  needs: ['composition'],
  weight: 68,
  evaluate(facts) {
    const share = shareOf(facts, 'file')
    if (facts.kill?.killer !== 'kernel' || share < 0.4 || facts.composition.main.id !== 'file') return null
    const size = heldAs(facts, 'file')
    const dirty = dirtyOf(facts)
    const own = facts.kill.anonRssBytes
    const small = own !== null && own < size * 0.2 ? say` ${victimOf(facts)} itself held only ${bytes(own)}.` : say``
    return {
      confidence: 'medium',
      statement: say`${bytes(size)}, ${percent(share)} of what ${facts.composition.scope === 'memcg' ? groupOf(facts) : machineOf(facts)} held, is page cache${isClean(facts) ? say`: clean pages would have been dropped first, so these were locked or in constant use` : dirty === null ? say`` : say`, ${bytes(dirty)} of it dirty or being written: it can only go when the storage has taken it`}.${small}`,
      evidence: evidence(counterLines(facts, 'file', 'file_dirty', 'file_writeback', 'inactive_file'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [...(isClean(facts) ? whoUses : throttle(facts)), ...boundWriter(facts)],
})

/** Less than a tenth that waits for the storage holds up nothing. */
const MATERIAL = 0.1

/** The report counts dirty pages, and they are few. */
const isClean = (facts: IncidentFacts): boolean => (dirtyOf(facts) ?? Number.POSITIVE_INFINITY) < heldAs(facts, 'file') * MATERIAL

const whoUses: readonly Recommendation[] = [
  {
    text: say`Find out who keeps these file pages: locked ones (${code('VmLck')}), or a program that reads more than fits again and again.`,
    why: say`Clean pages would have been dropped first.`,
    command: 'grep -H VmLck /proc/[0-9]*/status | sort -k2 -rn | head -5; grep workingset_refault /proc/vmstat',
    when: 'now',
    effect: say`Changes nothing.`,
    owner: 'platform',
  },
]

/** What governs the writer's cache, where it is known: a heap's setting does nothing here. */
function boundWriter(facts: IncidentFacts): readonly Recommendation[] {
  const writer = runtimeOf(facts.kill?.comm ?? '', '')
  if (writer?.heapless !== true) return []
  return [
    {
      text: writer.bound,
      why: say`What it writes fills the cache: memory of its own it holds little.`,
      command: null,
      when: 'prevent',
      effect: say`Holds for its next run.`,
      owner: 'application',
    },
  ]
}

/** `null` where no line tells. */
function dirtyOf(facts: IncidentFacts): number | null {
  const details = (facts.scope === 'memcg' ? facts.memcgAccounting : facts.machineAccounting)?.details ?? {}
  const counts = [details['file_dirty'] ?? details['dirty'], details['file_writeback'] ?? details['writeback']]
  return counts.every((size) => size === undefined) ? null : sumOf(counts)
}

/** The writer waits instead of being killed: memory.high, the dirty limits, or direct I/O. */
function throttle(facts: IncidentFacts) {
  const limit = facts.scope === 'memcg' ? presentLimit(facts) : null
  const unit = facts.limitCgroup?.containerId === null ? (facts.limitCgroup.unit ?? null) : null
  const high = limit === null ? 0 : roundDown(limit * 0.8)
  // memory.high is of cgroup v2 only.
  const v1 = facts.dump?.cgroupVersion === 1
  const settable = unit !== null && high > 0 && !v1
  const means = v1
    ? say`${code('vm.dirty_bytes')} well below the limit (cgroup v1 does not throttle a writer by its group), or direct I/O`
    : facts.victimCgroup?.podUid != null || facts.pod !== null
      ? say`${code('vm.dirty_bytes')} of the node well below the limit (Kubernetes sets no ${code('memory.high')} by itself), or direct I/O`
      : say`${code('memory.high')} (${code('MemoryHigh=')}) at four fifths of the limit, or ${code('vm.dirty_bytes')} well below it`
  return [
    {
      text: say`Let the writer wait instead of being killed: ${means}.`,
      why: say`Dirty pages can only go when the storage has taken them; a limit alone does not slow the writer down.`,
      command: settable
        ? `systemctl set-property ${shellWord(unit)} MemoryHigh=${systemdSize(high)}`
        : 'sysctl vm.dirty_bytes vm.dirty_background_bytes vm.dirty_ratio; iostat -x 1 3',
      when: 'now' as const,
      effect: settable ? say`In force at once: it slows the writer down, and kills nothing.` : say`The command changes nothing.`,
      lookFirst: !settable,
      owner: 'platform' as const,
    },
    {
      text: say`Compare how fast the storage writes with how fast the program does, and whether the storage stalled at that time.`,
      why: say`Cache fills memory when the storage behind it is too slow or hangs.`,
      command: `iostat -x 1 5; grep -E "Dirty|Writeback" /proc/meminfo${hasPressure(facts) ? '; cat /proc/pressure/io' : ''}`,
      when: 'find' as const,
      effect: say`Changes nothing.`,
      owner: 'platform' as const,
    },
  ]
}
