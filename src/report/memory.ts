import type { IncidentFacts } from '../facts/incident-facts.ts'
import { NOT_PRINTED } from '../kernel/unprinted.ts'
import type { MemoryClassId } from '../model/figures.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { ReportMemory } from '../model/report.ts'

const names: Record<MemoryClassId, string> = {
  anon: 'anonymous memory',
  file: 'page cache',
  shmem: 'shared memory, tmpfs',
  slab: 'kernel slab',
  kernel: 'other kernel memory',
  sock: 'socket buffers',
  pagetables: 'page tables',
  hugepages: 'huge pages',
  free: 'free',
  other: 'other',
  unaccounted: 'unaccounted',
}

/** The figures on which the answers stand, as a table. */
export function memoryOf({ dump, accounting, zones }: IncidentFacts): ReportMemory | null {
  if (dump === null || accounting === null) return null
  const total = accounting.totalBytes
  const classes: ReportMemory['classes'] = accounting.classes
    .filter((c) => c.bytes !== 0)
    .map((c) => ({ ...c, name: c.kernelName === NOT_PRINTED ? NOT_PRINTED : names[c.id], share: total > 0 ? c.bytes / total : 0 }))
  if (accounting.unaccountedBytes !== 0)
    classes.push({
      id: 'unaccounted',
      name: names.unaccounted,
      kernelName: '',
      bytes: accounting.unaccountedBytes,
      share: total > 0 ? accounting.unaccountedBytes / total : 0,
    })
  return {
    scope: accounting.scope,
    totalBytes: total,
    totalName: accounting.totalName,
    classes,
    swap: swapOf(dump),
    zones: zonesOf(dump, zones),
    ...largest(dump),
  }
}

function swapOf(dump: OomDump): ReportMemory['swap'] {
  const { memInfo, swap } = dump
  if (dump.scope === 'memcg' && swap !== null)
    return {
      totalBytes: swap.limitBytes,
      freeBytes: swap.limitBytes === null ? null : swap.limitBytes - swap.usageBytes,
      usedBytes: swap.usageBytes,
    }
  if (memInfo === null || memInfo.totalSwapBytes === null) return null
  const free = memInfo.freeSwapBytes
  return { totalBytes: memInfo.totalSwapBytes, freeBytes: free, usedBytes: free === null ? null : memInfo.totalSwapBytes - free }
}

function zonesOf(dump: OomDump, zones: IncidentFacts['zones']): ReportMemory['zones'] {
  if (dump.scope === 'memcg') return []
  return (zones ?? []).map(({ node, name, freeBytes, minBytes, lowBytes, highBytes, managedBytes, sizeBytes, exhausted }) => ({
    node,
    name,
    freeBytes,
    minBytes,
    lowBytes,
    highBytes,
    // Linux 3.7 and before print only what is present: a few per cent more
    managedBytes: managedBytes ?? sizeBytes,
    exhausted,
  }))
}

function largest(dump: OomDump): Pick<ReportMemory, 'slabs' | 'allocations'> {
  const info = dump.memInfo
  return {
    slabs: [...(info?.slabs ?? [])]
      .sort((a, b) => b.totalBytes - a.totalBytes)
      .slice(0, 10)
      .map((s) => ({ name: s.name, bytes: s.totalBytes })),
    allocations: (info?.allocations ?? []).slice(0, 10).map(({ site, bytes, calls }) => ({ site, bytes, calls })),
  }
}
