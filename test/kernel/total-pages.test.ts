import { describe, expect, it } from 'vitest'
import { allowedNodes, boundBy, isTotalRefuted, managedBytes, nodeList, totalCandidates } from '../../src/kernel/total-pages.ts'
import type { MemInfo, OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeRow, makeZone, trigger } from './make-dump.ts'

const PAGE = 4096
const pages = (count: number): number => count * PAGE
const zone = (managedKb: number, node = 0) =>
  makeZone('Normal', { free: 0, managed: managedKb, present: managedKb + 400 }, null, null, node)

describe('managedBytes', () => {
  const of = (info: Partial<MemInfo>) => managedBytes(makeInfo(info))
  it.each([
    ['RAM less what is reserved', { ramBytes: pages(1000), reservedBytes: pages(100) }, pages(900)],
    ['zones where no total is printed', { zones: [zone(400), zone(800)] }, 1200 * 1024],
    ['zones where the reserved pages are missing', { ramBytes: pages(1000), zones: [zone(400)] }, 400 * 1024],
    ['RAM alone', { ramBytes: pages(1000) }, pages(1000)],
    [
      'RAM less what is reserved, where no zone tells of it',
      { ramBytes: pages(1000), reservedBytes: pages(100), counters: { free: 0 } },
      pages(900),
    ],
    ['present sizes of 3.7 and before', { zones: [{ ...zone(400), values: { free: 0, present: 7 * 1024 } }] }, 7 * 1024],
    ['nothing where a zone has no size', { zones: [zone(400), { ...zone(1), values: { free: 1 } }] }, null],
    ['nothing where the counters pass the zones that are shown', { zones: [zone(400)], counters: { free: 409 * 1024 } }, null],
    ['zones that hold what the counters say, within two hundredths', { zones: [zone(400)], counters: { free: 408 * 1024 } }, 400 * 1024],
    ['nothing without figures', {}, null],
    [
      'CMA taken off where the zones say so (4.x)',
      { ramBytes: pages(1000), reservedBytes: pages(100), cmaReservedBytes: pages(50), zones: [zone((850 * PAGE) / 1024)] },
      pages(850),
    ],
    [
      'RAM less what is reserved, where the zones that are shown are some of them',
      { ramBytes: pages(1000), reservedBytes: pages(100), cmaReservedBytes: pages(50), zones: [zone(400)], counters: { free: pages(800) } },
      pages(900),
    ],
    [
      'CMA left in where they do not (6.5)',
      { ramBytes: pages(1000), reservedBytes: pages(100), cmaReservedBytes: pages(50), zones: [zone((900 * PAGE) / 1024)] },
      pages(900),
    ],
  ] as const)('%s', (_, info, bytes) => expect(of(info as Partial<MemInfo>)).toBe(bytes))

  it.each([
    ['two hundredths more than the zones', 1020, 500, false],
    ['more than that', 1021, 500, true],
    ['more, but the counters pass the zones: they are filtered', 1500, 1021, false],
    ['more, counters at the same two hundredths', 1500, 1020, true],
    ['a twentieth less than the counters', 900, 945, false],
    ['less than that: a digit of it was lost', 899, 945, true],
  ])('a total that is %s', (_, total, counted, refuted) => {
    const info = makeInfo({
      ramBytes: pages(total + 10),
      reservedBytes: pages(10),
      zones: [zone((1000 * PAGE) / 1024)],
      counters: { free: pages(counted - 100), active_anon: pages(100) },
    })
    expect(isTotalRefuted(info)).toBe(refuted)
    expect(managedBytes(info)).toBe(refuted ? pages(1000) : pages(total))
    expect(isTotalRefuted({ ...info, counters: {} })).toBe(false)
    expect(isTotalRefuted({ ...info, reservedBytes: null })).toBe(false)
    expect(isTotalRefuted({ ...info, ramBytes: null })).toBe(false)
    expect(isTotalRefuted({ ...info, zones: [], counters: { free: 0 } })).toBe(false)
  })

  it('is unknown where the counters hold more and no zones tell it', () => {
    const total = (ram: number, zones: MemInfo['zones'] = []) =>
      managedBytes(makeInfo({ ramBytes: pages(ram), reservedBytes: 0, zones, counters: { free: pages(100), active_anon: pages(900) } }))
    expect(total(960)).toBe(pages(960))
    expect(total(952)).toBeNull()
    // Those of one node, which the counters of all pass.
    expect(total(952, [zone((900 * PAGE) / 1024)])).toBeNull()
    expect(total(-8)).toBeNull()
  })

  it('counts lists and slab among what the zones must hold', () => {
    const keys = ['active_anon', 'inactive_anon', 'active_file', 'inactive_file', 'slab_reclaimable', 'slab_unreclaimable']
    const info = makeInfo({ ramBytes: pages(1500), reservedBytes: 0, zones: [zone((1000 * PAGE) / 1024)] })
    const refuted = (extra: Record<string, number>) => isTotalRefuted({ ...info, counters: { free: pages(20), ...extra } })
    expect(keys.map((key) => refuted({ [key]: pages(1001) }))).toEqual(keys.map(() => false))
    expect(refuted({ mapped: pages(1001) })).toBe(true)
  })
})

