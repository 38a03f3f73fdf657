import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { swapExhausted } from '../../../src/rules/root-cause/swap-exhausted.ts'
import { unaccountedMemory } from '../../../src/rules/root-cause/unaccounted-memory.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, saidIn, textsOf } from '../facts-with.ts'
import { globalDump, killed } from '../make-incident.ts'

const onMachine = factsWith(killed(globalDump()))

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

describe('memory in no counter', () => {
  const base = onMachine.machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
  const facts = (more: Partial<IncidentFacts> = {}, balloon = 0): IncidentFacts => ({
    ...onMachine,
    machineAccounting: {
      ...base,
      totalBytes: 1000 * MIB,
      unaccountedBytes: 400 * MIB,
      classes: [{ id: 'anon', kernelName: 'anon', bytes: 300 * MIB }],
      details: balloon === 0 ? {} : { balloon: balloon * MIB },
    },
    ...more,
  })
  const said = (of: IncidentFacts) => saidIn(unaccountedMemory.evaluate(of as never))
  const advice = (of: IncidentFacts) => unaccountedMemory.recommend?.(of as never) ?? []
  const dump = onMachine.dump as NonNullable<IncidentFacts['dump']>
  test('its suspects', () => {
    expect(said(facts())).toContain("400 MiB (40 %) of the memory is in no counter of the report: a hypervisor's balloon")
    expect(said(facts(slabs(onMachine, ['zio_buf_comb', 1])))).toContain("ZFS's caches stand in the slab table")
    expect(said(facts(slabs(onMachine, ['dentry', 1])))).not.toContain('slab table')
    expect(said(facts({ dump: { ...dump, release: '2.6.32-754.el6' } }))).toContain('reserved huge pages, which kernels before 3.10')
    expect(said(facts({ dump: { ...dump, release: '3.10.0' } }))).not.toContain('reserved huge pages')
    const swap = (total: number, free: number, more: Partial<IncidentFacts> = {}) =>
      said(facts({ swap: { totalBytes: total * MIB, freeBytes: free * MIB }, ...more }))
    expect(swap(100, 99)).toContain('the pool of zram or zswap')
    expect(swap(100, 100)).not.toContain('zram')
    expect(said(facts({ swap: null }))).not.toContain('zram')
    const zones = (values: Record<string, number>, none = false) => ({
      dump: {
        ...dump,
        memInfo: { ...(dump.memInfo as object), zones: none ? [] : [{ ...dump.memInfo?.zones[0], values }] } as never,
      },
    })
    expect(swap(100, 50, zones({ zspages: 0 }))).not.toContain('zram')
    expect(swap(100, 50, zones({ free: 0 }))).toContain('zram')
    expect(swap(100, 50, zones({}, true))).not.toContain('zram')
    expect(unaccountedMemory.evaluate(facts({ hadRoom: true }) as never)).toBeNull()
    expect(unaccountedMemory.evaluate(facts({ scope: 'memcg' }) as never)).toBeNull()
  })
  test('advice by what it is', () => {
    expect(textsOf(advice(facts({}, 200)))[0]).toContain('the balloon holds 200 MiB')
    expect(advice(facts({}, 200))[0]).toMatchObject({ lookFirst: true })
    expect(textsOf(advice(facts({}, 199)))[0]).toContain('Find what holds the 400 MiB in no counter: the balloon driver')
    expect(textsOf(advice(facts({ dump: { ...dump, release: '2.6.32-754.el6' } })))[0]).toContain(
      'reserved huge pages (HugePages_Total), the balloon',
    )
    expect(textsOf(advice(facts(slabs(onMachine, ['arc_buf_hdr_t', 1]))))[0]).toContain('zfs_arc_max')
    expect(advice(facts(slabs(onMachine, ['arc_buf_hdr_t', 1])))[0]).toMatchObject({ lookFirst: true })
  })
  test('who took the pages, by what the kernel can tell', () => {
    const of = (release: string | null) => advice(facts({ dump: { ...dump, release } })).at(-1)
    expect(textsOf([of('6.10.0')])[0]).toContain('vm.mem_profiling')
    expect(of('6.10.0')).toMatchObject({ lookFirst: true, command: 'sysctl vm.mem_profiling; uname -r' })
    expect(textsOf([of('6.9.0')])[0]).toContain('Boot with page_owner=on')
    expect(of('4.0.0')?.command).toContain('page_owner')
    expect(advice(facts({ dump: { ...dump, release: '3.19.0' } }))).toHaveLength(1)
  })
})

