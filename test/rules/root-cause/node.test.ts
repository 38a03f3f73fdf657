import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { ZoneState } from '../../../src/model/figures.ts'
import { isMostlyFree, machineState } from '../../../src/rules/limit/machine.ts'
import { entitledGiant, giantOf, unclaimedOf } from '../../../src/rules/root-cause/claims.ts'
import { courseOfNode, riseOnNode, swapByCurve } from '../../../src/rules/root-cause/node-curve.ts'
import {
  evictedShare,
  isGlobalKill,
  isHostVictim,
  isMemcgKill,
  isOwnLimit,
  isStatusOnly,
  lifetimeSeconds,
  longLife,
  shareOf,
  shareOfHolder,
} from '../../../src/rules/root-cause/signs.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote, type RowFigures } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, HOUR, MIB, makeZone, saidIn } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  NOON,
} from '../make-incident.ts'
import { evicted } from '../root-cause-cases.ts'

const machine = killed(globalDump())
const facts = (more: Partial<IncidentFacts> = {}, incident = machine): IncidentFacts => factsWith(incident, more)
const total = facts().machineAccounting?.totalBytes ?? 0

describe('a machine’s own curve', () => {
  const left = (samples: readonly (readonly [number, number])[], more = {}) =>
    curveOf(samples, { of: 'node', metric: 'available', name: 'node-1', ...more })
  const course = (last: number, more = {}) =>
    plainPhrase(
      courseOfNode(
        facts({
          curves: [
            left(
              [
                [2 * HOUR, 400],
                [0, last],
              ],
              more,
            ),
          ],
        }),
      ),
    )
  test('what was left is told where it fell below seven tenths', () => {
    expect(course(279)).toContain('had left went from 400 MiB to 279 MiB within 2 h')
    expect(course(280)).toBe('')
    expect(course(100, { metric: 'free' })).toContain('to 100 MiB')
    expect(course(100, { metric: 'swap-free' })).toBe('')
    expect(course(100, { of: 'container' })).toBe('')
  })
  test('a gap before the kill says nothing: three intervals, or ten minutes', () => {
    expect(course(100, { unseenUs: 600e6 })).not.toBe('')
    expect(course(100, { unseenUs: 601e6 })).toBe('')
    expect(course(100, { unseenUs: 900e6, intervalUs: 300e6 })).not.toBe('')
    expect(course(100, { unseenUs: 901e6, intervalUs: 300e6 })).toBe('')
    expect(course(100, { intervalUs: null })).toBe('')
  })
  test('free swap is gone at a twentieth, and its fall begins where nine tenths were last there', () => {
    const swap = (last: number, count = 6, begin = 1000) =>
      swapByCurve(
        facts({
          curves: [
            left(
              [
                [5 * HOUR, begin],
                [4 * HOUR, begin],
                [3 * HOUR, begin * 0.9],
                [2 * HOUR, begin * 0.89],
                [HOUR, begin * 0.5],
                [0, last],
              ].slice(6 - count) as [number, number][],
              { metric: 'swap-free' },
            ),
          ],
        }),
      )
    expect(saidIn(swap(50))).toBe('Its free swap went from 1000 MiB to 50 MiB within 3 h')
    expect(swap(51)).toBeNull()
    expect(swap(0, 5)).toBeNull()
    expect(swap(0, 6, 0)).toBeNull()
    expect(swap(50)?.quotes.map(({ text }) => text)).toEqual(['first sample', 'second sample'])
  })
})

