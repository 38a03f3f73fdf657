import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { Incident } from '../../../src/model/incident.ts'
import { keepTheLog } from '../../../src/rules/advice/keep-log.ts'
import { groupNeed, presentLimit, processNeed } from '../../../src/rules/advice/need.ts'
import { quantity, roundDown, roundUp } from '../../../src/rules/advice/sizes.ts'
import { evenly, grows, rhythm } from '../../../src/rules/pattern/recurrence.ts'
import { forkCopyOnWrite } from '../../../src/rules/root-cause/fork-copy-on-write.ts'
import { kernelMemoryBug } from '../../../src/rules/root-cause/kernel-memory-bug.ts'
import { limitLoweredInPlace } from '../../../src/rules/root-cause/limit-lowered-in-place.ts'
import { pageCachePressure } from '../../../src/rules/root-cause/page-cache-pressure.ts'
import { runawayParallelism } from '../../../src/rules/root-cause/runaway-parallelism.ts'
import { swapExhausted } from '../../../src/rules/root-cause/swap-exhausted.ts'
import { unaccountedMemory } from '../../../src/rules/root-cause/unaccounted-memory.ts'
import { unknownCause } from '../../../src/rules/root-cause/unknown.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn } from '../facts-with.ts'
import { globalDump, inPod, instantAt, killed, makeDeath, makeIncident, memcgDump, NOON } from '../make-incident.ts'

const ask =
  (rule: { readonly evaluate: (facts: never) => unknown }) =>
  (incident: Incident, more: Partial<IncidentFacts> = {}): Omit<Answer, 'id'> | null =>
    rule.evaluate(factsWith(incident, more) as never) as Omit<Answer, 'id'> | null
const rows = (sizes: readonly number[], comm: string): RowFigures[] => sizes.map((rss, n) => ({ pid: 100 + n, rss, anon: rss, comm }))

describe('a fork', () => {
  const fork = ask(forkCopyOnWrite)
  const two = (a: number, b: number, comm = 'redis-server') => fork(killed(memcgDump({}, {}, rows([a, b], comm))))
  test('of half its parent’s size at least, which holds three tenths', () => {
    expect(two(10_000, 5_000)).not.toBeNull()
    expect(two(10_000, 4_999)).toBeNull()
    expect(two(6_144, 6_144)).not.toBeNull()
    expect(two(6_143, 6_143)).toBeNull()
    expect(two(10_000, 9_000, 'gunicorn')).toBeNull()
    expect(two(10_000, 9_000, 'valkey-server')).not.toBeNull()
    expect(fork(killed(memcgDump({}, {}, rows([8_000, 8_000, 900], 'redis-server'))))).toBeNull()
    expect(saidIn(two(10_240, 5_120))).toContain('(40 MiB and 20 MiB)')
  })
})

describe('hundreds of one name', () => {
  const runaway = ask(runawayParallelism)
  const of = (count: number, each: number) =>
    runaway(
      killed(
        memcgDump(
          {},
          {},
          rows(
            Array.from({ length: count }, () => each),
            'make',
          ),
        ),
      ),
    )
  test('a hundred at least, three tenths of what was in use; seven tenths: sure', () => {
    expect(of(100, 144)?.confidence).toBe('high')
    expect(of(99, 144)).toBeNull()
    expect(of(100, 143)?.confidence).toBe('medium')
    expect(of(100, 62)?.confidence).toBe('medium')
    expect(of(100, 61)).toBeNull()
    expect(saidIn(of(100, 128))).toContain('100 processes named make ran at once and held 50 MiB')
  })
})

describe('a limit below what was in use', () => {
  const lowered = ask(limitLoweredInPlace)
  const used = (kb: number, limit = 100_000) => lowered(inPod(memcgDump({ memory: counter(kb, limit) })))
  test('a twentieth above it', () => {
    expect(used(105_000)).toMatchObject({ confidence: 'medium' })
    expect(used(104_999)).toBeNull()
    expect(saidIn(used(204_800, 102_400))).toContain('used 200 MiB, more than its limit of 100 MiB')
    expect(lowered(inPod(memcgDump({ memory: counter(105_000, 100_000) }), {}, { killer: 'earlyoom' }))).toBeNull()
  })
})

describe('kernel memory of old kernels', () => {
  const bug = ask(kernelMemoryBug)
  const of = (kb: number, release: string) => bug(killed(memcgDump({ release, kmem: counter(kb, null), memory: counter(80_000, 81_920) })))
  test('three tenths of the group, by kernels 3 and 4', () => {
    expect(of(24_000, '3.10.0-957.el7.x86_64')).toMatchObject({ confidence: 'medium' })
    expect(of(23_999, '3.10.0-957.el7.x86_64')).toBeNull()
    expect(of(24_000, '4.19.0')).not.toBeNull()
    expect(of(24_000, '5.4.0')).toBeNull()
    expect(of(24_000, '2.6.32-754.el6')).toBeNull()
    expect(of(0, '3.10.0')).toBeNull()
  })
})

