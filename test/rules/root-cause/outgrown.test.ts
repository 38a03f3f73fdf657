import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { ChangeEvent } from '../../../src/model/event.ts'
import type { Kill } from '../../../src/model/incident.ts'
import { shortGrowth, spikeByCurve } from '../../../src/rules/root-cause/curve.ts'
import { processOutgrewLimit } from '../../../src/rules/root-cause/process-outgrew-limit.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeRow, type RowFigures } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, HOUR, heldBy, MIB, runOf, saidIn, textsOf } from '../facts-with.ts'
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
  NOON,
  placed,
  podWorkload,
} from '../make-incident.ts'

const told = (facts: IncidentFacts): Omit<Answer, 'id'> | null => processOutgrewLimit.evaluate(facts as never)
const said = (facts: IncidentFacts) => saidIn(told(facts))
const advice = (facts: IncidentFacts) => processOutgrewLimit.recommend?.(facts as never) ?? []
const instead = (facts: IncidentFacts) => plainPhrase(processOutgrewLimit.alternative?.(facts as never) ?? [])
const group = factsWith(inPod(memcgDump()))
const row = (mib: number, more: Partial<RowFigures> = {}): RowFigures => ({ rss: mib * 256, anon: mib * 256, adj: 936, ...more })
const machine = (...rows: RowFigures[]) =>
  factsWith(killed(globalDump({}, { active_anon: 208_000 }, rows), {}, { comm: 'sh', pid: 100, anonRssBytes: (rows[0]?.rss ?? 0) * 4096 }))

describe('what is no process that grew', () => {
  test('most of the machine was free', () => {
    const free = factsWith(
      killed(globalDump({ constraint: null }, { free: 150_000, active_anon: 100_000 }, [row(390)]), {}, { anonRssBytes: 390 * MIB }),
    )
    expect(told(free)).toBeNull()
  })
  test('exactly half in files in memory, or in kernel memory, is not most', () => {
    const held = (classes: Parameters<typeof heldBy>[1]) => told({ ...group, ...heldBy(group, classes) })
    expect(held({ anon: 40, shmem: 40 })).not.toBeNull()
    expect(held({ anon: 39.9, shmem: 40.1 })).toBeNull()
    expect(held({ anon: 40, slab: 20, sock: 10, kernel: 10 })).not.toBeNull()
    expect(held({ anon: 39.9, slab: 20, sock: 10, kernel: 10.1 })).toBeNull()
  })
  test('of a group kill without figures one that held less than a fifth of what all held', () => {
    const bare = { ...memcgDump({ memory: null, stats: [], tasks: [] }) }
    const death = (mib: number, pid: number, more: Partial<Kill> = {}) =>
      makeDeath(bare, { pid, anonRssBytes: mib * MIB, memcg: CONTAINER_PATH, workload: podWorkload, ...more })
    const facts = (...kills: Kill[]) => factsWith(makeIncident({ kills }))
    expect(told(facts(death(20, 1), death(80, 2)))).not.toBeNull()
    expect(told(facts(death(19.9, 1), death(80.1, 2)))).toBeNull()
    expect(said(facts(death(20, 1), death(80, 2)))).toContain('it held 20 MiB, of 100 MiB that the 2 killed together held')
    expect(said(facts(death(20, 1)))).not.toContain('together')
    // Another kill, or another killer's, is no part of it.
    expect(told(facts(death(10, 1), death(80, 2, { eventKey: 'x' })))).not.toBeNull()
    expect(told(facts(death(10, 1), death(80, 2, { killer: 'earlyoom' })))).not.toBeNull()
  })
  test('a limit that nobody knows', () => {
    expect(told({ ...group, memcgLimit: null, machineAccounting: null })).toBeNull()
    const untold = { ...group, memcgLimit: { ...(group.memcgLimit as NonNullable<IncidentFacts['memcgLimit']>), limitBytes: null } }
    expect(said(untold)).toContain('it held 74 MiB')
    expect(said(untold)).not.toContain('% of')
    expect(said({ ...untold, memcgLimit: { ...untold.memcgLimit, limitBytes: 0 } })).not.toContain('% of')
    expect(
      said({
        ...untold,
        composition: null,
        dump: { ...(group.dump as object), tasks: [] } as never,
        kill: { ...(group.kill as Kill), anonRssBytes: null },
      }),
    ).toMatch(/^java outgrew the limit of container api of pod shop\/api-7c9d4\./)
  })
})

