import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { RuntimeEvent } from '../../../src/model/event.ts'
import type { Death, Incident } from '../../../src/model/incident.ts'
import { forkCopyOnWrite, pairOf } from '../../../src/rules/root-cause/fork-copy-on-write.ts'
import { limitLoweredInPlace } from '../../../src/rules/root-cause/limit-lowered-in-place.ts'
import { shieldedGiant } from '../../../src/rules/root-cause/shielded-giant.ts'
import { startupPeak } from '../../../src/rules/root-cause/startup-peak.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, type RowFigures, trigger } from '../../kernel/make-dump.ts'
import { factsWith, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, instantAt, killed, makeDeath, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

describe('a giant that is shielded', () => {
  const facts = (row: Partial<RowFigures> = {}, more: Partial<IncidentFacts> = {}, incident: Partial<Incident> = {}) =>
    factsWith(
      inPod(
        globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000 }, [
          { rss: 9_000, anon: 9_000, adj: 1000 },
          { pid: 7, rss: 150_000, anon: 150_000, comm: 'backupd', adj: -900, ...row },
        ]),
        incident,
      ),
      more,
    )
  const told = (...of: Parameters<typeof facts>) => shieldedGiant.evaluate(facts(...of) as never)
  const advice = (...of: Parameters<typeof facts>) => shieldedGiant.recommend?.(facts(...of) as never) ?? []
  test('what spared it, and what was killed instead', () => {
    expect(saidIn(told())).toMatch(
      /^backupd \(PID 7\) held 586 MiB, 6\d % of what was in use\. Its oom_score_adj of -900 kept it alive; java \(PID 100\) with 35\.2 MiB and an oom_score_adj of 1000 was killed instead\.$/,
    )
    expect(told()?.confidence).toBe('high')
    expect(saidIn(told({ adj: -997 }))).toContain('is set by the kubelet (a Guaranteed or node-critical pod)')
    expect(told({ adj: -997 })?.confidence).toBe('medium')
    expect(plainPhrase(told({ adj: -997 })?.against ?? [])).toContain('A Guaranteed pod holds no more than it requested')
    expect(saidIn(told({ adj: 400 }))).toContain('from a memory request below what it held')
    expect(told({ adj: 400 })?.against).toBeNull()
    expect(saidIn(told({ adj: 0 }))).toContain('because the adjustment of what was killed is higher than its own (0)')
  })
  test('one that nothing spares and that holds less than half is one of many', () => {
    const used = (facts().composition?.usedBytes ?? 0) / 4096
    const of = (share: number, adj: number) => told({ rss: Math.ceil(share * used), anon: Math.ceil(share * used), adj })?.confidence
    expect(of(0.51, 0)).toBe('high')
    expect(of(0.49, 0)).toBe('low')
    expect(of(0.49, -1)).toBe('high')
    expect(of(0.49, 900)).toBe('high')
  })
  test('without figures there is no share', () => {
    const bare = told({}, { composition: null })
    expect(bare?.confidence).toBe('medium')
    expect(saidIn(bare)).toContain('backupd (PID 7) held 586 MiB. Its')
    expect(plainPhrase(bare?.against ?? [])).toContain('no memory counters')
  })
  test('it is bounded, and its adjustment taken back where somebody set it below 0', () => {
    expect(textsOf(advice())).toEqual([
      expect.stringContaining('Give backupd a memory limit of its own'),
      expect.stringContaining('Take two heap profiles of backupd'),
      expect.stringContaining('Raise the oom_score_adj of backupd from -900'),
    ])
    expect(advice()[0]).toMatchObject({ lookFirst: true, command: expect.stringContaining('/proc/7/cgroup') })
    expect(advice()[2]).toMatchObject({ lookFirst: true, command: 'systemctl status 7 --no-pager' })
    expect(textsOf(advice({ adj: -997 }))).toEqual([expect.stringContaining('Give the pod of backupd a memory limit in its manifest')])
    expect(plainPhrase(advice({ adj: -997 })[0]?.why ?? [])).toContain('The kubelet sets oom_score_adj -997')
    expect(textsOf(advice({ adj: 400 }))).toEqual([expect.stringContaining('Give the pod of backupd')])
    expect(plainPhrase(advice({ adj: 400 })[0]?.why ?? [])).toContain('Others are killed before it')
    expect(plainPhrase(advice()[0]?.why ?? [])).toContain('What is never killed')
    expect(textsOf(advice({ adj: 0 })).some((text) => text.includes('Raise the'))).toBe(false)
    expect(advice({}, { scores: null })).toEqual([])
  })
  test('what keeps the cluster alive is given room', () => {
    expect(textsOf(advice({ comm: 'etcd' }))[0]).toContain('Give etcd room, not a limit')
  })
  test('one that dies later in the same shortage', () => {
    const dump = facts().dump
    const kills = [
      makeDeath(dump, { workload: podWorkload }),
      makeDeath(dump, { pid: 7, comm: 'backupd', at: instantAt(5), eventKey: 'b' }),
    ]
    expect(saidIn(told({}, {}, { kills }))).toContain(
      'Its oom_score_adj of -900 spared it at first, and it was killed later in the same shortage; java',
    )
    expect(saidIn(told({}, {}, { kills }))).toContain('was killed before it.')
    expect(advice({}, {}, { kills })[0]?.command).toBeNull()
    expect(plainPhrase(advice({}, {}, { kills })[0]?.effect ?? [])).toContain('kills it again')
    expect(textsOf(advice({}, {}, { kills })).some((text) => text.includes('Raise the'))).toBe(false)
  })
})

