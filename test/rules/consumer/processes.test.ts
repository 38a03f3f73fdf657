import { describe, expect, test } from 'vitest'
import type { Composition, IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { manyProcesses } from '../../../src/rules/consumer/many-processes.ts'
import { processConsumer } from '../../../src/rules/consumer/process.ts'
import { isAnonymous, isOneOfTwo, largestShare, surelyHolds } from '../../../src/rules/consumer/process-share.ts'
import type { RowFigures } from '../../kernel/make-dump.ts'
import { MIB } from '../facts-with.ts'
import { makeDeath, memcgDump } from '../make-incident.ts'
import { factsOn, holder, holding, linesOf, told } from './holding.ts'

const machine = { scope: 'machine' as const }

describe('what is held as processes’ own', () => {
  const is = (id: Composition['main']['id'], more: Partial<Composition> = {}) => isAnonymous(holding(id, 60, more))
  test('anonymous memory, and the lists of old kernels', () => {
    expect([is('anon'), is('file'), is('other'), is('other', machine), is('other', { scope: 'part' })]).toEqual([
      true,
      false,
      false,
      true,
      true,
    ])
    expect(is('anon', { unprintedBytes: 60 * MIB })).toBe(false)
  })
  test('two of about one size', () => {
    const two = (first: number | null, second: number | null, swap = 0) =>
      isOneOfTwo(
        holding('anon', 60, {
          largest: first === null ? null : holder(first),
          second: second === null ? null : holder(second, { swapBytes: swap * MIB }),
        }),
      )
    expect([two(100, 67), two(100, 66), two(100, 60, 7), two(null, 67), two(100, null)]).toEqual([true, false, true, false, false])
  })
  test('of a part of the machine what the rest has no place for', () => {
    const surely = (wholeMib: number | null, size = 60, more: Partial<Composition> = { scope: 'part' }) => {
      const held = holding('anon', 60, { largest: holder(size), ...more })
      const classes = wholeMib === null ? [] : [{ id: 'anon', bytes: wholeMib * MIB }]
      const facts = factsOn(held, { machineAccounting: { classes } as never })
      return surelyHolds(facts, held, { bytes: 60 * MIB } as never)
    }
    expect([surely(90), surely(91), surely(60), surely(50, 30), surely(50, 29), surely(null)]).toEqual([
      true,
      false,
      true,
      true,
      false,
      false,
    ])
    expect(surely(90, 60, { scope: 'part', largest: null })).toBe(true)
    expect(surely(null, 60, { scope: 'memcg' })).toBe(true)
    const held = holding('anon', 60, { scope: 'part' })
    expect(surelyHolds(factsOn(held, { machineAccounting: null }), held, { bytes: 60 * MIB } as never)).toBe(false)
  })
})

describe('the largest process', () => {
  const share = (more: Partial<Composition> = {}, facts: Partial<IncidentFacts> = {}) => {
    const held = holding('anon', 60, more)
    const found = largestShare(factsOn(held, { dump: memcgDump({}, {}, [{ rss: 1 }]), ...facts }), held)
    return found === null
      ? null
      : [found.bytes / MIB, found.swapBytes / MIB, Math.round(100 * found.ofAnon), Math.round(100 * found.ofUsed)]
  }
  test('from the table, against all anonymous memory with what was swapped', () => {
    expect(share()).toEqual([60, 0, 100, 60])
    expect(share({ largest: holder(30) })).toEqual([30, 0, 50, 30])
    const swapped = {
      dump: memcgDump({}, {}, [
        { rss: 1, swap: 20 * 256 },
        { rss: 1, pid: 7, swap: 20 * 256 },
      ]),
    }
    expect(share({ largest: holder(30, { swapBytes: 20 * MIB }) }, swapped)).toEqual([30, 20, 50, 30])
    expect(share({ largest: holder(60) }, { dump: null })).toEqual([60, 0, 100, 60])
    const much = { dump: memcgDump({}, {}, [{ rss: 1, swap: 90 * 256 }]) }
    expect(share({ largest: holder(30, { swapBytes: 90 * MIB }) }, much)).toEqual([30, 90, 80, 30])
    expect(share({ usedBytes: 0, main: { id: 'anon', bytes: 0, share: 0 }, largest: holder(9) }, { dump: null })).toEqual([9, 0, 0, 0])
  })
  test('holds no more than there is, unless its own figure says so', () => {
    expect(share({ largest: holder(70) })?.[0]).toBe(70)
    expect(share({ largest: holder(70, { exact: false }) })?.[0]).toBe(60)
    expect(share({ largest: holder(70), scope: 'part' })?.[0]).toBe(60)
    expect(share({ largest: holder(70) })?.[2]).toBe(100)
  })
  test('else the victim, by its kill line or its killer’s', () => {
    const victim = (death: object, more: Partial<Composition> = {}) => share({ largest: null, ...more }, { kill: makeDeath(null, death) })
    expect(victim({ anonRssBytes: 30 * MIB })).toEqual([30, 0, 50, 30])
    expect(victim({ anonRssBytes: 130 * MIB })).toEqual([100, 0, 100, 100])
    expect(victim({ anonRssBytes: null })).toBeNull()
    expect(victim({ anonRssBytes: 30 * MIB, pid: null })).toBeNull()
    expect(victim({ anonRssBytes: null, event: { kind: 'userspace-kill', rssBytes: 30 * MIB } })).toEqual([30, 0, 50, 30])
    expect(victim({ anonRssBytes: null, event: { kind: 'object-event', rssBytes: 30 * MIB } })).toBeNull()
    expect(share({ largest: null }, { kill: null })).toBeNull()
    expect(victim({ anonRssBytes: 30 * MIB }, { usedBytes: 0, main: { id: 'anon', bytes: 0, share: 0 } })).toEqual([0, 0, 0, 0])
  })
})

describe('one process', () => {
  const one = (mib: number, more: Partial<Composition> = {}, facts: Partial<IncidentFacts> = {}) =>
    told(processConsumer, factsOn(holding('anon', mib, { largest: holder(mib), ...more }), facts))
  test('that held half of all anonymous memory and more', () => {
    expect(one(60)).toEqual(['high', 'java (PID 100) held 60 MiB of memory of its own, 60 % of the 100 MiB in use.', null])
    expect(one(60, { largest: holder(30) })).not.toBeNull()
    expect(one(60, { largest: holder(29.9) })).toBeNull()
    expect(one(60, { second: holder(41, { pid: 7 }) })).toBeNull()
    expect(one(60, { second: holder(40, { pid: 7 }) })).not.toBeNull()
    expect(told(processConsumer, factsOn(holding('file', 60)))).toBeNull()
  })
  test('by the kill, its row and the counter', () => {
    const lines = linesOf(processConsumer, factsOn(holding('anon', 60)))
    expect(lines).toEqual([expect.stringContaining('Killed process'), '[ 100] java', 'anon 77594624', 'a line of role memory'])
  })
  test('how sure: by its share of what was in use', () => {
    expect([34, 35, 49, 50].map((mib) => one(mib)?.[0])).toEqual(['low', 'medium', 'medium', 'high'])
  })
  test('of a machine by its memory, else by its use, then at most medium', () => {
    const of = (mib: number, totalMib: number) => one(mib, { ...machine, totalBytes: totalMib * MIB })
    expect(of(60, 120)?.[0]).toBe('high')
    expect(of(60, 121)?.[0]).toBe('medium')
    expect(of(34, 200)?.[0]).toBe('low')
    expect(of(60, 120)?.[1]).toContain('50 % of the 120 MiB that the machine can use')
  })
  test('what it has in swap counts with it', () => {
    const swapped = { dump: memcgDump({}, {}, [{ rss: 1, swap: 20 * 256 }]) }
    expect(one(60, { largest: holder(30, { swapBytes: 20 * MIB }) }, swapped)).toEqual([
      'medium',
      'java (PID 100) held 30 MiB of memory of its own and 20 MiB in swap, 30 % of the 100 MiB in use.',
      null,
    ])
    expect(one(60, { largest: holder(31) })?.[0]).toBe('low')
  })
  test('no high without figures, a report, or a part that it surely held', () => {
    expect(one(59, { from: 'tasks' })?.[0]).toBe('medium')
    expect(one(60, { from: 'tasks' })?.[0]).toBe('high')
    expect(one(60, {}, { dump: null })?.[0]).toBe('medium')
    expect(one(60, {}, { kill: makeDeath(null) })?.[0]).toBe('medium')
    expect(one(60, {}, { kill: null })?.[0]).toBe('high')
    expect(one(60, { scope: 'part', totalBytes: 100 * MIB }, { machineAccounting: null })?.[0]).toBe('medium')
    expect(one(34, { from: 'tasks' })?.[0]).toBe('low')
  })
  test('beside an eviction the figures are a later kill’s', () => {
    const by = (killer: 'kubelet' | 'kernel') => one(60, {}, { kill: makeDeath(memcgDump(), { killer }) })?.[1]
    expect(by('kubelet')).toContain("in use, by the kernel's report of a later kill.")
    expect(by('kernel')).not.toContain('later kill')
  })
})

describe('many processes', () => {
  const rows = (mib: number, swap = 0): RowFigures[] => [
    { rss: (mib / 2) * 256, comm: 'web' },
    { rss: (mib / 2) * 256, pid: 7, comm: 'web', swap: swap * 256 },
  ]
  const many = (more: Partial<Composition> = {}, facts: Partial<IncidentFacts> = {}, mib = 60) =>
    told(
      manyProcesses,
      factsOn(
        holding('anon', 60, {
          largest: holder(20),
          second: holder(10, { pid: 7, comm: 'web' }),
          processes: 9,
          groups: [{ comm: 'java', count: 1, bytes: 20 * MIB }],
          ...more,
        }),
        { dump: memcgDump({ tasksComplete: true } as never, {}, rows(mib)), ...facts },
      ),
    )
  test('of which none held half', () => {
    expect(many()).toEqual([
      'high',
      '9 processes together held 60 MiB of memory of their own, 60 % of the 100 MiB in use; the largest are java with 20 MiB and web with 10 MiB.',
      null,
    ])
    expect(many({ second: null })?.[1]).toContain('; the largest, java, held 20 MiB.')
    expect(many({ largest: holder(29.9) })).not.toBeNull()
    expect(many({ largest: holder(30) })).toBeNull()
    expect(many({ largest: holder(30), second: holder(29, { pid: 7 }) })).not.toBeNull()
    expect(many({ processes: 1 })).toBeNull()
    expect(many({ processes: 2 })).not.toBeNull()
    expect(many({ groups: [] })).toBeNull()
    expect(many({ largest: null }, { kill: null })).toBeNull()
    expect(told(manyProcesses, factsOn(holding('file', 60, { processes: 9 })))).toBeNull()
  })
  test('by the counter, the row of the largest and the kill', () => {
    const dump = memcgDump({ tasksComplete: true } as never, {}, rows(60))
    const held = holding('anon', 60, { largest: holder(20), processes: 9, groups: [{ comm: 'java', count: 1, bytes: 20 * MIB }] })
    expect(linesOf(manyProcesses, factsOn(held, { dump }))).toEqual([
      'anon 77594624',
      '[ 100] java',
      expect.stringContaining('Killed process'),
      'a line of role memory',
      'a line of role tableHead',
    ])
  })
  test('whose table explains half of it and more', () => {
    expect([many({}, {}, 30), many({}, {}, 29)].map((one) => one !== null)).toEqual([true, false])
    const swapped = (swap: number) => many({}, { dump: memcgDump({ tasksComplete: true } as never, {}, rows(20, swap)) }) !== null
    expect([swapped(10), swapped(9)]).toEqual([true, false])
    expect(many({}, { dump: null })).toBeNull()
  })
  test('of one name, by what they have resident, or hold alone', () => {
    const crowd = (mib: number, comm = 'web') => many({ groups: [{ comm, count: 2, bytes: 50 * MIB }] }, {}, mib)?.[1]
    expect(crowd(80)).toContain('; 2 processes named web had 80 MiB resident together.')
    expect(crowd(100)).toContain('had 100 MiB resident together')
    expect(crowd(102)).toContain('; 2 processes named web held 50 MiB of it.')
    expect(crowd(80, 'other')).toContain('had 0 B resident')
    const numbered = memcgDump({ tasksComplete: true } as never, {}, [
      { rss: 40 * 256, comm: 'web-1' },
      { rss: 20 * 256, pid: 7, comm: 'web-2' },
      { rss: 9 * 256, pid: 8, comm: 'we' },
    ])
    expect(many({ groups: [{ comm: 'web*', count: 2, bytes: 50 * MIB }] }, { dump: numbered })?.[1]).toContain('had 60 MiB resident')
  })
  test('no high of a cut table, of a part of the machine, or without figures', () => {
    expect(many({}, { dump: memcgDump({ tasksComplete: false } as never, {}, rows(60)) })?.[0]).toBe('medium')
    expect(many({ from: 'tasks' })?.[0]).toBe('medium')
    const part = { scope: 'part' as const, totalBytes: 100 * MIB }
    expect(many(part)?.[0]).toBe('high')
    expect(many({ ...part, largest: holder(30), second: holder(29, { pid: 7, comm: 'web' }) })).toEqual([
      'medium',
      'Memory of processes took 60 MiB, 60 % of the 100 MiB that the request could use; on the whole machine the largest are java with 30 MiB and web with 29 MiB: how much of each lay there is not printed.',
      null,
    ])
    expect(
      many(
        { main: { id: 'anon', bytes: 60 * MIB, share: 0.34 } },
        { dump: memcgDump({ tasksComplete: false } as never, {}, rows(60)) },
      )?.[0],
    ).toBe('low')
    expect(many({ ...machine })?.[1]).toContain('30 % of the 200 MiB that the machine can use')
  })
})
