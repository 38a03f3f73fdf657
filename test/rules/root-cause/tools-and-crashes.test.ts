import { describe, expect, test } from 'vitest'
import type { ChangeEvent } from '../../../src/model/event.ts'
import type { Death, Incident } from '../../../src/model/incident.ts'
import { crashAmplification } from '../../../src/rules/root-cause/crash-amplification.ts'
import { debugProcess } from '../../../src/rules/root-cause/debug-process.ts'
import { groupKillByDefault } from '../../../src/rules/root-cause/group-kill-by-default.ts'
import { noisySidecar } from '../../../src/rules/root-cause/noisy-sidecar.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote } from '../../kernel/make-dump.ts'
import { factsWith, saidIn, textsOf } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  placed,
  podWorkload,
} from '../make-incident.ts'

const change = (what: ChangeEvent['what'], seconds: number, more: Partial<ChangeEvent> = {}) =>
  placed<ChangeEvent>(seconds, {
    kind: 'change',
    what,
    by: 'containerd',
    subject: null,
    detail: 'sh -c "pg_dump shop"',
    target: null,
    ...more,
  })

describe('a tool that was run inside', () => {
  const facts = (
    comm: string,
    context: Incident['context'] = [],
    dump = memcgDump({}, {}, [{ rss: 18_000, anon: 18_000, comm }]),
    death = {},
  ) => factsWith(inPod(dump, { context }, { comm, ...death }))
  const told = (...of: Parameters<typeof facts>) => debugProcess.evaluate(facts(...of) as never)
  const advice = (...of: Parameters<typeof facts>) => debugProcess.recommend?.(facts(...of) as never) ?? []
  const exec = change('exec', -60)
  test('by its name, in a container; by the session that started it', () => {
    expect(saidIn(told('jmap'))).toContain('The victim is jmap, a tool that somebody ran')
    expect(told('java')).toBeNull()
    expect(debugProcess.evaluate({ ...facts('jmap'), victimCgroup: null } as never)).toBeNull()
    expect(told('jmap', [], globalDump({ taskMemcg: CONTAINER_PATH }, {}, [{ rss: 90_000, anon: 90_000, comm: 'jmap' }]))).toBeNull()
    expect(told('jmap', [], memcgDump(), { killer: 'earlyoom' })).toBeNull()
    expect(saidIn(told('pg_dump', [exec]))).toContain('pg_dump was no part of the workload: somebody had run sh -c "pg_dump shop"')
    expect(told('pg_dump', [exec])?.against).toBeNull()
    expect(told('pg_dump', [{ ...exec, event: { ...exec.event, what: 'job' } as never }])).toBeNull()
    expect(told('other', [exec])).toBeNull()
    const two = memcgDump({}, {}, [
      { rss: 9_000, anon: 9_000, comm: 'pg_dump' },
      { pid: 7, rss: 8_000, anon: 8_000, comm: 'pg_dump' },
    ])
    expect(plainPhrase(told('pg_dump', [exec], two)?.against ?? [])).toBe('The workload runs pg_dump too.')
    const outside = facts('pg_dump', [exec])
    expect(debugProcess.evaluate({ ...outside, victimCgroup: null, kill: { ...outside.kill, workload: null } } as never)).toBeNull()
    expect(debugProcess.evaluate({ ...outside, victimCgroup: null } as never)).not.toBeNull()
    expect(debugProcess.evaluate({ ...outside, kill: { ...outside.kill, workload: null } } as never)).not.toBeNull()
  })
  test.each(['stress', 'stress-ng', 'stress-ng-vm', 'stress-ng-brk', 'memStress', 'memtester', 'memhog'])(
    '%s is made to take memory',
    (comm) => {
      expect(saidIn(told(comm))).toContain(`${comm} takes memory because it is made for that`)
      expect(textsOf(advice(comm))).toEqual([expect.stringContaining(`Find out who runs ${comm}`)])
      // What is known already needs no search.
      expect(advice(comm, [change('load', -60)])).toEqual([])
      expect(advice(comm, [change('exec', -60)])).toHaveLength(1)
    },
  )
  test('a load that another outweighs is not the cause', () => {
    const beside = (pages: number) =>
      memcgDump({}, {}, [
        { rss: 5_000, anon: 5_000, comm: 'stress' },
        { pid: 7, rss: pages, anon: pages, comm: 'java' },
      ])
    expect(told('stress', [], beside(4_999))).not.toBeNull()
    expect(told('stress', [], beside(5_001))).toBeNull()
    expect(told('stressful')).toBeNull()
    const machine = globalDump({ taskMemcg: '/a' }, {}, [{ rss: 90_000, anon: 90_000, comm: 'stress' }])
    expect(saidIn(debugProcess.evaluate(factsWith(killed(machine, {}, { comm: 'stress' })) as never))).toContain(
      'somebody tests node-1 with it',
    )
    expect(saidIn(told('stress'))).toContain('somebody tests container api of pod')
  })
  test('who ran it is asked where a session is told; such tools get memory of their own', () => {
    expect(textsOf(advice('pg_dump', [exec]))).toEqual([
      expect.stringContaining('Ask who ran sh -c "pg_dump shop"'),
      expect.stringContaining('it held 74 MiB'),
    ])
    expect(textsOf(advice('jmap'))).toEqual([expect.stringContaining('Run jmap with memory of its own')])
    expect(textsOf(advice('jmap', [], memcgDump(), { anonRssBytes: null }))[0]).toMatch(/or on the node\.$/)
  })
})

