import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { Incident } from '../../../src/model/incident.ts'
import { hostProcessGrowth } from '../../../src/rules/root-cause/host-process-growth.ts'
import { hugepageReservation } from '../../../src/rules/root-cause/hugepage-reservation.ts'
import { kernelMemoryGrowth } from '../../../src/rules/root-cause/kernel-memory-growth.ts'
import { memoryBackedVolume } from '../../../src/rules/root-cause/memory-backed-volume.ts'
import { noisySidecar } from '../../../src/rules/root-cause/noisy-sidecar.ts'
import { nextRunFits, startupPeak } from '../../../src/rules/root-cause/startup-peak.ts'
import { tooManyWorkers } from '../../../src/rules/root-cause/too-many-workers.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeInfo, quote, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn } from '../facts-with.ts'
import { globalDump, inPod, killed, makeContainer, makePod, makeState, memcgDump, NOON, podWorkload } from '../make-incident.ts'

type Told = Omit<Answer, 'id'> | null
type Rule = { readonly evaluate: (facts: never) => unknown }
const ask =
  (rule: Rule) =>
  (incident: Incident, more: Partial<IncidentFacts> = {}): Told =>
    rule.evaluate(factsWith(incident, more) as never) as Told

const rows = (sizes: readonly number[], comm: string, adj = 0): RowFigures[] =>
  sizes.map((rss, n) => ({ pid: 100 + n, rss, anon: rss, comm, adj }))

describe('too many workers', () => {
  const workers = ask(tooManyWorkers)
  const of = (...sizes: number[]) => workers(killed(memcgDump({}, {}, rows(sizes, 'gunicorn'))))
  const used = (factsWith(killed(memcgDump())).composition?.usedBytes ?? 0) / 4096
  test('three at least, half of what was in use together, none of them half of that', () => {
    expect(of(5_000, 5_000, 5_000)?.confidence).toBe('medium')
    expect(of(9_000, 9_000)).toBeNull()
    expect(of(...Array.from({ length: 4 }, () => Math.ceil(used / 8)))).not.toBeNull()
    expect(of(...Array.from({ length: 4 }, () => Math.floor(used / 8) - 1))).toBeNull()
    expect(of(8_000, 4_000, 4_000)).not.toBeNull()
    expect(of(8_001, 4_000, 4_000)).toBeNull()
    expect(saidIn(of(5_120, 5_120, 5_120))).toContain('3 processes named gunicorn held 60 MiB together (75')
    expect(saidIn(of(5_120, 5_120, 5_120))).toContain('20 MiB each')
  })
  test('a thousand is no number of workers', () => {
    expect(of(...Array.from({ length: 999 }, () => 18))).not.toBeNull()
    expect(of(...Array.from({ length: 1000 }, () => 18))).toBeNull()
  })
  test('on a node one program many times may be many pods', () => {
    const node = (comm: string) =>
      inPod(
        globalDump({ taskMemcg: factsWith(inPod(memcgDump())).victimCgroup?.path ?? '' }, {}, rows([50_000, 50_000, 50_000, 50_000], comm)),
        {},
        { comm },
      )
    expect(workers(node('api'))).toMatchObject({ confidence: 'low' })
    expect(plainPhrase(workers(node('api'))?.against ?? [])).toContain('one pod or to many')
    expect(workers(node('php-fpm'))).toMatchObject({ confidence: 'medium', against: null })
    const pods = (count: number) => Array.from({ length: count }, (_, n) => makePod([makeContainer()], { name: `api-${n}`, uid: `u${n}` }))
    expect(workers({ ...node('php-fpm'), pods: pods(2) }, { pod: pods(1)[0] as never })).not.toBeNull()
    expect(workers({ ...node('php-fpm'), pods: pods(3) }, { pod: pods(1)[0] as never })).toBeNull()
    const [death] = node('php-fpm').kills
    const two = [death, { ...death, workload: { ...podWorkload, podUid: 'another' } }] as never
    expect(workers({ ...node('php-fpm'), kills: two })).toBeNull()
  })
})

