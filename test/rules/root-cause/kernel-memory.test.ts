import { describe, expect, test } from 'vitest'
import type { Composition, IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { kernelMemoryGrowth } from '../../../src/rules/root-cause/kernel-memory-growth.ts'
import { pageCachePressure } from '../../../src/rules/root-cause/page-cache-pressure.ts'
import { sharedSegment } from '../../../src/rules/root-cause/shared-segment.ts'
import { counter, makeRow, quote, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, killed, memcgDump, podWorkload } from '../make-incident.ts'

const inGroup = factsWith(inPod(memcgDump()))
const onMachine = factsWith(killed(globalDump()))
type Classes = Parameters<typeof heldBy>[1]

/** Slabs in MiB. */
const slabs = (facts: IncidentFacts, ...table: (readonly [string, number])[]): Partial<IncidentFacts> => ({
  dump: {
    ...(facts.dump as NonNullable<IncidentFacts['dump']>),
    memInfo: {
      ...(onMachine.dump?.memInfo as never as object),
      slabs: table.map(([name, mib]) => ({ name, usedBytes: mib * MIB, totalBytes: mib * MIB, quote: quote(name) })),
    } as never,
  },
})

describe('kernel memory', () => {
  const group = (classes: Classes, more: Partial<IncidentFacts> = {}, held: Partial<Composition> = {}): IncidentFacts => ({
    ...inGroup,
    ...heldBy(inGroup, classes, held),
    ...more,
  })
  const machine = (classes: Classes, more: Partial<IncidentFacts> = {}): IncidentFacts => ({
    ...onMachine,
    ...heldBy(onMachine, classes),
    ...more,
  })
  const told = (facts: IncidentFacts) => kernelMemoryGrowth.evaluate(facts as never)
  const said = (facts: IncidentFacts) => saidIn(told(facts))
  const advice = (facts: IncidentFacts) => kernelMemoryGrowth.recommend?.(facts as never) ?? []

  test('all its classes count together, and what has no counter from 15 % on', () => {
    expect(said(group({ anon: 40, slab: 10, sock: 10, pagetables: 10, kernel: 10 }))).toContain('40 MiB, 50 %')
    const hidden = (mib: number) =>
      told(group({ anon: 50, file: 50 - 30 - mib, slab: 30 }, {}, { unaccountedBytes: mib * MIB, usedBytes: 100 * MIB }))
    expect(saidIn(hidden(15))).toContain(' MiB, 45 % of')
    expect(hidden(14.9)).toBeNull()
    // Of a machine what has no counter is no part of it.
    expect(
      told({
        ...machine({ anon: 60, slab: 20, file: 20 }),
        composition: { ...heldBy(onMachine, { anon: 60, slab: 20, file: 20 }).composition, unaccountedBytes: 20 * MIB },
      }),
    ).toBeNull()
    // Nor where the statistics have no such counter at all.
    const stats = [{ path: CONTAINER_PATH, hierarchical: true, values: { anon: 1 }, quotes: [] }]
    const uncounted = { dump: { ...(inGroup.dump as object), stats } as never }
    expect(told(group({ anon: 50, file: 5, slab: 30 }, uncounted, { unaccountedBytes: 15 * MIB, usedBytes: 100 * MIB }))).toBeNull()
    expect(told(group({ anon: 50, file: 20, slab: 30 }, {}, { unaccountedBytes: -20 * MIB }))).toBeNull()
  })
  test('the largest of its classes is named', () => {
    expect(said(group({ anon: 20, slab: 30, sock: 10 }))).toContain('30 MiB of it slab: objects that the kernel keeps for open files')
    expect(said(group({ anon: 20, slab: 10, sock: 30 }))).toContain('30 MiB of it network buffers: data in sockets')
    expect(said(group({ anon: 20, slab: 10, pagetables: 30 }))).toContain('30 MiB of it page tables: the tables that map')
    expect(said(group({ anon: 20, slab: 10, kernel: 30 }))).toContain('30 MiB of it outside of slab: objects that')
  })
  const details = (values: Record<string, number>): Partial<IncidentFacts> => ({
    memcgAccounting: {
      ...(inGroup.memcgAccounting as NonNullable<IncidentFacts['memcgAccounting']>),
      details: Object.fromEntries(Object.entries(values).map(([name, mib]) => [name, mib * MIB])),
    },
  })
  test('of what is outside of slab the counter that holds more than half of it', () => {
    const of = (values: Record<string, number>) => said(group({ anon: 20, kernel: 40 }, details(values)))
    expect(of({ percpu: 21 })).toContain('21 MiB of it percpu: data kept once for each CPU')
    expect(of({ percpu: 20 })).toContain('40 MiB of it outside of slab: objects that')
    expect(of({ vmalloc: 30, percpu: 4 })).toContain('of it vmalloc: large areas')
    // What none of them counts is most likely pipes', where vmalloc is printed (5.18 and later), from a half on.
    expect(of({ vmalloc: 10, percpu: 5, kernel_stack: 5 })).toContain('pages that no counter names, as the buffers of pipes are')
    expect(of({ vmalloc: 10, percpu: 5, kernel_stack: 5.1 })).toContain('objects that the kernel keeps')
    expect(of({ percpu: 5, kernel_stack: 5 })).toContain('objects that the kernel keeps')
    const advised = (values: Record<string, number>) => textsOf(advice(group({ anon: 20, kernel: 40 }, details(values))))[0]
    expect(advised({ vmalloc: 20 })).toContain('Find what the large tables are')
    expect(advised({ vmalloc: 1, percpu: 20 })).toContain('Find what there are so many of')
    expect(advised({ vmalloc: 1, kernel_stack: 30 })).toContain('Find which process has so many threads')
    expect(advised({ vmalloc: 19, percpu: 2 })).toContain('Find what makes the kernel hold')
    expect(textsOf(advice(machine({ anon: 20, kernel: 40 }, details({ vmalloc: 30 }))))[0]).toContain('Find what makes the kernel hold')
    expect(textsOf(advice(group({ anon: 20, pagetables: 40 })))[0]).toContain('Find which processes map so much')
    expect(textsOf(advice(group({ anon: 20, sock: 40 }, details({ vmalloc: 30 }))))[0]).toContain('Find whose sockets hold it')
  })
  test('half of it, beside processes that hold less than 35 %: sure', () => {
    const of = (slab: number, anon: number, where = group) => told(where({ slab, anon, file: 100 - slab - anon }))
    expect(of(50, 34)).toMatchObject({ confidence: 'high', against: null })
    expect(of(49.9, 34)?.confidence).toBe('medium')
    expect(of(50, 35)?.confidence).toBe('medium')
    expect(of(50, 35)?.against).not.toBeNull()
    expect(saidIn(of(50, 34))).toContain('of what container api of pod shop/api-7c9d4 held')
    expect(saidIn(of(50, 34, machine))).toContain('of what node-1 held')
  })
  test('advice: by its class, by its caches, else what makes the kernel hold it', () => {
    const [first, ...rest] = advice(group({ anon: 20, slab: 40 }))
    expect(textsOf([first])[0]).toContain('Find what makes the kernel hold 40 MiB')
    expect(first?.command).toContain('crictl ps -q --label io.kubernetes.pod.uid=68614f59')
    expect(rest.map(({ owner }) => owner)).not.toContain('kernel')
    expect(advice(machine({ anon: 20, slab: 40 }))[0]?.command).toContain('slabtop -o -s c | head -20')
    expect(advice(group({ anon: 20, slab: 40 }, { victimCgroup: null }))[0]?.command).toContain('slabtop')
    const odd = { victimCgroup: { ...(inGroup.victimCgroup as object), podUid: 'x; reboot' } as never }
    expect(advice(group({ anon: 20, slab: 40 }, odd))[0]?.command).not.toContain('reboot')
    expect(textsOf(advice(machine({ anon: 20, slab: 40 }, slabs(onMachine, ['nf_conntrack', 30], ['kmalloc-8', 2]))))[0]).toContain(
      'The kernel held 40 MiB (nf_conntrack 30 MiB',
    )
    expect(textsOf(advice(machine({ anon: 20, pagetables: 40 }, slabs(onMachine, ['nf_conntrack', 30]))))[0]).not.toContain('conntrack')
    expect(textsOf(advice(group({ anon: 20, sock: 40 })))[0]).toContain('The kernel held 40 MiB.')
  })
  test('sockets are listed in the network of their pod', () => {
    const [first] = advice(group({ anon: 20, sock: 40 }))
    expect(first?.command).toMatch(/^nsenter -t .*crictl inspectp.* -n ss -tmpn \| awk .*# on the node$/)
    const without = group({ anon: 20, sock: 40 }, { victimCgroup: null })
    expect(advice(without)[0]?.command).toContain('nsenter -t')
    expect(advice({ ...without, kill: { ...without.kill, workload: null } as never })[0]?.command).toMatch(/^for p in \$\(lsns/)
    expect(
      advice({ ...without, victimCgroup: null, kill: { ...without.kill, workload: { ...podWorkload, podUid: '$(x)' } } as never })[0]
        ?.command,
    ).toMatch(/^for p in/)
    expect(advice(machine({ anon: 20, sock: 40 }))[0]?.command).toMatch(/^for p in \$\(lsns/)
  })
  test('slab that is reclaimable by three quarters is names and inodes of files', () => {
    const of = (able: number, not: number) =>
      said(group({ anon: 20, slab: 40 }, details({ slab_reclaimable: able, slab_unreclaimable: not })))
    expect(of(30, 10)).toContain('names and inodes')
    expect(of(29.9, 10)).not.toContain('names and inodes')
    expect(of(0, 0)).not.toContain('names and inodes')
  })
  test('a cache of the table that holds a fifth of the slab says what it is', () => {
    const of = (...table: (readonly [string, number])[]) => said(machine({ anon: 20, slab: 100 }, slabs(onMachine, ...table)))
    expect(of(['nf_conntrack', 20])).toContain('nf_conntrack 20 MiB, which are entries of connection tracking')
    expect(of(['nf_conntrack', 19.9])).not.toContain('connection tracking')
    expect(of(['nf_conntrack', 30], ['nf_conntrack_1', 2])).toContain('nf_conntrack 30 MiB')
    expect(said(machine({ anon: 20, slab: 40, pagetables: 60 }, slabs(onMachine, ['nf_conntrack', 30])))).toContain('the tables that map')
  })
  test('the growth of a machine’s caches is recorded, with the profile of kernels that have one', () => {
    const record = (facts: IncidentFacts) => advice(facts).find(({ owner }) => owner === 'kernel')
    const dump = onMachine.dump as NonNullable<IncidentFacts['dump']>
    const of = (release: string) =>
      saidIn({ statement: record(machine({ anon: 20, slab: 40 }, { dump: { ...dump, release } }))?.why ?? [] })
    expect(of('6.12.1')).toContain('vm.mem_profiling')
    expect(of('6.9.1')).not.toContain('vm.mem_profiling')
    expect(record(group({ anon: 20, slab: 40 }))).toBeUndefined()
  })
  const mapping = (tables: number, total = 1000) => {
    const rows: RowFigures[] = [0, 1, 2, 3].map((n) => ({ pid: 100 + n, rss: 25_600, anon: 100, shmem: 25_600, tables, comm: 'postgres' }))
    return machine(
      { anon: 10, shmem: 100, file: total - 110 },
      { dump: { ...(onMachine.dump as NonNullable<IncidentFacts['dump']>), tasks: rows.map((row) => makeRow(row)) } },
    )
  }
  test('page tables of one segment from a tenth of it all on', () => {
    expect(said(mapping(6_400))).toContain(
      '4 postgres processes map one shared segment of 100 MiB, and each needs page tables of its own for it: 25 MiB each, 100 MiB together',
    )
    expect(said(mapping(6_400))).toContain('postgres')
    expect(told(mapping(6_399))).toBeNull()
    expect(textsOf(advice(mapping(6_400))).slice(0, 2)).toEqual([
      expect.stringContaining('Run fewer postgres processes'),
      expect.stringContaining('Put the segment of 100 MiB on huge pages'),
    ])
    expect(advice(mapping(6_400))[1]).toMatchObject({ lookFirst: true, command: expect.stringContaining('needs 51 pages of 2 MiB') })
    expect(textsOf(advice(mapping(6_399)))[0]).not.toContain('postgres processes')
  })
})

describe('a segment that processes share', () => {
  const facts = (shmem: number, anon: number, rows: readonly RowFigures[]): IncidentFacts => ({
    ...onMachine,
    ...heldBy(onMachine, { anon, shmem, file: 1 }),
    dump: { ...(onMachine.dump as NonNullable<IncidentFacts['dump']>), tasks: rows.map((row) => makeRow(row)) },
  })
  /** In MiB, of one name unless told. */
  const mapped = (...sizes: (number | readonly [number, string])[]): RowFigures[] =>
    sizes.map((size, n) => {
      const [mib, comm] = typeof size === 'number' ? [size, 'postgres'] : size
      return { pid: 100 + n, rss: mib * 256, anon: 10, shmem: mib * 256, tables: 256, comm }
    })
  test('half of the shared memory at least, a fifth more at most, by three of a name', () => {
    expect(sharedSegment(facts(100, 10, mapped(50, 50, 50)))).toMatchObject({
      comm: 'postgres',
      processes: 3,
      segmentBytes: 50 * MIB,
      tablesBytes: 3 * MIB,
    })
    expect(sharedSegment(facts(100, 10, mapped(49.9, 49.9, 49.9)))).toBeNull()
    expect(sharedSegment(facts(100, 10, mapped(120, 120, 120)))).not.toBeNull()
    expect(sharedSegment(facts(100, 10, mapped(120.1, 120, 120)))).toBeNull()
    expect(sharedSegment(facts(100, 10, mapped(90, 90)))).toBeNull()
    expect(sharedSegment(facts(100, 10, mapped(90, 90, [90, 'java'])))).toBeNull()
    // Those that have touched half of it at least.
    expect(sharedSegment(facts(100, 10, mapped(90, 45, 45)))?.processes).toBe(3)
    expect(sharedSegment(facts(100, 10, mapped(90, 45, 44.9)))).toBeNull()
    expect(sharedSegment(facts(0, 10, mapped(90, 90, 90)))).toBeNull()
    expect(sharedSegment(facts(100, 10, []))).toBeNull()
  })
  test('in parts: a fifth of it each, and counted four times over', () => {
    expect(sharedSegment(facts(100, 10, mapped(...Array.from({ length: 20 }, () => 20))))).toMatchObject({
      processes: 20,
      segmentBytes: 100 * MIB,
    })
    expect(sharedSegment(facts(100, 10, mapped(...Array.from({ length: 19 }, () => 20))))).toBeNull()
    expect(sharedSegment(facts(100, 10, mapped(...Array.from({ length: 30 }, () => 19.9))))).toBeNull()
    const half = sharedSegment(facts(100, 10, mapped(...Array.from({ length: 10 }, () => 50))))
    expect(half?.segmentBytes).toBe(50 * MIB)
  })
  test('before 6.8 a row has all of its memory: what all hold of their own is taken off', () => {
    const old = (anon: number, count = 25) =>
      sharedSegment(
        facts(
          100,
          anon,
          Array.from({ length: count }, (_, n) => ({ pid: 100 + n, rss: 20 * 256, comm: 'postgres' })),
        ),
      )
    expect(old(100)).not.toBeNull()
    expect(old(101)).toBeNull()
  })
})

describe('page cache', () => {
  const facts = (classes: Classes, dirty: number | null, more: Partial<IncidentFacts> = {}): IncidentFacts => ({
    ...inGroup,
    ...heldBy(inGroup, classes),
    memcgAccounting: {
      ...(inGroup.memcgAccounting as NonNullable<IncidentFacts['memcgAccounting']>),
      details: dirty === null ? {} : { file_dirty: dirty * MIB },
    },
    ...more,
  })
  const advice = (...of: Parameters<typeof facts>) => pageCachePressure.recommend?.(facts(...of) as never) ?? []
  test('clean pages: who uses them; else the writer waits', () => {
    expect(textsOf(advice({ file: 60, anon: 9 }, 5.9))[0]).toContain('Find out who keeps these file pages')
    expect(textsOf(advice({ file: 60, anon: 9 }, 6))[0]).toContain('Let the writer wait')
    expect(textsOf(advice({ file: 60, anon: 9 }, null))[0]).toContain('Let the writer wait')
  })
  const unit = (version: 1 | 2, kb = 1_048_576, path = '/system.slice/backup.service') =>
    factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path, cgroupVersion: version, memory: counter(kb, kb) })))
  const throttle = (of: IncidentFacts) => (pageCachePressure.recommend?.({ ...of, ...heldBy(of, { file: 60, anon: 9 }) } as never) ?? [])[0]
  test('by memory.high of its unit at four fifths; cgroup v1 has none, and Kubernetes sets none', () => {
    expect(throttle(unit(2))?.command).toBe('systemctl set-property backup.service MemoryHigh=768M')
    expect(throttle(unit(2))?.lookFirst).toBe(false)
    expect(throttle(unit(1))).toMatchObject({ lookFirst: true, command: expect.stringContaining('sysctl vm.dirty_bytes') })
    expect(textsOf([throttle(unit(1))])[0]).toContain('cgroup v1 does not throttle')
    expect(throttle(unit(2, 9 * 1024))?.command).toContain('sysctl vm.dirty_bytes')
    expect(throttle(unit(2, 10 * 1024))?.command).toContain('MemoryHigh=8M')
    expect(textsOf([throttle(unit(2))])[0]).toContain('MemoryHigh=) at four fifths of the limit')
    expect(textsOf([throttle(inGroup)])[0]).toContain('Kubernetes sets no memory.high')
    expect(textsOf([throttle({ ...inGroup, victimCgroup: null })])[0]).toContain('at four fifths')
    expect(throttle({ ...unit(2), scope: 'global' })?.command).toContain('sysctl')
    const docker = `/system.slice/docker-${'a1'.repeat(32)}.scope`
    expect(throttle(unit(2, 1_048_576, docker))?.command).toContain('sysctl')
  })
  test('the writer’s own setting, where it has no heap', () => {
    const kill = { ...(inGroup.kill as object), comm: 'dd' } as never
    const before = advice({ file: 60, anon: 9 }, 6).length
    expect(advice({ file: 60, anon: 9 }, 6, { kill })).toHaveLength(before + 1)
    expect(textsOf(advice({ file: 60, anon: 9 }, 6, { kill: { ...(inGroup.kill as object), comm: null } as never }))).toHaveLength(before)
  })
  test('is the most, two fifths, by a kill of the kernel', () => {
    const told = (classes: Classes, more: Partial<IncidentFacts> = {}) => pageCachePressure.evaluate(facts(classes, null, more) as never)
    expect(told({ file: 40, anon: 30, slab: 30 })).not.toBeNull()
    expect(told({ file: 39.9, anon: 30, slab: 30.1 })).toBeNull()
    expect(told({ file: 40, anon: 41 })).toBeNull()
    expect(told({ file: 60, anon: 9 }, { kill: { ...(inGroup.kill as object), killer: 'earlyoom' } as never })).toBeNull()
    // Of a machine the machine's own counters tell.
    const machine = {
      ...onMachine,
      ...heldBy(onMachine, { file: 60, anon: 9 }),
      machineAccounting: { ...(onMachine.machineAccounting as object), details: { dirty: 9 * MIB, writeback: MIB } } as never,
    }
    expect(saidIn(pageCachePressure.evaluate(machine as never))).toContain('10 MiB of it dirty')
  })
})