describe('whose the rise was', () => {
  const rise = (name: string, riseMib: number, lastMib = riseMib) => ({
    name,
    container: name,
    riseBytes: riseMib * MIB,
    lastBytes: lastMib * MIB,
    quote: quote(`sample of ${name}`),
  })
  const told = (rises: ReturnType<typeof rise>[], more: Partial<IncidentFacts> = {}) =>
    riseOnNode(facts({ rises: { node: rises, pod: [] }, ...more }))
  test('six tenths of it are one container’s alone', () => {
    const alone = told([rise('a', 120), rise('b', 40), rise('c', 40)])
    expect(alone).toMatchObject({ alone: true, name: 'a' })
    expect(saidIn(alone)).toContain('a alone took 60 % of the 200 MiB')
    expect(alone?.quotes.map(({ text }) => text)).toEqual(['sample of a', 'sample of b', 'sample of c'])
    expect(told([rise('a', 119), rise('b', 41), rise('c', 40)])).toBeNull()
  })
  test('less than nine twentieths are nobody’s, where all together hold most of the machine', () => {
    const held = total / MIB
    const many = (first: number, last: number) =>
      told([rise('a', first, last), rise('b', (200 - first) / 2, 0), rise('c', (200 - first) / 2, 0)])
    expect(many(90, held * 0.61)).toMatchObject({ alone: false, name: 'a' })
    expect(saidIn(many(90, held * 0.61))).toContain('together by 200 MiB, 3 containers at once; the one that grew most, a, took 45 % of it')
    expect(many(91, held * 0.61)).toBeNull()
    expect(many(90, held * 0.59)).toBeNull()
    expect(told([rise('a', 80, held), rise('b', 120)])).toBeNull()
    expect(told([rise('a', 120), rise('b', 80)])).toBeNull()
  })
  test('two that grew and one that did not are no crowd, but one of three can be alone', () => {
    expect(told([rise('a', 90, total / MIB), rise('b', 110), rise('c', -5)])).toBeNull()
    expect(told([rise('a', 150), rise('b', 50), rise('c', 0)])?.alone).toBe(true)
    expect(told([rise('a', 0), rise('b', 0), rise('c', 0)])).toBeNull()
  })
  test('a twentieth of the machine at least', () => {
    const small = (share: number) => told([rise('a', (total * share) / MIB), rise('b', 0), rise('c', 0)])
    expect(small(0.051)).not.toBeNull()
    expect(small(0.049)).toBeNull()
  })
  test('the machine’s size may come from elsewhere', () => {
    const three = [rise('a', 120), rise('b', 40), rise('c', 40)]
    const sized = (mib: number) => ({ machineAccounting: null, meminfo: { MemTotal: { value: mib * MIB, quote: null } } })
    expect(told(three, sized(4000))?.alone).toBe(true)
    expect(told(three, sized(4001))).toBeNull()
    expect(told(three, { machineAccounting: null })?.alone).toBe(true)
    expect(told([rise('a', 80, 900), rise('b', 60), rise('c', 60)], { machineAccounting: null })).toBeNull()
  })
})