describe('a process of the host', () => {
  const host = ask(hostProcessGrowth)
  const service = '/system.slice/analytics.service'
  const total = (factsWith(killed(globalDump())).machineAccounting?.totalBytes ?? 0) / 4096
  const of = (share: number, path = service, more: Partial<RowFigures> = {}, cached = total * (0.9 - share)) =>
    host(
      killed(
        globalDump({ taskMemcg: path }, { active_anon: Math.ceil(share * total), inactive_anon: 0, active_file: Math.floor(cached) }, [
          { rss: Math.ceil(share * total), anon: Math.ceil(share * total), ...more },
        ]),
      ),
    )
  test('a quarter of the machine; two fifths and a service: sure', () => {
    expect(of(0.25)?.confidence).toBe('medium')
    expect(of(0.249)).toBeNull()
    expect(of(0.4)?.confidence).toBe('high')
    expect(of(0.399)?.confidence).toBe('medium')
    expect(of(0.6, '/user.slice/user-1000.slice/session-3.scope')?.confidence).toBe('medium')
    expect(saidIn(of(0.5))).toMatch(/^java \(PID 100, unit analytics\.service\).* 50(\.\d)? % of what the machine can use/)
  })
  test('not beside more memory in no counter (ZFS, a balloon)', () => {
    expect(of(0.3, service, {}, total * 0.45)).not.toBeNull()
    expect(of(0.3, service, {}, total * 0.2)).toBeNull()
  })
  test('half of what all processes hold, swap too', () => {
    const beside = (others: number) =>
      host(
        killed(
          globalDump({ taskMemcg: service }, { active_anon: 160_000, inactive_anon: 0 }, [
            { rss: 80_000, anon: 80_000 },
            { pid: 9, rss: 10, anon: 10, swap: others, comm: 'b' },
          ]),
        ),
      )
    // Shared memory (500 pages) is no process's own.
    expect(beside(500)).not.toBeNull()
    expect(beside(501)).toBeNull()
  })
  test('another than the victim by its adjustment: not one that a kubelet gives to pods', () => {
    const path = factsWith(inPod(memcgDump())).victimCgroup?.path ?? ''
    const spared = (adj: number) =>
      host(
        inPod(
          globalDump({ taskMemcg: path }, {}, [
            { rss: 900, anon: 900, adj: 1000 },
            { pid: 7, rss: 150_000, anon: 150_000, comm: 'backupd', adj },
          ]),
        ),
      )
    expect(spared(0)).toMatchObject({ confidence: 'medium' })
    expect(plainPhrase(spared(-999)?.against ?? [])).toContain('only its oom_score_adj speaks')
    for (const adj of [1, 936, -997, -998]) expect(spared(adj)).toBeNull()
  })
})

describe('files in memory', () => {
  const files = ask(memoryBackedVolume)
  const held = (share: number, own = 1, more = {}) =>
    files(
      inPod(
        memcgDump({ ...more }, { anon: 9 * MIB, file: share * 80 * MIB, shmem: share * 80 * MIB, kernel: 2 * MIB }),
        {},
        { anonRssBytes: own * MIB },
      ),
    )
  test('three tenths of what was held; half: sure', () => {
    expect(held(0.5001)?.confidence).toBe('high')
    expect(held(0.4999)?.confidence).toBe('medium')
    expect(held(0.3001)?.confidence).toBe('medium')
    expect(held(0.2999)).toBeNull()
  })
  test('a victim as large as the files is not beside the point', () => {
    expect(saidIn(held(0.5001, 8))).toContain('the one that was killed held little beside them')
    expect(held(0.5001, 41)?.confidence).toBe('medium')
    expect(saidIn(held(0.5001, 41))).not.toContain('held little')
  })
  test('processes that map half of it: a segment', () => {
    const mapped = (pages: number) =>
      files(
        inPod(
          memcgDump({}, { anon: 9 * MIB, file: 60 * MIB, shmem: 60 * MIB }, [{ rss: pages, anon: 10, shmem: pages }]),
          {},
          { anonRssBytes: MIB },
        ),
      )
    expect(saidIn(mapped(7_680))).toContain('shared memory that processes map')
    expect(mapped(7_680)?.confidence).toBe('medium')
    expect(saidIn(mapped(7_679))).toContain('is files in memory')
  })
  test('of a machine it may be a graphics driver’s', () => {
    const machine = files(killed(globalDump({}, { active_anon: 180_000, shmem: 150_000 }, [{ rss: 9_000, anon: 9_000 }])))
    expect(machine?.confidence).toBe('medium')
    expect(saidIn(machine)).toContain('buffers of the graphics driver')
    expect(plainPhrase(machine?.against ?? [])).toContain('graphics buffers')
    expect(files(inPod(memcgDump({}, { anon: 9 * MIB, file: 60 * MIB, shmem: 60 * MIB }), {}, { killer: 'kubelet' }))).toBeNull()
  })
})