describe('one kill that takes all', () => {
  const dump = (group: boolean) => memcgDump({ groupMemcg: group ? CONTAINER_PATH : null })
  const death = (seconds: number, pid: number, group: boolean, key: string) =>
    makeDeath(dump(group), { at: instantAt(seconds), pid, eventKey: key, workload: podWorkload, memcg: CONTAINER_PATH })
  const told = (...kills: ReturnType<typeof death>[]) => groupKillByDefault.evaluate(factsWith(makeIncident({ kills })) as never)
  test('two at least, in a container; as sure as kills of one were borne before', () => {
    expect(told(death(0, 1, true, 'a'))).toBeNull()
    expect(told(death(0, 1, true, 'a'), death(0, 1, true, 'a'))).toBeNull()
    expect(told(death(0, 1, true, 'a'), death(0, 2, true, 'a'))).toMatchObject({ confidence: 'low' })
    expect(told(death(0, 1, true, 'a'), death(0, 2, true, 'a'))?.against).not.toBeNull()
    expect(saidIn(told(death(0, 1, true, 'a'), death(0, 2, true, 'a'), death(0, 3, true, 'a')))).toContain(
      'and all 3 processes of the container were killed together',
    )
    expect(told(death(0, 1, false, 'a'), death(0, 2, false, 'a'))).toBeNull()
    const after = told(death(0, 9, false, 'x'), death(60, 1, true, 'a'), death(60, 2, true, 'a'))
    expect(after).toMatchObject({ confidence: 'medium', against: null })
    expect(saidIn(after)).toContain('as once before. Then it was killed alone; now both processes')
    expect(
      saidIn(
        told(death(0, 9, false, 'x'), death(9, 8, false, 'y'), death(60, 1, true, 'a'), death(60, 2, true, 'a'), death(60, 3, true, 'a')),
      ),
    ).toContain('as 2 times before. Then it was killed alone; now all 3 processes')
    // What comes after is no such kill.
    expect(told(death(0, 1, true, 'a'), death(0, 2, true, 'a'), death(60, 9, false, 'x'))?.confidence).toBe('low')
  })
  test('the kubelet’s version stands with it', () => {
    const of = factsWith(makeIncident({ kills: [death(0, 1, true, 'a'), death(0, 2, true, 'a')] }))
    expect(saidIn(groupKillByDefault.evaluate({ ...of, node: { kubeletVersion: 'v1.31.0' } } as never))).toContain(
      '(the node runs v1.31.0)',
    )
    expect(saidIn(groupKillByDefault.evaluate(of as never))).not.toContain('the node runs')
    expect(groupKillByDefault.evaluate({ ...of, victimCgroup: null, kill: { ...of.kill, workload: null } } as never)).toBeNull()
    expect(groupKillByDefault.evaluate({ ...of, victimCgroup: null } as never)).not.toBeNull()
    expect(groupKillByDefault.evaluate({ ...of, kill: { ...of.kill, workload: null } } as never)).not.toBeNull()
    expect(groupKillByDefault.evaluate({ ...of, scope: 'global' } as never)).toBeNull()
  })
})