describe('swap that is full', () => {
  const facts = (more: Partial<IncidentFacts> = {}): IncidentFacts => ({
    ...onMachine,
    swap: { totalBytes: 512 * MIB, freeBytes: 0 },
    ...more,
  })
  const advice = (of: IncidentFacts) => swapExhausted.recommend?.(of as never) ?? []
  const main = (of: IncidentFacts) => advice(of).find(({ text }) => textsOf([{ text }])[0]?.includes('Stop or move'))
  const accounting = onMachine.machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
  const pool = (share: number) => facts({ machineAccounting: { ...accounting, details: { zspages: share * accounting.totalBytes } } })
  test('a pool in the RAM itself makes another advice', () => {
    expect(saidIn({ statement: main(facts())?.why ?? [] })).toContain('More swap only delays')
    expect(saidIn({ statement: main(facts({ machineAccounting: null }))?.why ?? [] })).toContain('More swap only delays')
    expect(main(facts())?.command).not.toContain('zramctl')
    expect(saidIn({ statement: main(pool(0.05))?.why ?? [] })).toContain('Compressed swap lies in the same RAM')
    expect(main(pool(0.05))).toMatchObject({ lookFirst: true, command: expect.stringContaining('zramctl') })
    expect(main(pool(0.049))?.command).not.toContain('zramctl')
    expect(advice(facts()).at(-1)).toMatchObject({ lookFirst: true, when: 'prevent' })
  })
  test('pressure is watched where the kernel tells it', () => {
    const dump = onMachine.dump as NonNullable<IncidentFacts['dump']>
    expect(advice(facts({ dump: { ...dump, release: '5.15.0' } })).at(-1)?.command).toBe('cat /proc/pressure/memory; vmstat 1 5')
    expect(advice(facts({ dump: { ...dump, release: '4.15.0' } })).at(-1)?.command).toBe('vmstat 1 5')
  })
  test('the two that hold the most; one of less than a twentieth of the first is not told', () => {
    const said = (second: number) => {
      const of = factsWith(
        killed(
          globalDump({}, {}, [
            { rss: 100_000, anon: 100_000 },
            { pid: 7, rss: second, anon: second, comm: 'clamd' },
          ]),
        ),
      )
      return saidIn(swapExhausted.evaluate({ ...of, swap: { totalBytes: 512 * MIB, freeBytes: 0 } } as never))
    }
    expect(said(5_000)).toContain('(java held 391 MiB, clamd 19.5 MiB, RAM and swap together)')
    expect(said(4_999)).toContain('(java held 391 MiB, RAM and swap together)')
    expect(said(5_000)).toContain('none of the 512 MiB of swap was free')
  })
  test('less than a MiB is none', () => {
    const left = (bytes: number) => saidIn(swapExhausted.evaluate(facts({ swap: { totalBytes: 512 * MIB, freeBytes: bytes } }) as never))
    expect(left(MIB - 1)).toContain('none of the 512 MiB')
    expect(left(MIB)).toContain('of 512 MiB of swap 1 MiB was free')
  })
  test('not where more of the RAM is in no counter than in the processes', () => {
    const hole = (hidden: number, anon: number) =>
      swapExhausted.evaluate({
        ...facts({ machineAccounting: { ...accounting, totalBytes: 1000 * MIB, unaccountedBytes: hidden * MIB } }),
        ...heldBy(onMachine, { anon, file: 1000 - anon }),
      } as never)
    expect(hole(300, 200)).not.toBeNull()
    expect(hole(301, 200)).toBeNull()
    expect(hole(400, 400)).not.toBeNull()
    expect(hole(401, 400)).toBeNull()
    expect(swapExhausted.evaluate(facts({ hadRoom: true }) as never)).toBeNull()
    const anon = (mib: number) => swapExhausted.evaluate({ ...facts(), ...heldBy(onMachine, { anon: mib, file: 100 - mib }) } as never)
    expect(anon(40)?.against).toBeNull()
    expect(anon(39.9)?.against).not.toBeNull()
  })
})