describe('kernel memory', () => {
  const kernel = ask(kernelMemoryGrowth)
  const group = (part: number, anon: number, more = {}) =>
    kernel(
      inPod(
        memcgDump(
          {},
          {
            anon: anon * MIB,
            file: (80 - part - anon) * MIB,
            shmem: 0,
            kernel: part * MIB,
            slab: (part - 2) * MIB,
            pagetables: 2 * MIB,
            ...more,
          },
        ),
      ),
    )
  test('of a group two fifths; half, with little beside it: sure', () => {
    expect(group(32.1, 40)?.confidence).toBe('medium')
    expect(group(31.9, 40)).toBeNull()
    expect(group(40.1, 27.9)).toMatchObject({ confidence: 'high', against: null })
    expect(group(39.9, 27)?.confidence).toBe('medium')
    expect(group(40.1, 28.1)?.confidence).toBe('medium')
    expect(plainPhrase(group(40.1, 28.1)?.against ?? [])).toContain('Processes held 35 %')
    expect(saidIn(group(50, 20))).toContain('50 MiB, 63 % of what')
    expect(saidIn(group(50, 20))).toContain('48 MiB of it slab')
  })
  const machine = (slab: number, anon: number, counters = {}, slabs: readonly (readonly [string, number])[] = []) => {
    const dump = globalDump(
      {},
      { active_anon: anon, inactive_anon: 0, slab_unreclaimable: slab, slab_reclaimable: 0, pagetables: 0, ...counters },
      [{ rss: 3_000, anon: 3_000 }],
    )
    const table = slabs.map(([name, mib]) => ({
      name,
      usedBytes: mib * MIB,
      totalBytes: mib * MIB,
      quote: quote(`${name} ${mib * 1024}KB`),
    }))
    return kernel(killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, slabs: table } }))
  }
  test('of a machine a quarter', () => {
    const used = (factsWith(killed(globalDump())).composition?.usedBytes ?? 0) / 4096
    expect(machine(Math.ceil(used * 0.25), 100_000)).not.toBeNull()
    expect(machine(Math.floor(used * 0.25) - 1, 100_000)).toBeNull()
    expect(kernel(killed(globalDump({}, { slab_unreclaimable: 170_000, active_anon: 9_000 }), {}, { killer: 'earlyoom' }))).toBeNull()
  })
  test('what it is: sockets, tables, names of files, or a cache by its name', () => {
    expect(saidIn(machine(9_000, 9_000, { pagetables: 150_000 }))).toContain('the tables that map the processes’ memory'.replace('’', "'"))
    expect(saidIn(group(40, 20, { slab: 2 * MIB, sock: 30 * MIB, kernel: 10 * MIB, file: 0 }))).toContain('network buffers')
    const named = saidIn(
      machine(150_000, 9_000, {}, [
        ['kmalloc-64', 20],
        ['nf_conntrack', 400],
      ]),
    )
    expect(named).toContain('nf_conntrack 400 MiB')
    expect(named).toContain('entries of connection tracking')
    // Names that hold less than a fifth of the slab do not tell what it is.
    expect(saidIn(machine(150_000, 9_000, {}, [['nf_conntrack', 117]]))).not.toContain('connection tracking')
    expect(saidIn(machine(150_000, 9_000, {}, [['nf_conntrack', 118]]))).toContain('connection tracking')
    expect(saidIn(machine(10_000, 9_000, { slab_reclaimable: 140_000 }))).toContain('names and inodes of files')
    expect(saidIn(machine(50_000, 9_000, { slab_reclaimable: 150_000 }))).toContain('names and inodes')
    expect(saidIn(machine(50_001, 9_000, { slab_reclaimable: 150_000 }))).not.toContain('names and inodes')
  })
  test('the largest caches are quoted first', () => {
    const { evidence } = machine(150_000, 9_000, {}, [
      ['a', 20],
      ['dentry', 400],
      ['filp', 100],
    ]) as NonNullable<Told>
    expect(evidence.slice(0, 2).map(({ text }) => text)).toEqual(['dentry 409600KB', 'filp 102400KB'])
  })
})

describe('huge pages', () => {
  const huge = ask(hugepageReservation)
  const total = factsWith(killed(globalDump())).machineAccounting?.totalBytes ?? 0
  const pool = (share: number, idle: number) => {
    const dump = globalDump({}, { active_anon: 20_000 }, [{ rss: 3_000, anon: 3_000 }])
    const pages = (part: number) => Math.round((part * total) / (2 * MIB))
    const hugepages = [
      { node: 0, total: pages(share), free: pages(idle), surplus: 0, pageBytes: 2 * MIB, quote: quote('Node 0 hugepages_total=…') },
    ]
    return huge(killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, hugepages } }))
  }
  test.each([
    [0.26, 0.21, 'high'],
    [0.26, 0.19, 'medium'],
    [0.26, 0.11, 'medium'],
    [0.24, 0.24, undefined],
    [0.26, 0.09, undefined],
    [0.51, 0.05, 'medium'],
    [0.49, 0.05, undefined],
  ])('a pool of %d with %d idle', (share, idle, confidence) => {
    expect(pool(share, idle)?.confidence).toBe(confidence)
  })
  test('idle, or in use', () => {
    expect(saidIn(pool(0.3, 0.2))).toContain('of that is unused')
    expect(pool(0.3, 0.2)?.against).toBeNull()
    expect(saidIn(pool(0.6, 0.01))).toContain('nearly all in use')
    expect(pool(0.6, 0.01)?.against).not.toBeNull()
  })
})

