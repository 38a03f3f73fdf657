import { allUnreclaimable, bytesOfKb, type Shape, safeInteger, sizedValues } from './shape.ts'

const zone = /^\s*(?:Node (?<node>\d+) )?(?<name>DMA32|DMA|Normal|HighMem|Movable|Device) (?<values>free:.*)$/s
const node = /^\s*Node (?<node>\d+) (?<values>(?:active_anon|inactive_anon|active_file):\s?-?\d+\s?kB.*)$/s
// A term may have lost its head or its tail: `4*5 12kB` (a stray blank), `2*512B` (cut by a terminal).
const buddy = /^\s*(?:Node (?<node>\d+) )?(?<name>DMA32|DMA|Normal|HighMem|Movable|Device): (?<terms>\d+\*\d.*)$/s
const term = /(?<count>\b\d{1,20})\*(?<size>\d{1,20})k?B(?: \((?<types>[A-Z]+)\))?/g

const nodeNumber = (text: string | undefined): number | null => (text === undefined ? null : Number(text))

/** Node, zone and buddy lines (kernel-oom-formats §5.3–5.5). The zone's name may stand without `Node N`: 32-bit and non-NUMA builds. */
export const zoneShapes: readonly Shape[] = [
  {
    id: 'node',
    example:
      'Node 0 active_anon:278816kB inactive_anon:1628344kB active_file:56kB isolated(anon):0kB shmem_thp: 0kB all_unreclaimable? yes',
    source: 'mm/show_mem.c show_free_areas, 4.8 and later',
    first: ' N',
    read(text) {
      const found = node.exec(text)?.groups
      if (found?.node === undefined) return null
      return {
        kind: 'node',
        node: Number(found.node),
        values: sizedValues(found.values ?? ''),
        allUnreclaimable: allUnreclaimable(found.values ?? ''),
      }
    },
  },
  {
    id: 'zone',
    example:
      'Node 0 DMA free:7124kB min:412kB low:512kB high:616kB active_anon:8508kB present:15992kB pages_scanned:0 all_unreclaimable? no',
    source: 'mm/show_mem.c show_free_areas, all versions (Z1–Z7)',
    first: ' DHMN',
    read(text) {
      const found = zone.exec(text)?.groups
      if (found?.name === undefined) return null
      return {
        kind: 'zone',
        node: nodeNumber(found.node),
        name: found.name,
        values: sizedValues(found.values ?? ''),
        allUnreclaimable: allUnreclaimable(found.values ?? ''),
      }
    },
  },
  {
    id: 'buddy',
    example: 'Node 0 DMA: 5*4kB (UM) 6*8kB (UEM) 7*16kB (UEM) 0*4096kB = 7124kB',
    source: 'mm/show_mem.c show_free_areas; migrate types since 3.8',
    first: ' DHMN',
    read(text) {
      const found = buddy.exec(text)?.groups
      if (found?.name === undefined) return null
      const terms = found.terms ?? ''
      const blocks = [...terms.matchAll(term)].map((at) => ({
        blockBytes: bytesOfKb(at.groups?.size ?? '0'),
        count: safeInteger(at.groups?.count ?? '0'),
        types: at.groups?.types ?? null,
      }))
      const total = /= (?<total>\d+)kB/.exec(terms)?.groups?.total
      return {
        kind: 'buddy',
        node: nodeNumber(found.node),
        name: found.name,
        blocks,
        totalBytes: total === undefined ? null : bytesOfKb(total),
      }
    },
  },
  {
    id: 'empty-buddy',
    example: 'HighMem: empty',
    source: 'mm/page_alloc.c show_free_areas, 2.6',
    first: ' DHMN',
    read: (text) =>
      /^\s*(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable): empty\s*$/.test(text)
        ? { kind: 'total', what: 'other', value: 0, unit: 'pages' }
        : null,
  },
  {
    id: 'lowmem-reserve',
    example: 'lowmem_reserve[]: 0 1679 1679 1679',
    source: 'mm/show_mem.c show_free_areas; pages, one per zone class; `protections[]` in 2.6.9–11',
    first: ' lp',
    read(text) {
      const found = /^\s*(?:lowmem_reserve|protections)\[\]:(?<pages>(?: \d+)+)\s*$/.exec(text)?.groups?.pages
      return found === undefined ? null : { kind: 'lowmem', pages: found.trim().split(' ').map(safeInteger) }
    },
  },
  {
    id: 'node-stub',
    example: 'Node 0 ',
    source: 'a zone line broken after its first continuation',
    first: ' N',
    read(text) {
      const found = /^\s*Node (?<node>\d+)\s*$/.exec(text)?.groups?.node
      return found === undefined ? null : { kind: 'node-stub', node: Number(found) }
    },
  },
]
