import { cite, type Draft, type DraftZone } from './draft.ts'
import type { BuddyItem, Item, ZoneItem } from './item.ts'
import type { TextLine } from './line.ts'

/** Puts what a line says into its draft. Kill lines and the reaper's are put by `kills.ts`. */
export function fill(draft: Draft, item: Item, line: TextLine): void {
  if (!fillHead(draft, item, line) && !fillMemcg(draft, item, line) && !fillMemInfo(draft, item, line)) fillTable(draft, item, line)
}

const quoteOf = (line: TextLine) => line.quotes[0] as TextLine['quotes'][number]

function fillHead(draft: Draft, item: Item, line: TextLine): boolean {
  switch (item.kind) {
    case 'header':
      draft.header = item
      if (item.order === -1) draft.manual = true
      cite(draft, 'header', line.quotes)
      return true
    case 'cpuset':
      draft.cpuset ??= item
      return true
    case 'sysrq':
    case 'sysrq-ignored':
      draft.manual = true
      cite(draft, 'sysrq', line.quotes)
      return true
    case 'stack-head':
      if (draft.stackHead === null) {
        draft.stackHead = item
        cite(draft, 'stack', line.quotes)
      }
      return true
    case 'stack':
      if (item.frame !== null && draft.frames.length < 100) {
        draft.frames.push(item.frame)
        cite(draft, 'stack', line.quotes)
      }
      return true
    default:
      return item.kind === 'compaction-off'
  }
}

function fillMemcg(draft: Draft, item: Item, line: TextLine): boolean {
  switch (item.kind) {
    case 'task-in':
      draft.taskIn = { task: draft.taskIn?.task ?? item.task, limit: draft.taskIn?.limit ?? item.limit }
      cite(draft, 'taskIn', line.quotes)
      return true
    case 'limit-reached':
      draft.limitReached = item.path
      cite(draft, 'taskIn', line.quotes)
      return true
    case 'counter':
      draft.counters[item.which] ??= item.counter
      draft.pageBytes ??= item.pageBytes
      cite(draft, item.which, line.quotes)
      return true
    case 'stats-head':
      if (draft.stats.some((s) => s.path === item.path)) return true
      draft.stats.push({ path: item.path, inline: item.values !== null, values: { ...item.values }, quotes: [...line.quotes] })
      cite(draft, 'stats', line.quotes)
      return true
    case 'stat':
      fillStat(draft, item.key, item.value, line)
      return true
    case 'protection':
      draft.protection ??= { minBytes: item.minBytes, lowBytes: item.lowBytes, quote: quoteOf(line) }
      cite(draft, 'protection', line.quotes)
      return true
    default:
      return false
  }
}

/** The head may be lost: then the figures stand under an unknown path. */
function fillStat(draft: Draft, key: string, value: number, line: TextLine): void {
  let block = draft.stats.at(-1)
  if (block === undefined || block.inline) {
    block = { path: '', inline: false, values: {}, quotes: [] }
    draft.stats.push(block)
  }
  if (!(key in block.values)) block.values[key] = value
  block.quotes.push(...line.quotes)
  if (citedStats.has(key)) cite(draft, 'stats', line.quotes)
}
const citedStats = new Set([
  'anon',
  'file',
  'kernel',
  'shmem',
  'sock',
  'slab',
  'slab_unreclaimable',
  'cache',
  'rss',
  'total_rss',
  'total_cache',
])

function fillMemInfo(draft: Draft, item: Item, line: TextLine): boolean {
  switch (item.kind) {
    case 'mem-info':
      draft.memInfo = true
      return true
    case 'counters':
      draft.memInfo = true
      for (const [key, value] of Object.entries(item.pages)) draft.counterPages[key] ??= value
      cite(draft, 'counters', line.quotes)
      return true
    case 'node':
      draft.memInfo = true
      if (!draft.nodes.some((n) => n.node === item.node)) draft.nodes.push({ ...item, quote: quoteOf(line) })
      return true
    case 'node-stub':
      draft.nodeStub = item.node
      return true
    case 'zone':
    case 'buddy':
      fillZone(draft, item, line)
      return true
    case 'lowmem': {
      const zone = draft.zones.at(-1)
      if (zone !== undefined && zone.lowmemPages === null) {
        zone.lowmemPages = item.pages
        zone.quotes.push(...line.quotes)
      }
      return true
    }
    default:
      return fillTotals(draft, item, line)
  }
}

function fillZone(draft: Draft, item: ZoneItem | BuddyItem, line: TextLine): void {
  draft.memInfo = true
  const zone = zoneFor(draft, item.node ?? draft.nodeStub, item.name)
  draft.nodeStub = null
  if (item.kind === 'zone') zone.zone ??= item
  else zone.buddy ??= item
  zone.quotes.push(...line.quotes)
  cite(draft, 'zones', line.quotes)
}

/** A line whose `Node N` was lost belongs to the one zone of that name, if there is just one. */
function zoneFor(draft: Draft, node: number | null, name: string): DraftZone {
  const same = draft.zones.filter((z) => z.name === name && (node === null || z.node === node))
  if (same.length === 1 && same[0] !== undefined) return same[0]
  const zone: DraftZone = { node, name, zone: null, buddy: null, lowmemPages: null, quotes: [] }
  draft.zones.push(zone)
  return zone
}

function fillTotals(draft: Draft, item: Item, line: TextLine): boolean {
  switch (item.kind) {
    case 'hugepages':
      draft.memInfo = true
      draft.hugepages.push({ ...item, quote: quoteOf(line) })
      cite(draft, 'hugepages', line.quotes)
      return true
    case 'total':
      draft.memInfo = true
      draft.totals[item.what] ??= { value: item.value, unit: item.unit }
      if (item.what === 'freeSwap' || item.what === 'totalSwap') cite(draft, 'swapTotals', line.quotes)
      else if (item.what === 'ram' || item.what === 'reserved') cite(draft, 'ram', line.quotes)
      return true
    case 'slab-busy':
      cite(draft, 'slabs', line.quotes)
      return true
    case 'slab':
      draft.slabs.push({ ...item, quote: quoteOf(line) })
      cite(draft, 'slabs', line.quotes)
      return true
    case 'allocation':
      draft.allocations.push({ ...item, quote: quoteOf(line) })
      cite(draft, 'allocations', line.quotes)
      return true
    default:
      return item.kind === 'per-cpu' || item.kind === 'slab-head' || item.kind === 'allocations-head'
  }
}

function fillTable(draft: Draft, item: Item, line: TextLine): void {
  switch (item.kind) {
    case 'table-title':
      draft.tableTitle = true
      cite(draft, 'tableHead', line.quotes)
      return
    case 'table-head':
      draft.columns ??= item.columns
      cite(draft, 'tableHead', line.quotes)
      return
    case 'row':
      if (!draft.rows.has(item.pid)) draft.rows.set(item.pid, { pid: item.pid, rest: item.rest, quote: quoteOf(line) })
      return
    case 'summary':
      draft.summary ??= item
      cite(draft, 'summary', line.quotes)
      return
    case 'choice':
      draft.choice = item
      draft.prefix ??= item.prefix
      cite(draft, 'choice', line.quotes)
      return
    case 'no-killable':
      draft.noKillable = true
      draft.settled = true
      cite(draft, 'noKillable', line.quotes)
      return
    case 'panic':
      draft.panic = item.panic
      draft.settled = true
      cite(draft, 'panic', line.quotes)
      return
    case 'group':
      draft.groupPath = item.path
      cite(draft, 'group', line.quotes)
      return
    default:
      return
  }
}