describe('who is to blame though another died', () => {
  const giant = (pages: number, row: Partial<RowFigures> = {}) =>
    inPod(
      globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000, inactive_anon: 2_000 }, [
        { rss: 9_000, anon: 9_000, comm: 'java', adj: 1000 },
        { pid: 7, rss: pages, anon: pages, comm: 'backupd', adj: -900, ...row },
      ]),
    )
  const used = (factsWith(giant(1000)).composition?.usedBytes ?? 0) / 4096
  test('a fifth of what was held is a material part', () => {
    expect(giantOf(factsWith(giant(Math.ceil(used * 0.2))))).toMatchObject({ adj: -900, by: 'own' })
    expect(giantOf(factsWith(giant(Math.floor(used * 0.2) - 1)))).toBeNull()
    // Its swap counts with it.
    expect(giantOf(factsWith(giant(Math.ceil(used * 0.1), { swap: Math.ceil(used * 0.11) })))?.bytes).toBeGreaterThan(used * 0.2 * 4096)
  })
  test('daemons of the host and the sandbox are shielded rightly', () => {
    for (const comm of ['kubelet', 'sshd', 'systemd-journal', 'pause']) expect(giantOf(factsWith(giant(150_000, { comm })))).toBeNull()
  })
  test.each([
    [-997, 'kubelet'],
    [-998, 'kubelet'],
    [2, 'burstable'],
    [-900, 'own'],
    [0, 'own'],
  ] as const)('an adjustment of %i is by %s', (adj, by) => {
    expect(giantOf(factsWith(giant(150_000, { adj })))?.by).toBe(by)
  })
  test('within the request that its adjustment stands for it is entitled to what it held', () => {
    const capacity = total
    const held = 150_000 * 4096
    // adj = 1000 − k: the request is below (k + 1) thousandths of the machine.
    const k = Math.ceil((held / capacity) * 1000)
    expect(giantOf(factsWith(giant(150_000, { adj: 1000 - k })))).toBeNull()
    expect(giantOf(factsWith(giant(150_000, { adj: 1000 - k + 2 })))?.by).toBe('burstable')
    const entitled = entitledGiant(factsWith(giant(150_000, { adj: 1000 - k })))
    expect(entitled).toMatchObject({ bytes: held, adj: 1000 - k })
    expect(entitled?.request.maxBytes).toBeGreaterThanOrEqual(held)
    expect(entitledGiant(factsWith(giant(150_000, { adj: 1000 - k + 2 })))).toBeNull()
    expect(entitledGiant(factsWith(giant(Math.floor(used * 0.2) - 1, { adj: 3 })))).toBeNull()
    expect(entitledGiant(factsWith(giant(Math.ceil(used * 0.2), { adj: 3 })))).not.toBeNull()
  })
  test('without figures it must hold half of the table, and 256 MiB', () => {
    const bare = (pages: number, victim = 9_000) =>
      giantOf(
        factsWith(
          inPod(
            globalDump({ taskMemcg: CONTAINER_PATH, memInfo: null }, {}, [
              { rss: victim, anon: victim, adj: 1000 },
              { pid: 7, rss: pages, anon: pages, comm: 'backupd', adj: -900 },
            ]),
          ),
          { composition: null, scores: factsWith(giant(pages)).scores },
        ),
      )
    expect(bare(65_536)?.share).toBeNull()
    expect(bare(65_535)).toBeNull()
    expect(bare(70_000, 70_000)).not.toBeNull()
    expect(bare(70_000, 70_001)).toBeNull()
  })

  const crowd = (...pages: number[]) =>
    killed(
      globalDump({}, { active_anon: 208_000 }, [
        ...pages.map((rss, n) => ({ pid: 200 + n, rss, anon: rss, comm: `job-${'abcde'[n]}`, adj: 1000 })),
        { pid: 9, rss: 60_000, anon: 60_000, comm: 'mysqld', adj: 999 },
      ]),
    )
  test('what asked for nothing counts from a fifth on, the largest names first', () => {
    const of = unclaimedOf(factsWith(crowd(20_000, 30_000, 5_000, 1_000)))
    expect(of).toMatchObject({ processes: 4, bytes: 56_000 * 4096, names: ['job-b', 'job-a', 'job-c'] })
    expect(of?.quotes.map(({ text }) => text)).toEqual(['[ 201] job-b', '[ 200] job-a', '[ 202] job-c'])
    expect(of?.share).toBeCloseTo((56_000 * 4096) / (factsWith(crowd(1)).composition?.usedBytes ?? 0), 5)
    const held = (factsWith(crowd(1)).composition?.usedBytes ?? 0) / 4096
    expect(unclaimedOf(factsWith(crowd(Math.ceil(held * 0.2))))).not.toBeNull()
    expect(unclaimedOf(factsWith(crowd(Math.floor(held * 0.2) - 1)))).toBeNull()
    // In a container's own limit all processes are its own.
    expect(unclaimedOf(factsWith(inPod(memcgDump({}, {}, [{ rss: 18_000, anon: 18_000, adj: 1000 }]))))).toBeNull()
    expect(
      unclaimedOf(factsWith(inPod(memcgDump({ oomMemcg: '/kubepods.slice' }, {}, [{ rss: 18_000, anon: 18_000, adj: 1000 }])))),
    ).not.toBeNull()
  })
})