describe('a limit that was lowered under the usage', () => {
  const facts = (usage: number | null, limit: number | null, frames: string[] = []) =>
    factsWith(
      inPod(
        memcgDump({
          trigger: { ...trigger(['GFP_KERNEL']), comm: 'runc', frames },
          memory: usage === null ? null : counter(usage * 1024, limit === null ? null : limit * 1024),
        }),
      ),
    )
  const advice = (...of: Parameters<typeof facts>) => limitLoweredInPlace.recommend?.(facts(...of) as never) ?? []
  const WRITE = ['mem_cgroup_resize_max', 'memory_max_write']
  test('by the writer’s own call', () => {
    const told = (...of: Parameters<typeof facts>) => limitLoweredInPlace.evaluate(facts(...of) as never)
    expect(told(100, 80, WRITE)?.confidence).toBe('high')
    expect(saidIn(told(100, 80, WRITE))).toMatch(
      /^runc was writing a new memory limit of .* in the call trace\), 80 MiB, below what was in use\.$/,
    )
    expect(saidIn(told(100, null, WRITE))).toContain('in the call trace), below what was in use')
    expect(limitLoweredInPlace.evaluate({ ...facts(100, 80, WRITE), scope: 'global' } as never)).toBeNull()
    expect(told(100, 80)?.confidence).toBe('medium')
    expect(told(80, 80)).toBeNull()
  })
  test('back to a quarter above what was in use', () => {
    expect(textsOf(advice(100, 80, WRITE))[0]).toContain('(100 MiB when it was written; 128 MiB leaves room)')
    expect(advice(100, 80, WRITE)[0]?.command).toContain('memory=128Mi')
    expect(textsOf(advice(80, 80, WRITE))[0]).toContain('above what is in use, and find out')
    expect(advice(80, 80, WRITE)[0]?.command).toBeNull()
    expect(textsOf(advice(81, 80, WRITE))[0]).toContain('leaves room')
    expect(textsOf(advice(100, 80, WRITE))[1]).toContain('Lower limits (now 80 MiB)')
    expect(textsOf(advice(100, null, WRITE))[1]).toContain('Lower limits (now unknown)')
    expect(textsOf(advice(100, null, WRITE))[0]).toContain('leaves room')
  })
})

describe('a peak at start', () => {
  const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: null } })
  const deaths = (...lives: number[]): readonly Death[] =>
    lives.map((life, n) => ({
      at: instantAt((n - lives.length + 1) * 2000),
      startedUs: NOON + ((n - lives.length + 1) * 2000 - life) * 1e6,
      bytes: null,
      evidence: [],
    }))
  const rows: RowFigures[] = [{ rss: 75 * 256, anon: 74 * 256, comm: 'prometheus', adj: 936 }]
  const facts = (ago: number, lives: readonly Death[], comm = 'prometheus') => {
    const of = factsWith(
      inPod(
        memcgDump(
          {},
          {},
          rows.map((row) => ({ ...row, comm })),
        ),
        {},
        { comm },
      ),
      started(ago),
    )
    return { ...of, incident: { ...of.incident, deaths: lives } }
  }
  const told = (...of: Parameters<typeof facts>) => startupPeak.evaluate(facts(...of) as never)
  test('what reads a log at its start dies at about one age, up to a quarter of an hour', () => {
    expect(told(300, deaths(290, 300))).not.toBeNull()
    expect(told(300, deaths(300))).toBeNull()
    expect(told(300, deaths(100, 300))).toBeNull()
    expect(told(900, deaths(890, 900))).not.toBeNull()
    expect(told(901, deaths(890, 901))).toBeNull()
    expect(told(300, deaths(290, 300), 'java')).toBeNull()
    expect(told(300, [])).toBeNull()
  })
  test('what needs less at its start is said where the program has such a setting', () => {
    const advice = (comm: string) => textsOf(startupPeak.recommend?.(facts(20, [], comm) as never) ?? [])
    expect(advice('prometheus').length).toBeGreaterThan(advice('sh').length)
    expect(saidIn(told(20, []))).toContain('20 s after its container had started: what it loads at start (')
    expect(saidIn(told(20, [], 'sh'))).toContain('what it loads at start does not fit the limit')
  })
  test('only of its own limit, or of a status, by the kernel', () => {
    const of = facts(20, [])
    expect(startupPeak.evaluate({ ...of, kill: { ...of.kill, killer: 'earlyoom' } } as never)).toBeNull()
    expect(startupPeak.evaluate({ ...of, scope: 'global' } as never)).toBeNull()
    expect(startupPeak.evaluate({ ...of, dump: null, scope: null, kill: { ...of.kill, dump: null } } as never)).not.toBeNull()
    expect(startupPeak.evaluate({ ...of, kill: { ...of.kill, comm: null } } as never)?.statement).toBeDefined()
    expect(saidIn(startupPeak.evaluate({ ...of, kill: { ...of.kill, comm: null } } as never))).toMatch(/^api was killed/)
  })
})