describe('whose figure it is', () => {
  test('the table’s, where it is exact, else the kill line’s', () => {
    const exact = factsWith(inPod(memcgDump({}, {}, [row(70)]), {}, { anonRssBytes: 60 * MIB }))
    expect(said(exact)).toContain('it alone held 70 MiB')
    const old = factsWith(inPod(memcgDump({}, {}, [{ rss: 70 * 256, adj: 936 }]), {}, { anonRssBytes: 60 * MIB }))
    expect(said(old)).not.toContain('it alone held 70 MiB')
  })
  test('swap counts where the largest is sought', () => {
    const rows = (swap: number) =>
      factsWith(
        inPod(
          memcgDump({}, {}, [row(30, { comm: 'sh' }), row(30, { pid: 7, comm: 'java', swap: swap * 256 })]),
          {},
          { comm: 'sh', anonRssBytes: 30 * MIB },
        ),
      )
    expect(said(rows(6))).toMatch(/^sh outgrew/)
    expect(said(rows(6.1))).toMatch(/^java \(PID 7\)/)
  })
  test('without a composition the largest row', () => {
    const rows = [row(30, { comm: 'sh' }), row(40, { pid: 7 }), row(20, { pid: 8 })].map((one) => makeRow(one))
    const bare = {
      ...group,
      composition: null,
      dump: { ...(group.dump as NonNullable<IncidentFacts['dump']>), tasks: rows },
      kill: { ...(group.kill as Kill), comm: 'sh', anonRssBytes: 30 * MIB },
    }
    expect(said(bare)).toContain(
      'java (PID 7) outgrew the limit of container api of pod shop/api-7c9d4: it alone held 40 MiB, 50 % of 80 MiB',
    )
    expect(said({ ...bare, kill: null, incident: { ...bare.incident, nature: 'no-kill' } })).not.toContain('was killed')
  })
  test('names that begin alike, and crowds beside it', () => {
    const beside = (...rows: RowFigures[]) =>
      said(factsWith(inPod(memcgDump({}, { anon: 74 * MIB }, [row(40), ...rows]), {}, { anonRssBytes: 40 * MIB })))
    expect(beside(row(12, { pid: 7, comm: 'worker' }), row(12, { pid: 8, comm: 'worker' }))).toContain(
      '; beside it 2 processes named worker held 24 MiB',
    )
    expect(beside(row(20, { pid: 7, comm: 'worker' }))).toContain('; beside it worker held 20 MiB')
    expect(beside(row(15.9, { pid: 7, comm: 'worker' }))).not.toContain('beside it')
    expect(beside(row(10, { pid: 7 }), row(10, { pid: 8 }))).not.toContain('of that name held')
    expect(beside(row(21, { pid: 7 }))).toContain('the 2 processes of that name held 61 MiB')
  })
  test('others of its name without a size are no fellows', () => {
    const many = (...sizes: number[]) =>
      said(
        factsWith(
          inPod(memcgDump({}, {}, [row(60), ...sizes.map((mib, n) => row(mib, { pid: 200 + n }))]), {}, { anonRssBytes: 60 * MIB }),
        ),
      )
    expect(many(0, 0, 1)).not.toContain('It is one of')
    expect(many(0, 1, 1)).toContain('It is one of 3 (PID 100); the others held 1 MiB at most')
  })
  test('outside of its heap', () => {
    const heap = (flag: string, env = 'JAVA_OPTS', comm = 'java') =>
      said(
        factsWith(inPod(memcgDump({}, {}, [row(74, { comm })]), { pods: [makePod([makeContainer({ env: { [env]: flag } })])] }, { comm })),
      )
    expect(heap('-Xmx74m')).toContain('may grow to 74 MiB')
    expect(heap('-Xmx73m')).toContain('so at least 1 MiB lie outside of it: native memory, direct buffers')
    expect(heap('--max-old-space-size=64', 'NODE_OPTIONS', 'node')).not.toContain('direct buffers')
  })
})