describe('zones', () => {
  const zone = (more: Partial<ZoneState> = {}): ZoneState => makeZone({ headroomBytes: 2 * MIB, exhausted: false, ...more })
  const state = (...zones: ZoneState[]) => machineState(facts({ zones }))
  const rich = zone({ node: 1, freeBytes: 400 * MIB })
  test('dry is without headroom, or below the low watermark', () => {
    expect(state(zone())).toMatchObject({ allDry: true, dryNodes: [0], wealthy: [] })
    expect(state(zone({ freeBytes: 12 * MIB }))).toMatchObject({ allDry: false, dryNodes: [] })
    expect(state(zone({ freeBytes: 12 * MIB, exhausted: true }))?.allDry).toBe(true)
    expect(state(zone({ lowBytes: null }))?.allDry).toBe(false)
    expect(state(zone({ exhausted: null }))).toMatchObject({ allDry: null, dryNodes: [] })
    expect(state(zone({ freeBytes: null }))?.allDry).toBeNull()
  })
  test('one that is dry beside one that is not', () => {
    expect(state(zone(), rich)).toMatchObject({
      allDry: false,
      dryNodes: [0],
      wealthy: [{ node: 1, freeBytes: 400 * MIB, managedBytes: 1000 * MIB }],
    })
    expect(state(zone(), rich)?.dry).toHaveLength(1)
    expect(state(zone({ node: null }))?.dryNodes).toEqual([0])
  })
  test.each([
    ['a tenth of it', { freeBytes: 100 * MIB }, true],
    ['less', { freeBytes: 99 * MIB }, false],
    ['three times the high watermark', { sizeBytes: 200 * MIB, freeBytes: 48 * MIB }, true],
    ['less than that', { sizeBytes: 200 * MIB, freeBytes: 47 * MIB }, false],
    ['16 MiB', { sizeBytes: 100 * MIB, freeBytes: 16 * MIB, highBytes: MIB }, true],
    ['less than 16 MiB', { sizeBytes: 100 * MIB, freeBytes: 15.9 * MIB, highBytes: MIB }, false],
  ] as const)('wealthy is %s', (_, more, wealthy) => {
    expect(state(zone({ node: 1 }), zone(more))?.wealthy.map(({ node }) => node)).toEqual(wealthy ? [0] : [])
    const forbidden = state(zone(), zone({ ...more, usable: false, name: 'Movable' }))?.forbidden.map(({ name }) => name)
    expect(forbidden).toEqual(wealthy ? ['Movable'] : [])
  })
  test('a cut line without a size may be wealthy; a zone of size 0 and device memory are none', () => {
    expect(state(zone({ sizeBytes: null, freeBytes: 60 * MIB, usable: false }))?.forbidden).toHaveLength(1)
    expect(state(zone({ sizeBytes: 0, freeBytes: 60 * MIB, usable: false }))?.forbidden).toEqual([])
    expect(state(zone({ name: 'Device' }))).toMatchObject({ usable: [], allDry: null })
  })
  test('a sliver of the usable memory says nothing of the rest: a thirty-second', () => {
    expect(state(zone(), zone({ name: 'DMA', sizeBytes: 16 * MIB, freeBytes: 14 * MIB }))?.allDry).toBe(true)
    expect(state(zone(), zone({ name: 'DMA', sizeBytes: 64 * MIB, freeBytes: 14 * MIB }))?.allDry).toBe(false)
  })
  test('more than a quarter free, without areas of CMA, is no machine that ran out', () => {
    const free = (pages: number, cma = 0) =>
      isMostlyFree(
        factsWith(killed(globalDump({}, { free: pages, free_cma: cma, active_anon: 150_000 }, [{ rss: 100_000, anon: 100_000 }]))),
      )
    const quarter = total / 4096 / 4
    expect(free(Math.ceil(quarter) + 1)).toBe(true)
    expect(free(Math.floor(quarter))).toBe(false)
    expect(free(Math.ceil(quarter) + 1000, 1100)).toBe(false)
    expect(isMostlyFree(factsWith(inPod(memcgDump())))).toBe(false)
  })
})