describe('page cache', () => {
  const cache = ask(pageCachePressure)
  const of = (file: number, anon: number, more = {}, own = 1) =>
    cache(inPod(memcgDump({}, { anon: anon * MIB, file: file * MIB, shmem: 0, kernel: 4 * MIB, ...more }), {}, { anonRssBytes: own * MIB }))
  test('two fifths of what was held, and the most', () => {
    expect(of(32.1, 31)).not.toBeNull()
    expect(of(31.9, 30)).toBeNull()
    expect(of(34, 35)).toBeNull()
    expect(saidIn(of(60, 9))).toContain('60 MiB, 75 % of what')
    // Not counted is not clean; less than a tenth that is dirty holds nothing up.
    expect(saidIn(of(60, 9))).not.toMatch(/clean|dirty/)
    expect(saidIn(of(60, 9, { file_dirty: 5 * MIB }))).toContain('clean pages would have been dropped first')
    expect(saidIn(of(60, 9, { file_dirty: 6 * MIB }))).toContain('6 MiB of it dirty or being written')
    expect(saidIn(of(60, 9, { file_dirty: 30 * MIB, file_writeback: 8 * MIB }))).toContain('38 MiB of it dirty or being written')
    expect(saidIn(of(60, 20, {}, 11.9))).toContain('itself held only 11.9 MiB')
    expect(saidIn(of(60, 20, {}, 12))).not.toContain('itself held')
  })
})

describe('swap', () => {
  const swap = ask(swapExhausted)
  const machine = killed(globalDump())
  const left = (totalMib: number, freeMib: number, more: Partial<IncidentFacts> = {}) =>
    swap(machine, { swap: { totalBytes: totalMib * MIB, freeBytes: freeMib * MIB }, ...more })
  test('full at a hundredth of it, at 16 MiB, or at a tenth of a small one', () => {
    expect([left(4000, 40), left(4000, 40.1)].map((one) => one !== null)).toEqual([true, false])
    expect([left(1000, 16), left(1000, 16.1)].map((one) => one !== null)).toEqual([true, false])
    expect([left(100, 10), left(100, 10.1)].map((one) => one !== null)).toEqual([true, false])
    expect(left(0, 0)).toBeNull()
    expect(left(512, 3)?.confidence).toBe('medium')
    expect(saidIn(left(512, 3))).toContain('of 512 MiB of swap 3 MiB was free')
    expect(saidIn(left(512, 3))).toMatch(/\(java held .*, RAM and swap together\)/)
    expect(swap(inPod(memcgDump()), { swap: { totalBytes: 9, freeBytes: 0 } })).toBeNull()
  })
  test('where less than two fifths were the processes’ own, that speaks against it', () => {
    const of = (anon: number) =>
      swap(killed(globalDump({}, { active_anon: anon, inactive_anon: 0, shmem: 0 }, [{ rss: 9_000, anon: 9_000 }])), {
        swap: { totalBytes: 512 * MIB, freeBytes: 0 },
      })
    const used = (factsWith(machine).composition?.usedBytes ?? 0) / 4096
    // With less of its memory known than that a hole would explain it better.
    const hidden = of(Math.floor(used * 0.3))
    expect(hidden).toBeNull()
    expect(of(Math.floor(used * 0.9))?.against).toBeNull()
  })
  test('a pool in the RAM itself from a twentieth of it on', () => {
    const accounting = factsWith(machine).machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
    const pool = (share: number) =>
      saidIn(
        left(512, 0, { machineAccounting: { ...accounting, details: { ...accounting.details, zspages: share * accounting.totalBytes } } }),
      )
    expect(pool(0.05)).toContain('compressed (zram or zswap)')
    expect(pool(0.049)).not.toContain('compressed')
  })
})