describe('what is done about it', () => {
  const giant = (more: Partial<IncidentFacts> = {}) => ({
    ...machine(row(5, { comm: 'sh', adj: 0 }), row(600, { pid: 7, adj: 0 })),
    ...more,
  })
  test('a survivor is restarted', () => {
    const facts = giant()
    const restart = (of: IncidentFacts) => advice(of).find(({ text }) => textsOf([{ text }])[0]?.startsWith('Restart java') === true)
    expect(restart(facts)).toMatchObject({ lookFirst: true, command: expect.stringContaining('/proc/7/status') })
    expect(textsOf([restart(facts)])[0]).toContain(
      'Restart java (PID 7), or end what it is doing: it was not killed, and most likely still holds its 600 MiB',
    )
    expect(restart({ ...facts, scope: 'memcg' })).toBeUndefined()
    expect(restart({ ...facts, kill: null })).toBeUndefined()
    const both = [facts.incident.kills[0] as Kill, { ...(facts.incident.kills[0] as Kill), pid: 7 }]
    expect(restart({ ...facts, incident: { ...facts.incident, kills: both } })).toBeUndefined()
    expect(restart(machine(row(600, { adj: 0 }), row(5, { pid: 7 })))).toBeUndefined()
    expect(restart(group)).toBeUndefined()
  })
  test('a group kill of one of many', () => {
    const many = (groupMemcg: string | null, ...sizes: number[]) =>
      textsOf(
        advice(
          factsWith(
            inPod(
              memcgDump({ groupMemcg }, {}, [row(60), ...sizes.map((mib, n) => row(mib, { pid: 200 + n }))]),
              {},
              { anonRssBytes: 60 * MIB },
            ),
          ),
        ),
      ).some((one) => one.includes('singleProcessOOMKill'))
    expect(many(CONTAINER_PATH, 1, 1)).toBe(true)
    expect(many(null, 1, 1)).toBe(false)
    expect(many(CONTAINER_PATH, 1)).toBe(false)
  })
  test('usage over time is asked for until three reports tell it', () => {
    const asked = (facts: IncidentFacts) => processOutgrewLimit.settledBy?.(facts as never).map(({ text }) => plainPhrase(text)) ?? []
    expect(asked(group).length).toBeGreaterThan(0)
    const runs = (count: number) =>
      factsWith(
        makeIncident({
          kills: Array.from({ length: count }, (_, n) =>
            makeDeath(memcgDump(), { at: instantAt(n * 60), eventKey: `r${n}`, workload: podWorkload }),
          ),
        }),
      )
    expect(asked(runs(2)).length).toBeGreaterThan(0)
    expect(asked(runs(3))).toEqual([])
    expect(asked({ ...group, kill: null })).toEqual([])
    expect(asked({ ...group, kill: null, incident: { ...group.incident, nature: 'no-kill', kills: [] } }).length).toBeGreaterThan(0)
    expect(asked({ ...group, kill: { ...(group.kill as Kill), comm: null, pid: null } }).length).toBeGreaterThan(0)
  })
  test('as what it is told where it did not win', () => {
    expect(instead(group)).toBe('java may simply have grown: it held 74 MiB. It may leak, have had a peak, or need more than the limit.')
    expect(instead(giant())).toContain('or need a larger machine.')
    for (const level of ['kubepods', 'qos'] as const)
      expect(instead({ ...group, limitCgroup: { ...(group.limitCgroup as object), level } as never })).toContain(
        'or need more than the node gives its pods',
      )
    expect(instead({ ...group, dump: null, kill: { ...(group.kill as Kill), dump: null } })).toBe(
      'A process may simply have grown: the status names no reason.',
    )
    const nameless = {
      ...group,
      composition: null,
      dump: { ...(group.dump as object), tasks: [] } as never,
      kill: { ...(group.kill as Kill), comm: null, anonRssBytes: null },
    }
    expect(instead(nameless)).toBe('One process may simply have grown. It may leak, have had a peak, or need more than the limit.')
  })
  test('a limit that was set within the hour is the nearer reason', () => {
    const set = (seconds: number) =>
      placed<ChangeEvent>(seconds, {
        kind: 'change',
        what: 'limit',
        by: 'sudo',
        subject: 'api-7c9d4',
        limitBytes: 80 * MIB,
        detail: '',
        target: { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: null },
      } as never)
    expect(told(factsWith(inPod(memcgDump(), { context: [set(-600)] })))?.confidence).toBe('low')
    expect(told(factsWith(inPod(memcgDump(), { context: [set(-6000)] })))?.confidence).toBe('medium')
  })
})