describe('a peak at start', () => {
  const peak = ask(startupPeak)
  const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: quote('started') } })
  const pod = inPod(memcgDump())
  test('within 90 s; two seconds of doubt', () => {
    expect(peak(pod, started(90))?.confidence).toBe('medium')
    expect(peak(pod, started(90.1))).toBeNull()
    expect(saidIn(peak(pod, started(-2)))).toContain('0 s after its container had started')
    expect(peak(pod, started(-2.1))).toBeNull()
    expect(saidIn(peak(pod, started(12.34)))).toContain('12.3 s after')
    expect(peak(pod, started(9))?.evidence.map(({ text }) => text)).toContain('started')
    expect(peak(inPod(memcgDump({ oomMemcg: '/kubepods.slice' })), started(9))).toBeNull()
    expect(peak(inPod(memcgDump({}, { anon: 30 * MIB, file: 46 * MIB, shmem: 45 * MIB })), started(9))).toBeNull()
  })
  const state = (kind: 'running' | 'terminated', from: number, to: number | null = null) =>
    makeState({ kind, startedUs: NOON + from * 1e6, finishedUs: to === null ? null : NOON + to * 1e6 })
  test.each([
    ['runs and is Ready', state('running', 3), true, 2, true],
    ['is not Ready', state('running', 3), false, 2, false],
    ['was started too often', state('running', 3), true, 3, false],
    ['began two seconds before, as whole seconds may tell', state('running', -2), true, 1, true],
    ['began before the kill', state('running', -3), true, 1, false],
    ['lived for more than three minutes', state('terminated', 3, 184), true, 1, true],
    ['lived for three minutes', state('terminated', 3, 183), true, 1, false],
    ['ended, nobody knows when', state('terminated', 3), true, 1, false],
  ] as const)('the next run %s', (_, next, ready, restarts, fits) => {
    expect(
      nextRunFits(factsWith(pod, { container: makeContainer({ state: next, ready, restartCount: { value: restarts, quote: null } }) })),
    ).toBe(fits)
  })
})

describe('a sidecar', () => {
  const sidecar = ask(noisySidecar)
  const path = factsWith(inPod(memcgDump())).victimCgroup?.path ?? ''
  const podPath = path.replace(/\/[^/]+$/, '')
  const named = (name: string, oomMemcg = path) =>
    inPod(memcgDump({ oomMemcg, taskMemcg: path }), {}, { workload: { ...podWorkload, container: name } })
  const pod = (...types: ('regular' | 'init' | 'sidecar')[]) => ({
    pod: makePod(types.map((type, n) => makeContainer({ type, name: `c${n}` }))),
    container: null,
  })
  const rises = (proxy: number, api: number) => ({
    rises: {
      node: [],
      pod: [
        ['envoy', proxy],
        ['api', api],
      ]
        .sort((a, b) => (b[1] as number) - (a[1] as number))
        .map(([name, mib]) => ({ name, container: name, riseBytes: (mib as number) * MIB, lastBytes: 0, quote: quote(`rise of ${name}`) })),
    } as never,
  })
  test('is one by its name or type, beside a main container', () => {
    expect(saidIn(sidecar(named('envoy'), pod('regular', 'regular')))).toContain('it outgrew its own limit')
    expect(sidecar(named('api'), pod('regular', 'regular'))).toBeNull()
    expect(sidecar(named('api'), { ...pod('regular', 'sidecar'), container: makeContainer({ type: 'sidecar' }) })).not.toBeNull()
    expect(sidecar(named('envoy'), pod('regular', 'init'))).toBeNull()
    expect(sidecar(named('envoy', '/kubepods.slice'), pod('regular', 'regular'))).toBeNull()
    expect(saidIn(sidecar(named('envoy', podPath), pod('regular', 'regular')))).toContain('shares the pod')
  })
  test('grew by six tenths of what the pod’s containers grew by: sure under a shared limit', () => {
    const shared = (proxy: number, api: number) => sidecar(named('envoy', podPath), { ...pod('regular', 'regular'), ...rises(proxy, api) })
    expect(shared(60, 40)?.confidence).toBe('high')
    expect(saidIn(shared(60, 40))).toContain('rose by 60 MiB before the kill, 60 %')
    expect(shared(59, 41)?.confidence).toBe('medium')
    expect(shared(40, 60)).toBeNull()
    expect(shared(41, 59)?.confidence).toBe('medium')
    expect(sidecar(named('envoy'), { ...pod('regular', 'regular'), ...rises(60, 40) })?.confidence).toBe('medium')
  })
})
