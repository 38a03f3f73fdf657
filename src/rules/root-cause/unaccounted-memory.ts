import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOfKeys } from '../../kernel/sums.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { hasAllocationProfile, isKernelFrom } from '../advice/kernel-age.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { isGlobalKill } from './signs.ts'

/** Slab caches of ZFS (module/zfs/arc.c and others). */
const ZFS_CACHES = ['zio_', 'arc_', 'abd_t', 'dnode_t', 'dmu_buf', 'zfs_'] as const

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
    if (!isGlobalKill(facts) || facts.hadRoom || share < 0.15 || anon > 0.7) return null
    return {
      confidence: 'medium',
      statement:
        balloon > 0
          ? say`The hypervisor's balloon had taken ${bytes(balloon)} (${percent(balloon / totalBytes)}) of the memory away from this guest. No kill inside it can give that back.`
          : say`${bytes(unaccountedBytes)} (${percent(share)}) of the memory is in no counter of the report: ${suspects(facts)}. No kill can free it.`,
      evidence: evidence(
        counterLines(facts, 'balloon', 'active_anon', 'free', 'slab_unreclaimable'),
        lines(facts, 'ram', 'allocations'),
        killLines(facts, 1),
      ),
      against: null,
    }
  },
  recommend: (facts) => [...(balloonOf(facts) > 0 ? deflate(facts) : hasZfs(facts) ? boundArc : findHole(facts)), ...profile(facts)],
})

/** ZFS keeps its cache in pages of its own (abd), and only what describes them in slab: its caches in the table tell that it is there. */
const hasZfs = (facts: IncidentFacts): boolean =>
  facts.dump?.memInfo?.slabs.some((slab) => ZFS_CACHES.some((prefix) => slab.name.startsWith(prefix))) ?? false

/** Reserved huge pages stand in the report from 3.10 on (`hugepages_total=`, mm/hugetlb.c): without the line they are the first suspect. */
const hidesHugePages = (facts: IncidentFacts): boolean => isKernelFrom(facts, 3, 10) === false

function suspects(facts: IncidentFacts) {
  if (hasZfs(facts)) return say`ZFS's caches stand in the slab table, so most likely its cache (ARC), whose pages the kernel does not count`
  const rest = say`${hasHiddenPool(facts) ? say`the pool of zram or zswap (if the swap is of that kind), ` : say``}a hypervisor's balloon, GPU or driver buffers, ZFS's cache, or a leak of raw pages`
  return hidesHugePages(facts) ? say`reserved huge pages, which kernels before 3.10 do not print, ${rest}` : rest
}

/** Swap was in use, and this kernel prints no zspages: compressed swap would be in no counter. */
function hasHiddenPool(facts: IncidentFacts): boolean {
  const used = (facts.swap?.totalBytes ?? 0) - (facts.swap?.freeBytes ?? 0)
  const zones = facts.dump?.memInfo?.zones ?? []
  return used > 0 && zones.length > 0 && !zones.some((zone) => 'zspages' in zone.values)
}

const boundArc = [
  {
    text: say`Bound ZFS's cache (${code('zfs_arc_max')}) to what the machine can spare beside its programs.`,
    why: say`By default it may take half of the memory or more, and it gives way too slowly for a sudden request.`,
    command: 'grep -E "^(size|c_max|c_min) " /proc/spl/kstat/zfs/arcstats; cat /sys/module/zfs/parameters/zfs_arc_max',
    when: 'now' as const,
    effect: say`The command changes nothing. A size in bytes written to ${code('zfs_arc_max')} is in force at once; ${code('/etc/modprobe.d')} keeps it.`,
    lookFirst: true,
    owner: 'platform' as const,
  },
]

/** What the balloon took, where that explains most of the hole. */
function balloonOf(facts: IncidentFacts): number {
  const balloon = sumOfKeys(facts.machineAccounting?.details ?? {}, 'balloon')
  return balloon >= (facts.machineAccounting?.unaccountedBytes ?? 0) * 0.5 ? balloon : 0
}

const deflate = (facts: IncidentFacts) => [
  {
    text: say`Give the guest its memory back on the hypervisor: the balloon holds ${bytes(balloonOf(facts))}. Set a minimum (a reservation) at what the guest needs.`,
    why: say`The host is short of memory and takes it from its guests: limits inside the guest do not help.`,
    command: "grep -E 'balloon' /proc/vmstat; lsmod | grep -iE 'balloon|vmw|hv_'",
    when: 'now' as const,
    effect: say`The command changes nothing.`,
    lookFirst: true,
    owner: 'platform' as const,
  },
]

const findHole = (facts: IncidentFacts) => [
  {
    text: say`Find what holds the ${bytes(facts.machineAccounting?.unaccountedBytes ?? 0)} in no counter: ${hidesHugePages(facts) ? 'reserved huge pages (HugePages_Total), ' : ''}the balloon driver, GPU and network drivers, ZFS, vmalloc.`,
    why: say`Limits and smaller processes do not help against memory that is in no process.`,
    command:
      "grep Huge /proc/meminfo; cat /proc/meminfo; grep balloon /proc/vmstat; sort -k2 -rn /proc/vmallocinfo | head -15; lsmod | grep -E 'balloon|zfs|nvidia|i915|amdgpu|mlx|ice'; cat /sys/kernel/debug/dma_buf/bufinfo 2>/dev/null | tail -1",
    when: 'now' as const,
    effect: say`Changes nothing.`,
    owner: 'kernel' as const,
  },
]

/** Who took the pages: `vm.mem_profiling` from 6.10 on, `page_owner` from 4.0 on; before that nothing tells. */
function profile(facts: IncidentFacts): readonly Recommendation[] {
  if (isKernelFrom(facts, 4, 0) === false) return []
  const own = hasAllocationProfile(facts)
  return [
    {
      text: own
        ? say`Turn on allocation profiling (${code('vm.mem_profiling')}, kernels 6.10 and later) or ${code('page_owner=on')} (a boot option), so that the callers have names.`
        : say`Boot with ${code('page_owner=on')}, so that the callers of what is in no counter have names.`,
      why: own
        ? say`The kernel then prints the largest allocation sites in the OOM report itself.`
        : say`It records who took each page; ${code('/sys/kernel/debug/page_owner')} lists them.`,
      command: own ? 'sysctl vm.mem_profiling; uname -r' : 'ls /sys/kernel/debug/page_owner; cat /proc/cmdline; uname -r',
      when: 'find',
      effect: say`The command changes nothing. Profiling costs a little speed and memory.`,
      lookFirst: true,
      owner: 'kernel',
    },
  ]
}