describe('node lists', () => {
  it.each([
    ['0', [0]],
    ['0-2', [0, 1, 2]],
    ['0-1,3', [0, 1, 3]],
    ['3,5-6', [3, 5, 6]],
    ['(null)', null],
    ['', null],
    ['a', null],
    ['1,', null],
    ['1-', null],
    ['-1', null],
  ])('%s', (text, nodes) => {
    const list = nodeList(text)
    expect(list === null ? null : [...list]).toEqual(nodes)
  })
  it('is bounded', () => expect(nodeList('0-99999999')?.size).toBe(4097))

  const asked = (nodemask: string | null, memsAllowed: string | null) => ({ ...trigger(['GFP_KERNEL']), nodemask, memsAllowed })
  it('the mask of the policy goes before the nodes of the cpuset, the summary before the header', () => {
    const nodes = (dump: Partial<OomDump>) => [...(allowedNodes(makeDump(dump)) ?? [])]
    expect(nodes({ nodemask: '1', memsAllowed: '0-1' })).toEqual([1])
    expect(nodes({ memsAllowed: '0', trigger: asked(null, '1') })).toEqual([0])
    expect(nodes({ trigger: asked('2', '0-3') })).toEqual([2])
    expect(nodes({ trigger: asked('(null)', '3') })).toEqual([3])
    expect(allowedNodes(makeDump())).toBeNull()
  })

  const nodes = (...all: number[]) => makeInfo({ zones: all.map((node) => zone(1000, node)) })
  it.each([
    ['printed', { constraint: 'cpuset' }, 'cpuset'],
    ['printed, a policy', { constraint: 'memory_policy' }, 'memory_policy'],
    ['printed, none', { constraint: 'none', trigger: asked('0', '0-1'), memInfo: nodes(0, 1), scope: 'global' }, null],
    ['a mask smaller than the cpuset', { scope: 'global', trigger: asked('0', '0-1'), memInfo: nodes(0) }, 'memory_policy'],
    ['a mask as large', { scope: 'global', trigger: asked('0-1', '0-1'), memInfo: nodes(0, 1) }, null],
    ['a mask partly outside of the cpuset', { scope: 'global', trigger: asked('1-2', '0-1'), memInfo: nodes(0, 1) }, null],
    ['a mask outside of the cpuset', { scope: 'global', trigger: asked('2', '0-1'), memInfo: nodes(0, 1) }, null],
    ['a node that the cpuset lacks', { scope: 'global', trigger: asked(null, '0'), memInfo: nodes(0, 1) }, 'cpuset'],
    ['no such node', { scope: 'global', trigger: asked(null, '0-1'), memInfo: nodes(0, 1) }, null],
    ['a memory cgroup', { scope: 'memcg', trigger: asked(null, '0'), memInfo: nodes(0, 1) }, null],
    ['no Mem-Info', { scope: 'global', trigger: asked('0', '0-1') }, null],
    [
      'a later kernel that printed its constraint',
      { scope: 'global', constraintPrinted: 'CONSTRAINT_X', trigger: asked('0', '0-1'), memInfo: nodes(0) },
      null,
    ],
    ['no cpuset line', { scope: 'global', trigger: asked('0', null), memInfo: nodes(0, 1) }, null],
  ] as const)('bound by, with %s', (_, dump, bound) => expect(boundBy(makeDump(dump as unknown as Partial<OomDump>))).toBe(bound))

  it('a huge-page pool of another node tells it too', () => {
    const hugepages = [{ node: 1, total: 0, free: 0, surplus: 0, pageBytes: 2 ** 21 }]
    const memInfo = { ...nodes(0), hugepages } as unknown as MemInfo
    expect(boundBy(makeDump({ scope: 'global', trigger: asked(null, '0'), memInfo }))).toBe('cpuset')
  })
})