describe('each crash brings the next', () => {
  const replica = (n: number, seconds: number, more = {}) =>
    makeDeath(memcgDump(), {
      at: instantAt(seconds),
      eventKey: `r${n}`,
      workload: { ...podWorkload, pod: `api-${n}`, podUid: `u${n}` },
      ...more,
    })
  const told = (incident: Partial<Incident>) => crashAmplification.evaluate(factsWith(makeIncident(incident)) as never)
  test('two replicas of one owner, by the kernel', () => {
    expect(saidIn(told({ kills: [replica(0, 0), replica(1, 60), replica(2, 90)] }))).toContain(
      '3 replicas of the same owner were killed shortly after one another',
    )
    expect(told({ kills: [replica(0, 0)] })).toBeNull()
    expect(told({ kills: [replica(0, 0), replica(0, 60)] })).toBeNull()
    expect(told({ kills: [replica(0, 0), replica(1, 60, { killer: 'earlyoom' })] })).toBeNull()
    const other = { ...podWorkload, pod: 'b', podUid: 'b', owner: 'Deployment/b' }
    expect(told({ kills: [replica(0, 0), replica(1, 60, { workload: other })] })).toBeNull()
    const ownerless = (n: number) => ({ workload: { ...podWorkload, pod: `x-${n}`, podUid: `x${n}`, owner: null } })
    expect(told({ kills: [replica(0, 0, ownerless(0)), replica(1, 60, ownerless(1))] })).toBeNull()
  })
  test('others of its owner that died in the minutes before', () => {
    const sibling = (seconds: number): Death => ({
      at: instantAt(seconds),
      startedUs: null,
      bytes: null,
      evidence: [quote(`sibling ${seconds}`, 900 - seconds)],
    })
    const siblings = (...of: Death[]) => ({ kills: [replica(0, 0)], siblings: of })
    expect(saidIn(told(siblings(sibling(-120))))).toContain(
      'Another replica of Deployment/api had been killed shortly before, the first 2 min earlier',
    )
    expect(saidIn(told(siblings(sibling(-120), sibling(-60))))).toContain('2 other replicas of Deployment/api')
    expect(
      told(siblings(...[-4, -3, -2, -1].map((n) => sibling(n * 60))))
        ?.evidence.map(({ text }) => text)
        .slice(0, 4),
    ).toEqual(['sibling -240', 'sibling -180', 'sibling -120', expect.stringContaining('Killed process')])
    expect(told({ kills: [replica(0, 0, { killer: 'earlyoom' })], siblings: [sibling(-60)] })).toBeNull()
    expect(told({ kills: [replica(0, 0, { workload: { ...podWorkload, owner: null } })], siblings: [sibling(-60)] })).toBeNull()
  })
})

describe('a sidecar', () => {
  const facts = (name: string, limitKb = 81_920, comm = 'envoy') =>
    factsWith(
      inPod(
        memcgDump({ memory: counter(limitKb, limitKb) }, {}, [{ rss: 18_000, anon: 18_000, comm, adj: 936 }]),
        {},
        { comm, workload: { ...podWorkload, container: name } },
      ),
      {
        pod: makePod([makeContainer({ name }), makeContainer({ name: 'api' })]),
        container: null,
      },
    )
  const advice = (...of: Parameters<typeof facts>) => noisySidecar.recommend?.(facts(...of) as never) ?? []
  test('what ships bounds its buffers; a proxy has its own setting first', () => {
    expect(textsOf(advice('otel-collector'))[0]).toContain(
      'what otel-collector sends to is slow or down, and bound what it buffers (queue and batch sizes) below its limit of 80 MiB',
    )
    expect(textsOf(advice('envoy'))[0]).not.toContain('buffers')
    expect(advice('envoy')[0]).toMatchObject({ when: 'now', command: null })
    const bare = { ...facts('otel-collector'), memcgLimit: null, dump: null, incident: { ...facts('x').incident, kills: [] } }
    expect(textsOf(noisySidecar.recommend?.(bare as never) ?? [])[0] ?? '').not.toContain('buffers')
  })
  test.each([
    'otel-a',
    'fluent-bit',
    'filebeat',
    'vector',
    'promtail',
    'datadog-agent',
    'istio-proxy',
    'linkerd-proxy',
    'vault-agent',
    'cloud-sql-proxy',
    'daprd',
  ])('%s', (name) => {
    expect(noisySidecar.evaluate(facts(name) as never)).not.toBeNull()
  })
  test('a name that only ends so is none', () => expect(noisySidecar.evaluate(facts('my-envoy') as never)).toBeNull())
})
