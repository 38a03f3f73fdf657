import { describe, expect, test } from 'vitest'
import type { Composition, IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { figuresMissing } from '../../../src/rules/consumer/held.ts'
import { hugepages } from '../../../src/rules/consumer/hugepages.ts'
import { kernelMemory } from '../../../src/rules/consumer/kernel-memory.ts'
import { networkBuffers } from '../../../src/rules/consumer/network-buffers.ts'
import { pageCache } from '../../../src/rules/consumer/page-cache.ts'
import { sharedMemory } from '../../../src/rules/consumer/shared-memory.ts'
import { unaccounted } from '../../../src/rules/consumer/unaccounted.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeInfo, makeZone, quote } from '../../kernel/make-dump.ts'
import { MIB } from '../facts-with.ts'
import { globalDump, makeDeath, memcgDump } from '../make-incident.ts'
import { factsOn, holder, holding, linesOf, told } from './holding.ts'

const kill = (anonMib: number | null, more: object = {}) => ({
  kill: makeDeath(memcgDump(), { anonRssBytes: anonMib === null ? null : anonMib * MIB, ...more }),
})

describe('a class that held the most', () => {
  const file = (mib: number, more: Partial<Composition> = {}, facts: Partial<IncidentFacts> = kill(null)) =>
    told(pageCache, factsOn(holding('file', mib, more), facts))
  test('how sure, by its share of what was in use', () => {
    const sure = (mib: number, facts: Partial<IncidentFacts> = {}) => file(mib, {}, { ...kill(null), ...facts })?.[0]
    expect([19, 20, 34, 35, 49, 50, 90].map((mib) => sure(mib))).toEqual([undefined, 'low', 'low', 'medium', 'medium', 'high', 'high'])
    expect([sure(34, { trust: 'medium' }), sure(50, { trust: 'medium' })]).toEqual(['low', 'medium'])
  })
  test('against what: a group’s use, a machine’s memory, a part of it', () => {
    expect(file(60)?.[1]).toMatch(/held 60 MiB, 60 % of the 100 MiB in use\.$/)
    expect(file(60, { scope: 'machine' })?.[1]).toMatch(/held 60 MiB, 30 % of the 200 MiB that the machine can use\.$/)
    expect(file(60, { scope: 'machine' })?.[0]).toBe('low')
    expect(file(60, { scope: 'part' })?.[1]).toMatch(/30 % of the 200 MiB that the request could use\.$/)
  })
  test('not where more stands in figures that are not printed, or another held the most', () => {
    expect(file(60, { unprintedBytes: 60 * MIB - 1 })).not.toBeNull()
    expect(file(60, { unprintedBytes: 60 * MIB })).toBeNull()
    expect(told(pageCache, factsOn(holding('shmem', 60)))).toBeNull()
    expect(told(pageCache, factsOn(null))).toBeNull()
    expect(told(sharedMemory, factsOn(holding('shmem', 60), kill(null)))?.[1]).toContain('Shared memory')
    expect(told(networkBuffers, factsOn(holding('sock', 60), kill(null)))?.[1]).toContain('Network buffers')
  })
  test('another of two thirds of it speaks against it', () => {
    const beside = (id: string, mib: number) => file(60, { classes: { file: 60 * MIB, [id]: mib * MIB } })?.[2]
    expect(beside('slab', 60 * 0.67)).toBe('slab held 40.2 MiB too.')
    expect(beside('slab', 40.1)).toBeNull()
    expect(beside('free', 99)).toBeNull()
  })
  test('a victim that held little explains little', () => {
    const victim = (mib: number | null, more: Partial<Composition> = {}) => file(60, more, kill(mib))?.[1]
    expect(victim(40)).toMatch(/in use; the killed process itself held only 40 MiB\.$/)
    expect(victim(41)).toMatch(/in use\.$/)
    expect(victim(null)).toMatch(/in use\.$/)
    expect(victim(10, { from: 'tasks' })).toMatch(/in use, mapped by java \(PID 100\)\.$/)
  })
  test('by which lines', () => {
    const from = (way: Composition['from']) => linesOf(pageCache, factsOn(holding('file', 60, { from: way })))
    expect(from('tasks')).toEqual([expect.stringContaining('Killed process'), '[ 100] java', 'a line of role memory'])
    expect(from('figures').slice(-2)).toEqual(['a line of role memory', expect.stringContaining('Killed process')])
  })
})

describe('what of the figures is missing', () => {
  const missing = (composition: Composition | null, more: Partial<IncidentFacts> = {}) =>
    figuresMissing(factsOn(composition, more)).map(({ text }) => plainPhrase(text))
  test('nothing where they name a class, or the machine was not full', () => {
    expect(missing(holding('anon', 60))).toEqual([])
    expect(missing(null, { hadRoom: true })).toEqual([])
    expect(missing(holding('anon', 60, { unprintedBytes: 90 * MIB }), { hadRoom: true })).toEqual([])
  })
  test('the block of the report, whole or in part', () => {
    const lost = holding('anon', 60, { unprintedBytes: 90 * MIB })
    expect(missing(lost)[0]).toContain('the part Memory cgroup stats for of the report is not in the log')
    expect(missing(null)[0]).toContain('is not in the log')
    expect(missing(null, { scope: 'global', dump: globalDump() })[0]).toContain(
      'the block Mem-Info of the report is in the log in part only',
    )
    expect(missing(null, { scope: 'global', dump: { ...globalDump(), memInfo: null } })[0]).toContain(
      'Mem-Info of the report is not in the log',
    )
    expect(missing(null, { scope: 'memcg', dump: globalDump() })[0]).toContain('is not in the log')
  })
  test('the report itself, of a kill by the kernel', () => {
    const by = (killer: 'kernel' | 'unknown' | 'kubelet' | null) =>
      missing(null, { dump: null, kill: killer === null ? null : makeDeath(null, { killer }) })
    expect(by('kernel')[0]).toContain('there is no kernel report with figures')
    expect(by('unknown')).toHaveLength(1)
    expect([by('kubelet'), by(null)]).toEqual([[], []])
  })
})

describe('huge pages', () => {
  const pool = (mib: number, idleMib: number, more: Partial<Composition> = {}) =>
    told(
      hugepages,
      factsOn(holding('anon', 60, { scope: 'machine', classes: { hugepages: mib * MIB }, ...more }), {
        machineAccounting: { details: { hugepages_free: idleMib * MIB } } as never,
      }),
    )
  test('of which a quarter of the machine lies unused', () => {
    expect(pool(90, 50)).toEqual([
      'high',
      'Huge pages take 90 MiB, 45 % of the memory that the machine can use, and 50 MiB of them lie unused.',
      null,
    ])
    expect(pool(90, 49)).toBeNull()
    expect(pool(60, 50)).toBeNull()
    expect(pool(60, 50, { largest: null })).not.toBeNull()
    expect(pool(90, 50, { largest: holder(60, { swapBytes: 30 * MIB }) })).toBeNull()
    expect(pool(90, 50, { scope: 'memcg' })).toBeNull()
  })
  test('by their lines and the kill', () => {
    const hugepages_free = 50 * MIB
    const held = holding('anon', 60, { scope: 'machine', classes: { hugepages: 90 * MIB } })
    const facts = factsOn(held, { dump: globalDump(), machineAccounting: { details: { hugepages_free } } as never })
    expect(linesOf(hugepages, facts)).toEqual(['a line of role hugepages', 'a line of role ram', expect.stringContaining('Killed process')])
  })
  test('none, as far as the report tells', () => {
    const facts = (classes: object, machineAccounting: object | null) =>
      factsOn(holding('anon', 60, { scope: 'machine', classes, largest: null }), { machineAccounting: machineAccounting as never })
    expect(told(hugepages, facts({}, { details: { hugepages_free: 90 * MIB } }))).toBeNull()
    expect(told(hugepages, facts({ hugepages: 90 * MIB }, null))).toBeNull()
    expect(told(hugepages, factsOn(holding('hugepages', 60, { scope: 'memcg' }), kill(null)))?.[1]).toMatch(/^Huge pages held 60 MiB/)
  })
})

describe('kernel memory without a counter', () => {
  const old = (more: object = {}) =>
    memcgDump({ stats: [{ path: '/', hierarchical: true, values: { anon: 1 }, quotes: [] }], ...more } as never)
  const rest = (mib: number, more: Partial<Composition> = {}, dump = old()) =>
    told(kernelMemory, factsOn(holding('unaccounted', mib, more), { dump, ...kill(null) }))
  test('is the rest of a group before 5.18', () => {
    expect(rest(35)).toEqual([
      'medium',
      '35 MiB, 35 % of the 100 MiB in use, stand in no counter of the group: user pages and sockets have counters, so it was kernel memory.',
      'This kernel prints no kernel counter that would prove it.',
    ])
    expect(rest(34)).toBeNull()
    expect(rest(60, { scope: 'machine' })).toBeNull()
    expect(rest(60, { unprintedBytes: 60 * MIB })).toBeNull()
    expect(rest(60, {}, memcgDump())).toBeNull()
    expect(rest(60, {}, old({ kmem: { usageBytes: 1, limitBytes: 2, failcnt: 0 } }))).toBeNull()
    expect(told(kernelMemory, factsOn(holding('anon', 60), { dump: old() }))).toBeNull()
    expect(told(kernelMemory, factsOn(null))).toBeNull()
    const stats = [{ path: '/', hierarchical: true, values: { anon: 1 }, quotes: [quote('anon 1', 31)] }]
    expect(linesOf(kernelMemory, factsOn(holding('unaccounted', 60), { dump: old({ stats }) }))).toEqual([
      'a line of role memory',
      'anon 1',
      expect.stringContaining('Killed process'),
    ])
  })
  test('that one counter holds for the most part is called by it', () => {
    const part = (stackMib: number) =>
      told(
        kernelMemory,
        factsOn(holding('kernel', 60), {
          memcgAccounting: { details: { kernel_stack: stackMib * MIB, percpu: 1 } } as never,
          ...kill(null),
        }),
      )?.[1]
    expect(part(31)).toContain('Kernel memory, 31 MiB of it stacks of threads (kernel_stack), held 60 MiB')
    expect(part(30)).toContain('Kernel memory in no finer counter')
  })
})

describe('memory in no counter at all', () => {
  const pools = [{ quote: quote('Node 0 hugepages_total=0') }]
  const info = (managed: number | null, hugepages: readonly object[] = pools) =>
    globalDump({
      memInfo: {
        ...makeInfo({ counters: {}, zones: managed === null ? [] : [makeZone('Normal', { managed: managed * 1024 })] }),
        hugepages,
      },
    } as never)
  const of = (mib: number, more: Partial<Composition> = {}, facts: Partial<IncidentFacts> = {}) =>
    told(
      unaccounted,
      factsOn(holding('unaccounted', mib, { scope: 'machine', unaccountedBytes: mib * MIB, ...more }), {
        dump: info(null),
        machineAccounting: null,
        ...facts,
      }),
    )
  test('from 15 % of the machine on, sure from 40 %', () => {
    expect([29, 30, 79, 80].map((mib) => of(mib)?.[0])).toEqual([undefined, 'medium', 'medium', 'high'])
    expect(of(80, {}, { trust: 'medium' })?.[0]).toBe('medium')
    expect(of(80)?.[1]).toContain('80 MiB, 40 % of 200 MiB, stand in no counter')
    expect(of(80, { unprintedBytes: 80 * MIB })).toBeNull()
    expect(told(unaccounted, factsOn(holding('anon', 80, { scope: 'machine', unaccountedBytes: 80 * MIB })))).toBeNull()
  })
  test('of a group only where the kernel’s memory has a counter', () => {
    expect(of(80, { scope: 'memcg' }, { dump: memcgDump() })).not.toBeNull()
    const none = memcgDump({ stats: [{ path: '/', hierarchical: true, values: { anon: 1 }, quotes: [] }] } as never)
    expect(of(80, { scope: 'memcg' }, { dump: none })).toBeNull()
    expect(of(80, { scope: 'memcg' }, { dump: null })).toBeNull()
    const parent = memcgDump()
    const both = { ...parent, stats: [...none.stats, ...parent.stats] }
    expect(of(80, { scope: 'memcg' }, { dump: both })).not.toBeNull()
  })
  test('sure only where the pools of huge pages are printed and the zones agree', () => {
    const sure = (dump: ReturnType<typeof info> | null) => of(80, {}, { dump })
    expect(sure(info(200))?.[0]).toBe('high')
    expect(sure(info(204))?.[0]).toBe('high')
    expect(sure(info(204.2))?.[0]).toBe('medium')
    expect(sure(info(205))?.[0]).toBe('medium')
    expect(sure(info(197))?.[0]).toBe('high')
    expect(sure(info(195))?.[0]).toBe('medium')
    expect(sure(info(200, []))).toMatchObject(['medium', expect.anything(), expect.stringContaining('huge page pools are not in the log')])
    expect(sure({ ...info(200), memInfo: null })?.[0]).toBe('medium')
    expect(sure(null)?.[0]).toBe('medium')
  })
  test('by which lines: the counters, and what names it', () => {
    const lines = (machineAccounting: object | null) => {
      const dump = globalDump({ excerpt: [quote('Node 0 Balloon:7kB', 80)] } as never)
      const held = holding('unaccounted', 80, { scope: 'machine', unaccountedBytes: 80 * MIB })
      return linesOf(unaccounted, factsOn(held, { scope: 'global', dump, machineAccounting: machineAccounting as never }))
    }
    expect(lines(null)).toEqual(['a line of role counters', 'a line of role ram', expect.stringContaining('Killed process')])
    expect(lines({ details: { balloon: 50 * MIB } })[0]).toBe('Node 0 Balloon:7kB')
  })
  test('that a balloon or the GPU is said to hold', () => {
    const named = (details: object, more: Partial<Composition> = {}) =>
      of(80, more, { dump: null, machineAccounting: { details } as never })
    expect(named({ balloon: 40 * MIB })).toEqual([
      'high',
      "80 MiB, 40 % of 200 MiB, were with no process and no cache: the hypervisor's balloon had taken 40 MiB (Balloon).",
      null,
    ])
    expect(named({ balloon: 39 * MIB })?.[1]).toContain('stand in no counter')
    expect(named({ balloon: 41 * MIB, gpu: 42 * MIB })?.[1]).toContain('the GPU held 42 MiB')
    expect(named({ balloon: 42 * MIB, gpu: 42 * MIB })?.[1]).toContain('balloon')
    expect(named({ gpu: 40 * MIB })?.[1]).toContain('the GPU held')
    expect(named({ balloon: 40 * MIB }, { scope: 'part' })?.[1]).toContain('stand in no counter')
    expect(named({})?.[1]).toContain('stand in no counter')
  })
})