describe('totalCandidates', () => {
  const found = (dump: Partial<OomDump>, swap: number | null = null) =>
    totalCandidates(makeDump(dump), swap).map(({ pages: count, from, assumed }) => `${count} ${from}${assumed ? '?' : ''}`)
  const ram = (extra: Partial<MemInfo> = {}) => makeInfo({ ramBytes: pages(1100), reservedBytes: pages(100), ...extra })

  it.each([
    ['machine without swap', { scope: 'global', memInfo: ram() }, null, ['1000 ram-and-swap']],
    ['machine with swap', { scope: 'global', memInfo: ram({ totalSwapBytes: pages(500) }) }, null, ['1500 ram-and-swap']],
    ['swap told elsewhere', { scope: 'global', memInfo: ram() }, pages(70), ['1070 ram-and-swap']],
    ['printed before elsewhere', { scope: 'global', memInfo: ram({ totalSwapBytes: pages(0) }) }, pages(70), ['1000 ram-and-swap']],
    ['no Mem-Info', { scope: 'global' }, null, []],
    ['a total that is none', { scope: 'global', memInfo: makeInfo({ ramBytes: pages(1), reservedBytes: pages(1) }) }, null, []],
    [
      'bound: present pages of its nodes',
      { scope: 'global', constraint: 'cpuset', memsAllowed: '1', memInfo: ram({ zones: [zone(4000, 0), zone(3600, 1)] }) },
      pages(10),
      ['1010 allowed-nodes'],
    ],
    [
      'bound to nodes that are not printed: those that are shown',
      { scope: 'global', constraint: 'cpuset', memInfo: ram({ zones: [zone(4000, 0), zone(3600, 1)] }) },
      null,
      ['2100 allowed-nodes'],
    ],
    [
      'bound, on a machine whose zones name no node',
      { scope: 'global', constraint: 'cpuset', memsAllowed: '0', memInfo: ram({ zones: [{ ...zone(3600), node: null }] }) },
      null,
      ['1000 allowed-nodes'],
    ],
    [
      'bound, nothing of its nodes',
      { scope: 'global', constraint: 'cpuset', memsAllowed: '1', memInfo: ram({ zones: [zone(4000, 0)] }) },
      null,
      [],
    ],
    ['group without a limit', { scope: 'memcg', memory: counter(400, null) }, null, []],
    ['a limit below a page', { scope: 'memcg', memory: counter(2, 2), swap: counter(0, 0) }, null, ['1 limit']],
    ['a limit of a page', { scope: 'memcg', memory: counter(4, 4), swap: counter(0, 0) }, null, ['1 limit']],
    ['limit 0', { scope: 'memcg', memory: counter(0, 0) }, null, ['1 limit']],
    ['no swap allowed', { scope: 'memcg', memory: counter(400, 400), swap: counter(0, 0) }, null, ['100 limit']],
    ['machine without swap', { scope: 'memcg', memory: counter(400, 400), swap: counter(0, 80) }, 0, ['100 limit']],
    [
      'bounded by the machine',
      { scope: 'memcg', memory: counter(400, 400), swap: counter(0, 800) },
      pages(30),
      ['130 limit-and-swap', '100 limit'],
    ],
    [
      'bounded by the group',
      { scope: 'memcg', memory: counter(400, 400), swap: counter(0, 80) },
      pages(30),
      ['120 limit-and-swap', '100 limit'],
    ],
    ['swap used up', { scope: 'memcg', memory: counter(400, 400), swap: counter(800, 1000) }, null, ['350 limit-and-swap', '100 limit']],
    [
      'some swap used',
      { scope: 'memcg', memory: counter(400, 400), swap: counter(700, 1000) },
      null,
      ['350 limit-and-swap?', '100 limit?'],
    ],
    [
      'to 64 pages of it',
      { scope: 'memcg', memory: counter(400, 400), swap: counter(744, 1000) },
      null,
      ['350 limit-and-swap', '100 limit'],
    ],
    ['a page less', { scope: 'memcg', memory: counter(400, 400), swap: counter(740, 1000) }, null, ['350 limit-and-swap?', '100 limit?']],
    ['none used', { scope: 'memcg', memory: counter(400, 400), swap: counter(0, 1000) }, null, ['100 limit?', '350 limit-and-swap?']],
    ['unbounded, used', { scope: 'memcg', memory: counter(400, 400), swap: counter(4, null) }, null, []],
    ['unbounded, not used', { scope: 'memcg', memory: counter(400, 400), swap: counter(0, null) }, null, ['100 limit?']],
    [
      'v1: the combined limit',
      { scope: 'memcg', memory: counter(400, 400), memorySwap: counter(400, 600) },
      pages(999),
      ['150 limit-and-swap', '100 limit'],
    ],
    ['v1: equal limits', { scope: 'memcg', memory: counter(400, 400), memorySwap: counter(400, 400) }, pages(999), ['100 limit']],
    [
      'v1: by usage',
      { scope: 'memcg', memory: counter(400, 400), memorySwap: counter(500, 1000) },
      null,
      ['250 limit-and-swap?', '100 limit?'],
    ],
    ['v1: unbounded', { scope: 'memcg', memory: counter(400, 400), memorySwap: counter(400, null) }, null, ['100 limit?']],
    ['v1: no combined limit', { scope: 'memcg', memory: counter(400, 400) }, pages(30), ['130 limit-and-swap', '100 limit']],
    [
      'no bound of its own',
      { scope: 'memcg', memory: counter(400, 400), swap: counter(0, null) },
      pages(30),
      ['130 limit-and-swap', '100 limit'],
    ],
    ['no swap counter', { scope: 'memcg', memory: counter(400, 400) }, null, ['100 limit?']],
    [
      'by the swap of its tasks',
      {
        scope: 'memcg',
        memory: counter(400, 400),
        memorySwap: counter(400, 1000),
        tasks: [makeRow({ rss: 1, swap: 2 }), makeRow({ rss: 1, swap: 148 })],
      },
      null,
      ['250 limit-and-swap', '100 limit'],
    ],
  ] as const)('%s', (_, dump, swap, expected) => expect(found(dump as unknown as Partial<OomDump>, swap)).toEqual(expected))
})
