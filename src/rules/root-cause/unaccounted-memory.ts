import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { isGlobalKill } from './signs.ts'

/** A hole in the sum: balloon, GPU, drivers, ZFS. Called the cause above 15 % of managed memory (§12.0). */
export const unaccountedMemory = defineRule({
  question: 'rootCause',
  id: 'unaccounted-memory',
  title: 'Memory that no counter holds',
  needs: ['machineAccounting'],
  weight: 65,
  evaluate(facts) {
    const { totalBytes, unaccountedBytes, classes } = facts.machineAccounting
    const balloon = balloonOf(facts)
    const share = unaccountedBytes / totalBytes
    const anon = (classes.find((part) => part.id === 'anon')?.bytes ?? 0) / totalBytes
    if (!isGlobalKill(facts) || share < 0.15 || anon > 0.7) return null
    return {
      confidence: 'medium',
      statement:
        balloon > 0
          ? say`The hypervisor's balloon had taken ${bytes(balloon)} (${percent(balloon / totalBytes)}) of the memory away from this guest. No kill inside it can give that back.`
          : say`${bytes(unaccountedBytes)} (${percent(share)}) of the memory is in no counter of the report: a hypervisor's balloon, GPU or driver buffers, ZFS's cache, or a leak of raw pages. No kill can free it.`,
      evidence: evidence(
        counterLines(facts, 'balloon', 'active_anon', 'free', 'slab_unreclaimable'),
        lines(facts, 'ram', 'allocations'),
        killLines(facts, 1),
      ),
      against: null,
    }
  },
  recommend: (facts) => [...(balloonOf(facts) > 0 ? deflate(facts) : findHole(facts)), profile],
})

/** What the balloon took, where that explains most of the hole. */
function balloonOf(facts: IncidentFacts): number {
  const balloon = facts.machineAccounting?.details['balloon'] ?? 0
  return balloon >= (facts.machineAccounting?.unaccountedBytes ?? 0) * 0.5 ? balloon : 0
}

const deflate = (facts: IncidentFacts) => [
  {
    text: say`Give the guest its memory back on the hypervisor: the balloon holds ${bytes(balloonOf(facts))}. Set a minimum (a reservation) at what the guest needs.`,
    why: say`The host is short of memory and takes it from its guests: limits inside the guest do not help.`,
    command: "grep -E 'balloon' /proc/vmstat; lsmod | grep -iE 'balloon|vmw|hv_'",
    when: 'now' as const,
    effect: say`The command changes nothing.`,
    owner: 'platform' as const,
  },
]

const findHole = (facts: IncidentFacts) => [
  {
    text: say`Find what holds the ${bytes(facts.machineAccounting?.unaccountedBytes ?? 0)} in no counter: the balloon driver, GPU and network drivers, ZFS, vmalloc.`,
    why: say`Limits and smaller processes do not help against memory that is in no process.`,
    command:
      "grep -E 'balloon' /proc/vmstat; cat /proc/meminfo; sort -k2 -rn /proc/vmallocinfo | head -15; lsmod | grep -E 'balloon|zfs|nvidia|i915|amdgpu|mlx|ice'; cat /sys/kernel/debug/dma_buf/bufinfo 2>/dev/null | tail -1",
    when: 'now' as const,
    effect: say`Changes nothing.`,
    owner: 'kernel' as const,
  },
]

const profile = {
  text: say`Turn on allocation profiling (${code('vm.mem_profiling')}, kernels 6.10 and later) or ${code('page_owner=on')} (a boot option), so that the next report names the callers.`,
  why: say`The kernel then prints the largest allocation sites in the OOM report itself.`,
  command: 'sysctl vm.mem_profiling; uname -r',
  when: 'find' as const,
  effect: say`The command changes nothing. Profiling costs a little speed and memory.`,
  owner: 'kernel' as const,
}