describe('memory in no counter', () => {
  const hole = ask(unaccountedMemory)
  const machine = killed(globalDump())
  const accounting = factsWith(machine).machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
  const of = (share: number, anon = 0.5, balloon = 0) =>
    hole(machine, {
      machineAccounting: {
        ...accounting,
        unaccountedBytes: share * accounting.totalBytes,
        classes: [{ id: 'anon', kernelName: 'anon', bytes: anon * accounting.totalBytes }],
        details: { balloon: balloon * accounting.totalBytes },
      },
    })
  test('fifteen hundredths, beside processes that hold seven tenths at most', () => {
    expect(of(0.15)).toMatchObject({ confidence: 'medium' })
    expect(of(0.149)).toBeNull()
    expect(of(0.2, 0.7)).not.toBeNull()
    expect(of(0.2, 0.71)).toBeNull()
    expect(saidIn(of(0.25))).toContain('(25 %) of the memory is in no counter of the report')
    expect(saidIn(of(0.4, 0.5, 0.2))).toMatch(/The hypervisor's balloon had taken .* \(20 %\)/)
    expect(saidIn(of(0.4, 0.5, 0.19))).not.toContain("The hypervisor's balloon had taken")
  })
})

describe('how deaths follow each other', () => {
  test('evenly: within fifteen hundredths of the mean', () => {
    expect(evenly([85, 100, 115])).toBe(100)
    expect(evenly([84, 100, 116])).toBeNull()
    expect(evenly([])).toBeNull()
    expect(evenly([0, 0])).toBeNull()
  })
  test('grows: a fiftieth from one to the next', () => {
    expect(grows([100, 102, 105])).toBe(true)
    expect(grows([100, 101.9])).toBe(false)
    expect(grows([100])).toBe(false)
    expect(grows([100, 120, 119])).toBe(false)
  })
  test('the rhythm is told', () => {
    const said = (gaps: (number | null)[], every: number | null = null) =>
      plainPhrase(rhythm({ areBeside: false, gaps, every, deaths: [], lives: [], sizes: [] }))
    expect(said([60, 60], 60)).toBe(', every 1 min')
    expect(said([60], 60)).toBe(', 1 min apart')
    expect(said([60, 600])).toBe(', 1 min to 10 min apart')
    expect(said([null, 600])).toBe(', 10 min apart')
    expect(said([null])).toBe('')
    // To the minute where it is hours.
    expect(said([3629], 3629)).toBe(', 1 h apart')
    expect(rhythm({ areBeside: false, gaps: [3599], every: 3599, deaths: [], lives: [], sizes: [] })).toContainEqual({ seconds: 3599 })
  })
})

describe('sizes to set', () => {
  test.each([
    [60, 64, 56],
    [64, 64, 64],
    [65, 96, 64],
    [256, 256, 256],
    [257, 384, 256],
    [1024, 1024, 1024],
    [1025, 1280, 1024],
    [4097, 4608, 4096],
    [16_385, 17_408, 16_384],
    [65_537, 69_632, 65_536],
    [7, 8, 0],
  ])('%d MiB: up to %d, down to %d', (mib, up, down) => {
    expect([roundUp(mib * MIB) / MIB, roundDown(mib * MIB) / MIB]).toEqual([up, down])
  })
  test('as Kubernetes takes them', () => {
    expect([2048 * MIB, 1536 * MIB, 1.5 * MIB, 1025].map(quantity)).toEqual(['2Gi', '1536Mi', '1536Ki', '2Ki'])
  })
  test('the limit at the last kill, and the most that was held at any', () => {
    const at = (seconds: number, kb: number, swap = 0) =>
      makeDeath(memcgDump({ memory: counter(kb, kb), swap: counter(swap, null) }), { at: instantAt(seconds), eventKey: `r${seconds}` })
    const facts = factsWith(makeIncident({ kills: [at(0, 102_400), at(60, 204_800, 10_240), at(120, 153_600)] }))
    expect(presentLimit(facts)).toBe(150 * MIB)
    expect(groupNeed(facts)).toEqual({ bytes: 210 * MIB, swapBytes: 10 * MIB, floor: true })
    const v1 = memcgDump({ swap: null, memorySwap: counter(92_160, null), memory: counter(81_920, 81_920) })
    expect(groupNeed(factsWith(killed(v1)))).toMatchObject({ bytes: 90 * MIB, swapBytes: 10 * MIB })
    const rowsOnly = memcgDump({ swap: null }, {}, [
      { rss: 9_000, swap: 256 },
      { pid: 7, rss: 9, swap: 512 },
    ])
    expect(groupNeed(factsWith(killed(rowsOnly)))).toMatchObject({ bytes: 83 * MIB, swapBytes: 3 * MIB })
    expect(groupNeed(factsWith(killed(globalDump())))).toBeNull()
  })
  test('what one process held, with shared memory, page tables and swap', () => {
    const facts = factsWith(
      killed(globalDump(), {}, { anonRssBytes: 100 * MIB, shmemRssBytes: 8 * MIB, pgtablesBytes: MIB, swapBytes: 4 * MIB }),
    )
    expect(processNeed(facts)).toEqual({ bytes: 113 * MIB, swapBytes: 4 * MIB, floor: false })
    expect(processNeed(factsWith(makeIncident({ kills: [makeDeath(null)] })))).toBeNull()
  })
})

describe('where no cause is known', () => {
  test('the log is saved from two minutes before to two after', () => {
    const [saved] = keepTheLog(factsWith(makeIncident({ kills: [makeDeath(null)] })))
    expect(saved?.command).toBe(`journalctl -k --since=@${NOON / 1e6 - 120} --until=@${NOON / 1e6 + 120} -o short-precise --no-pager`)
    const [timeless] = keepTheLog(factsWith(makeIncident({ kills: [makeDeath(null, { at: { ...instantAt(0), epochUs: null } })] })))
    expect(timeless?.command).toContain('-k -b all')
    expect(keepTheLog(factsWith(makeIncident({ kills: [makeDeath(null, { killer: 'kubelet' })] })))).toEqual([])
    expect(keepTheLog(factsWith(makeIncident({})))).toEqual([])
  })
  test('a kill by the kernel used memory up; of others nothing is said', () => {
    const said = (killer: 'kernel' | 'unknown') =>
      saidIn(unknownCause.evaluate(factsWith(makeIncident({ kills: [makeDeath(null, { killer })] })) as never) as never)
    expect(said('kernel')).toContain('why the memory was used up')
    expect(said('unknown')).toContain('The root cause cannot be told')
  })
})
