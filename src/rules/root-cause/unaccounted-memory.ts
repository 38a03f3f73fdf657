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
    const { totalBytes, unaccountedBytes, classes, details } = facts.machineAccounting
    const balloon = details['balloon'] ?? 0
    const share = unaccountedBytes / totalBytes
    const anon = (classes.find((part) => part.id === 'anon')?.bytes ?? 0) / totalBytes
    if (!isGlobalKill(facts) || share < 0.15 || anon > 0.7) return null
    return {
      confidence: 'medium',
      statement:
        balloon >= unaccountedBytes * 0.5
          ? say`The hypervisor's balloon had taken ${bytes(balloon)} (${percent(balloon / totalBytes)}) of the memory away from this guest. No kill inside it can give that back.`
          : say`${bytes(unaccountedBytes)} (${percent(share)}) of the memory are in no counter of the report: a hypervisor's balloon, GPU or driver buffers, or a leak of raw pages. No kill can free them.`,
      evidence: evidence(
        counterLines(facts, 'active_anon', 'free', 'slab_unreclaimable'),
        lines(facts, 'ram', 'allocations'),
        killLines(facts, 1),
      ),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Find what holds the ${bytes(facts.machineAccounting.unaccountedBytes)} in no counter: the balloon driver, GPU and network drivers, ZFS, vmalloc.`,
      why: say`Limits and smaller processes do not help against memory that is in no process.`,
      command: 'cat /proc/meminfo /proc/vmallocinfo; lsmod | grep -E "balloon|zfs|nvidia|i915|amdgpu"',
      owner: 'kernel',
      when: 'find',
    },
    {
      text: say`Turn on allocation profiling (${code('vm.mem_profiling')}, kernels 6.10+) so that the next report names the callers.`,
      why: say`It prints the ten largest allocation sites in the OOM report itself.`,
      command: 'sysctl vm.mem_profiling',
      owner: 'kernel',
      when: 'find',
    },
  ],
})
