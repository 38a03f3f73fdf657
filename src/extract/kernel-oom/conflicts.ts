import type { MemcgCounter } from '../../model/oom-dump.ts'
import type { Draft, DraftStats } from './draft.ts'
import type { Item } from './item.ts'

/** Whether the draft already holds this block, so that the line must be another report's. */
export function conflicts(draft: Draft, item: Item): boolean {
  const group = draft.group
  if (draft.purpose !== 'oom') return conflictsWithOther(draft, item)
  switch (item.kind) {
    case 'header':
      return draft.header !== null || group > 0
    case 'stack-head':
      return group > 1 || (draft.stackHead !== null && draft.stackHead.pid !== item.pid)
    case 'cpuset':
    case 'stack':
      return group > 1
    case 'task-in':
    case 'limit-reached':
      return (
        group > 2 || (draft.taskIn?.limit != null && item.kind === 'task-in' && item.limit !== null && item.limit !== draft.taskIn.limit)
      )
    case 'counter':
      return group > 2 || !isSameCounter(draft.counters[item.which], item.counter)
    case 'stats-head':
      return group > 2 || (item.values === null && draft.stats.length > 0 && draft.stats.at(-1)?.path !== item.path)
    case 'stat':
      return group > 2 || !(draft.stats.length === 0 ? takesHeadless(draft, item.key) : takesStat(draft.stats.at(-1), item))
    case 'mem-info':
      return draft.memInfo || group > 4
    case 'slab':
    case 'allocation':
      return group < 3 || group > 4
    case 'table-title':
    case 'table-head':
      return group > 5 || draft.rows.size > 0 || (item.kind === 'table-head' && draft.columns !== null)
    case 'row':
      return group > 5 || (draft.rows.has(item.pid) && !isSameRow(draft.rows.get(item.pid)?.rest, item.rest))
    case 'summary':
      return draft.summary !== null && draft.summary.pid !== item.pid
    case 'choice':
      return draft.choice !== null && draft.choice.pid !== item.pid
    default:
      return memInfoKinds.has(item.kind) && (group > 4 || hasMemInfoLine(draft, item))
  }
}

/** The block's line is there with other figures: two reports, line by line in between each other. */
function hasMemInfoLine(draft: Draft, item: Item): boolean {
  switch (item.kind) {
    case 'counters':
      return Object.entries(item.pages).some(([key, pages]) => draft.counterPages[key] !== undefined && draft.counterPages[key] !== pages)
    case 'node': {
      const known = draft.nodes.find((n) => n.node === item.node)
      return known !== undefined && !isSame(known.values, item.values)
    }
    case 'zone':
    case 'buddy': {
      const zone = draft.zones.find((z) => z.name === item.name && (item.node === null || z.node === item.node))
      if (item.kind === 'zone') return zone?.zone != null && !isSame(zone.zone.values, item.values)
      return zone?.buddy != null && !isSame(zone.buddy.blocks, item.blocks)
    }
    case 'total': {
      const known = draft.totals[item.what]
      return item.what !== 'other' && known !== undefined && known.value !== item.value
    }
    default:
      return false
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
/** Statistics on lines of their own need their head; a key that is there with another value is another report's. */
const takesStat = (block: DraftStats | undefined, item: { readonly key: string; readonly value: number }): boolean =>
  block !== undefined && !block.inline && (block.values[item.key] ?? item.value) === item.value

/**
 * Somebody left the statistics' head out (`...`): after the group's counters a line that bears a name of theirs is one of them, and other words with a number
 * are not (mm/memcontrol.c memory_stats, memcg1_stats).
 */
const takesHeadless = (draft: Draft, key: string): boolean => draft.group === 2 && draft.counters.memory !== undefined && statName.test(key)
const statName =
  /^(?:total_)?(?:anon|file|kernel|shmem|sock|slab|percpu|vmalloc|cache|rss|swap|swapcached|unevictable|zswap(?:ped)?|dirty|writeback|mapped_file|rss_huge|kernel_stack|(?:sec_)?pagetables|file_(?:mapped|dirty|writeback|thp)|(?:anon|shmem)_thp|(?:in)?active_(?:anon|file)|slab_(?:un)?reclaimable)$/

const isSameRow = (a: string | undefined, b: string): boolean => a === undefined || a.replace(/\s+/g, ' ') === b.replace(/\s+/g, ' ')
const isSameCounter = (a: MemcgCounter | undefined, b: MemcgCounter): boolean =>
  a === undefined || (a.usageBytes === b.usageBytes && a.limitBytes === b.limitBytes && a.failcnt === b.failcnt)

const memInfoKinds = new Set<Item['kind']>(
  'mem-info counters per-cpu node node-stub zone lowmem buddy hugepages total slab-head slab-busy slab allocations-head allocation protection'.split(
    ' ',
  ) as Item['kind'][],
)

function conflictsWithOther(draft: Draft, item: Item): boolean {
  if (item.kind === 'stack') return draft.group > 1
  if (item.kind === 'stack-head') return draft.group > 1 || draft.stackHead !== null
  if (item.kind === 'mem-info' && draft.memInfo) return true
  if (draft.purpose === 'other-with-mem-info') return !memInfoKinds.has(item.kind) && item.kind !== 'cpuset'
  return item.kind !== 'trace-end'
}