describe('growth in too little time to tell', () => {
  const course = (minutes: number, last: number, more: Partial<Curve> = {}) =>
    curveOf(
      [
        [minutes * 60, 20],
        [minutes * 30, (20 + last) / 2],
        [0, last],
      ],
      more,
    )
  const short = (curve: Curve, more: Partial<IncidentFacts> = {}, incident = inPod(memcgDump())) =>
    plainPhrase(shortGrowth(factsWith(incident, { curves: [curve], ...more })) ?? [])
  test('less than a quarter of an hour, up to 85 % of the limit', () => {
    expect(short(course(14.9, 68))).toContain('up to 68 MiB, 85 % of its limit')
    expect(short(course(15, 68))).toBe('')
    expect(short(course(10, 67.9))).toBe('')
    expect(short(course(10, 90))).toContain('up to 90 MiB, 100 % of its limit')
    expect(short(course(10, 70, { slopeBytesPerHour: 300 * MIB }))).toContain('grew by 50 MiB within 10 min')
    expect(short(course(10, 70, { slopeBytesPerHour: null }))).toBe('')
    expect(short(course(10, 70, { confidence: 'low' }))).toBe('')
    expect(short(course(10, 70, { shape: 'flat' }))).toBe('')
    expect(short(course(10, 70, { of: 'runtime-heap' }))).toBe('')
    expect(short(course(10, 70), {}, killed(globalDump()))).toBe('')
    expect(short(course(10, 70), {}, inPod(memcgDump({ oomMemcg: '/kubepods.slice' })))).toBe('')
    // Its own limit counts before the kernel's line.
    expect(short(course(10, 70, { limitBytes: 90 * MIB }))).toBe('')
    expect(short(course(10, 70, { limitBytes: null }))).not.toBe('')
    expect(short(course(10, 70, { limitBytes: null }), { memcgLimit: null })).toBe('')
    expect(short(course(10, 70, { runs: [runOf(600, 0), runOf(1300, 700)] }))).toContain('in each of 2 runs')
    expect(short(course(10, 70, { runs: [runOf(600, 0)] }))).not.toContain('runs')
  })
  test('stands as the reason where a process outgrew its limit, with its samples', () => {
    const facts = factsWith(inPod(memcgDump()), { curves: [course(10, 70)] })
    expect(said(facts)).toContain('in so little time a leak, a start and a single piece of work look alike.')
    expect(told(facts)?.evidence.map(({ text }) => text)).toEqual(expect.arrayContaining(['first sample', 'second sample']))
    expect(told(facts)?.evidence.map(({ text }) => text)).not.toContain('third sample')
    expect(told(factsWith(inPod(memcgDump())))?.evidence.map(({ text }) => text)).not.toContain('first sample')
    expect(said(factsWith(inPod(memcgDump()), { curves: [course(10, 30, { shape: 'unknown' })] }))).toContain('its memory over time does.')
    expect(said(factsWith(inPod(memcgDump()), { curves: [course(60, 75, { shape: 'plateau' })] }))).toContain(
      'nor does its memory over time here',
    )
  })
})

describe('a jump, and what began beside it', () => {
  const jump = (more: Partial<Curve> = {}) =>
    curveOf(
      [
        [3 * HOUR, 10],
        [360, 20],
        [300, 78],
        [0, 78],
      ],
      { shape: 'spike', spikeUs: NOON - 300e6, ...more },
    )
  const job = (seconds: number) =>
    placed<ChangeEvent>(seconds, { kind: 'change', what: 'job', by: 'cron', subject: null, detail: '/opt/import.sh', target: null })
  const beside = (seconds: number, more: Partial<Curve> = {}) =>
    plainPhrase(spikeByCurve(factsWith(inPod(memcgDump(), { context: [job(seconds)] }), { curves: [jump(more)] })) ?? [])
  test('within two intervals, two minutes at least', () => {
    expect(beside(-300)).toContain('It began beside')
    expect(beside(-420)).toContain('It began beside')
    expect(beside(-421)).not.toContain('beside')
    expect(beside(-180)).toContain('It began beside')
    expect(beside(-179)).not.toContain('beside')
    expect(beside(-500, { intervalUs: 100e6 })).toContain('It began beside')
    expect(beside(-501, { intervalUs: 100e6 })).not.toContain('beside')
    expect(beside(-420, { intervalUs: null })).toContain('It began beside')
    expect(beside(-421, { intervalUs: null })).not.toContain('beside')
  })
  test('at the very sample of the kill, or at the first of all', () => {
    const of = (ago: number, more: Partial<Curve> = {}) =>
      plainPhrase(spikeByCurve(factsWith(inPod(memcgDump()), { curves: [jump({ spikeUs: NOON - ago * 1e6, ...more })] })) ?? [])
    expect(of(0)).toContain('until 0 s before the kill')
    expect(of(3 * HOUR)).toContain('It held 10 MiB until 3 h before')
    expect(of(300)).toContain('It held 20 MiB until 5 min before')
    expect(of(-60)).toContain('until 0 s before')
  })
})