describe('signs', () => {
  const memcg = inPod(memcgDump())
  test('who killed, at what', () => {
    const kinds = (incident: typeof memcg) => [isMemcgKill(factsWith(incident)), isGlobalKill(factsWith(incident))]
    expect(kinds(memcg)).toEqual([true, false])
    expect(kinds(machine)).toEqual([false, true])
    expect(kinds(inPod(memcgDump({ manual: true })))).toEqual([false, false])
    expect(kinds(killed(globalDump({ manual: true })))).toEqual([false, false])
    expect(kinds(inPod(memcgDump(), {}, { killer: 'earlyoom' }))).toEqual([false, false])
    expect(isStatusOnly(factsWith(memcg))).toBe(false)
    expect(isStatusOnly(factsWith(makeIncident({ kills: [makeDeath(null)] })))).toBe(true)
    expect(isStatusOnly(factsWith(makeIncident({ kills: [makeDeath(null, { killer: 'kubelet' })] })))).toBe(false)
  })
  test.each([
    [CONTAINER_PATH, true],
    ['/system.slice/api.service', true],
    ['/user.slice/user-1000.slice/session-3.scope', true],
    ['/system.slice', false],
    ['/kubepods.slice', false],
    ['/kubepods.slice/kubepods-burstable.slice', false],
  ])('whose limit %s is', (path, own) => {
    expect(isOwnLimit(factsWith(inPod(memcgDump({ oomMemcg: path }))))).toBe(own)
  })
  test('a pod’s limit is its one container’s own', () => {
    const pods = (count: number) => makePod(Array.from({ length: count }, (_, n) => makeContainer({ name: `c${n}`, limitBytes: null })))
    const of = (count: number) =>
      isOwnLimit(factsWith(inPod(memcgDump({ oomMemcg: CONTAINER_PATH.replace(/\/[^/]+$/, '') })), { pod: pods(count) }))
    expect([of(1), of(2)]).toEqual([true, false])
  })
  test('six hours are a long life', () => {
    const lived = (seconds: number, more: Partial<IncidentFacts> = {}) =>
      factsWith(memcg, { started: { value: NOON - seconds * 1e6, quote: null }, ...more })
    expect(lifetimeSeconds(lived(90))).toBe(90)
    expect(longLife(lived(6 * HOUR))).toBe(6 * HOUR)
    expect(longLife(lived(6 * HOUR - 1))).toBeNull()
    expect(lifetimeSeconds(factsWith(memcg))).toBeNull()
    expect(
      longLife(factsWith(makeIncident({ kills: [makeDeath(null, { comm: null })] }), { started: { value: NOON - 9e10, quote: null } })),
    ).toBeNull()
  })
  test('shares', () => {
    const held = inPod(memcgDump({}, { anon: 40 * MIB, file: 20 * MIB, shmem: 0, kernel: 20 * MIB, slab: 8 * MIB, pagetables: 2 * MIB }))
    expect(shareOf(factsWith(held), 'anon')).toBeCloseTo(0.5, 3)
    expect(shareOf(factsWith(held), 'anon', 'slab')).toBeCloseTo(0.6, 3)
    expect(shareOf(factsWith(held, { composition: null }), 'anon')).toBe(0)
    const swapped = killed(
      globalDump({}, { active_anon: 98_000 }, [
        { rss: 50_000, anon: 50_000, swap: 20_000 },
        { pid: 5, rss: 10, anon: 10, swap: 80_000 },
      ]),
    )
    const f = factsWith(swapped)
    const holder = f.composition?.largest
    if (holder == null) throw new Error('no holder')
    expect(holder.row.pid).toBe(5)
    expect(shareOfHolder(f, holder)).toBeCloseTo(80_010 / ((f.composition?.classes.anon ?? 0) / 4096 + 100_000), 5)
  })
  test('outside of pods and containers', () => {
    expect(isHostVictim(factsWith(machine))).toBe(true)
    expect(isHostVictim(factsWith(memcg))).toBe(false)
    expect(isHostVictim(factsWith(killed(globalDump({ taskMemcg: `/system.slice/docker-${'a1'.repeat(32)}.scope` }))))).toBe(false)
    expect(isHostVictim(factsWith(killed(globalDump({ taskMemcg: '/kubepods.slice' }))))).toBe(false)
    expect(isHostVictim(factsWith(machine, { victimCgroup: null }))).toBe(false)
  })
  test('what an evicted pod used of its node', () => {
    expect(evictedShare(factsWith(evicted(486)))).toBeCloseTo(0.5, 5)
    expect(evictedShare(factsWith(evicted(486), { node: null }))).toBeNull()
    expect(evictedShare(factsWith(machine))).toBeNull()
    const sized = { node: null, meminfo: { MemTotal: { value: 972 * MIB, quote: null } } }
    expect(evictedShare(factsWith(evicted(243), sized))).toBeCloseTo(0.25, 5)
    expect(evictedShare(factsWith(evicted(0)))).toBe(0)
  })
})