describe('a fork that saves', () => {
  const facts = (sizes: readonly (number | null)[], comm = 'redis-server', more: Partial<IncidentFacts> = {}) => {
    const of = factsWith(
      killed(
        memcgDump(
          {},
          {},
          sizes.map((rss, n) => ({ pid: 100 + n, rss: rss ?? 1, anon: rss ?? 1, comm })),
        ),
      ),
      more,
    )
    const tasks = of.dump?.tasks.map((row, n) => (sizes[n] === null ? { ...row, rssBytes: null } : row)) ?? []
    return { ...of, dump: { ...(of.dump as NonNullable<IncidentFacts['dump']>), tasks } }
  }
  const redis = placed<RuntimeEvent>(0, {
    kind: 'runtime',
    runtime: 'redis',
    what: 'allocation-refused',
    detail: null,
    heapUsedBytes: null,
    heapLimitBytes: null,
    pid: null,
    program: null,
    target: null,
  })
  test('of a program that saves by one, or of Redis’ own words', () => {
    const said = (runtime: RuntimeEvent['runtime']) => {
      const one = { ...redis, event: { ...redis.event, runtime } }
      return forkCopyOnWrite.evaluate(
        factsWith(
          killed(
            memcgDump(
              {},
              {},
              [8_000, 9_000].map((rss, n) => ({ pid: 100 + n, rss, anon: rss, comm: 'main' })),
            ),
            { context: [one] },
          ),
        ) as never,
      )
    }
    expect(said('redis')).not.toBeNull()
    expect(said('jvm')).toBeNull()
    expect(forkCopyOnWrite.evaluate({ ...facts([9_000, 8_000]), kill: { ...facts([1]).kill, killer: 'earlyoom' } } as never)).toBeNull()
  })
  test('two of one name: the larger is the parent; others need four fifths of it', () => {
    expect(pairOf(facts([5_000, 10_000]))?.sizes).toEqual([10_000 * 4096, 5_000 * 4096])
    expect(pairOf(facts([10_000, 8_000], 'main'))).not.toBeNull()
    expect(pairOf(facts([10_000, 7_999], 'main'))).toBeNull()
    expect(pairOf(facts([10_000, null]))).toBeNull()
    expect(pairOf(facts([null, null]))).toBeNull()
    expect(pairOf(facts([10_000]))).toBeNull()
    expect(pairOf(facts([10_000, 9_000], ''))).toBeNull()
    expect(pairOf(facts([10_000, 9_000, 8_000]))).toBeNull()
    expect(pairOf({ ...facts([10_000, 9_000]), composition: null })).toBeNull()
    expect(pairOf({ ...facts([10_000, 9_000]), dump: null })).toBeNull()
    // A small one of another name is no part of it.
    const of = facts([10_000, 9_000])
    expect(
      pairOf({
        ...of,
        dump: {
          ...(of.dump as object),
          tasks: [...(of.dump?.tasks ?? []), { ...of.dump?.tasks[0], pid: 7, comm: 'sh', rssBytes: 9 }],
        } as never,
      }),
    ).not.toBeNull()
  })
  test('a replica does the saves', () => {
    const [first] = forkCopyOnWrite.recommend?.(facts([10_240, 9_000]) as never) ?? []
    expect(textsOf([first])[0]).toContain('room for a second copy of 40 MiB')
    expect(first).toMatchObject({ lookFirst: true })
    expect(forkCopyOnWrite.recommend?.(facts([10_240]) as never)).toEqual([])
  })
})
