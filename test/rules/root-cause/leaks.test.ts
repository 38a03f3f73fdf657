import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Death, Kill } from '../../../src/model/incident.ts'
import { memoryLeak } from '../../../src/rules/root-cause/memory-leak.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, HOUR, MIB, saidIn, textsOf } from '../facts-with.ts'
import { globalDump, inPod, instantAt, killed, makeDeath, memcgDump, NOON, podWorkload } from '../make-incident.ts'

/** Deaths with so many seconds between them, each of so many MiB, after so long a life. */
const deaths = (
  gaps: readonly number[],
  sizes: readonly (number | null)[] = [],
  lives: readonly number[] = [],
  more: Partial<Death> = {},
): readonly Death[] => {
  const ends = [0, ...gaps].map((_, n) => gaps.slice(0, n).reduce((sum, gap) => sum + gap, 0))
  const last = ends.at(-1) ?? 0
  return ends.map((end, n) => ({
    at: instantAt(end - last),
    startedUs: lives[n] === undefined ? null : NOON + (end - last - (lives[n] ?? 0)) * 1e6,
    bytes: sizes[n] == null ? null : (sizes[n] ?? 0) * MIB,
    evidence: [quote(`death ${n}`, 300 + n), quote(`more of death ${n}`, 350 + n)],
    ...more,
  }))
}
const base = factsWith(inPod(memcgDump()))
const dying = (
  list: readonly Death[] | undefined,
  more: Partial<IncidentFacts> = {},
  kills: readonly Kill[] = base.incident.kills,
): IncidentFacts => ({
  ...base,
  incident: { ...base.incident, kills, ...(list === undefined ? {} : { deaths: list }) },
  ...more,
})
const told = (...of: Parameters<typeof dying>) => memoryLeak.evaluate(dying(...of) as never)
const owned = (owner: string) => {
  const workload = { ...podWorkload, owner }
  const [death] = base.incident.kills
  return { kill: { ...(death as Kill), workload }, incident: { ...base.incident, workload, kills: [{ ...(death as Kill), workload }] } }
}
const UNEVEN = [4000, 6000, 4100]

describe('growth from kill to kill', () => {
  test('a quarter more than at first, over three deaths', () => {
    expect(told(deaths([400, 900], [40, 45, 50]))).toMatchObject({ confidence: 'medium', against: null })
    expect(told(deaths([400, 900], [40, 45, 49.9]))).toBeNull()
    expect(told(deaths([400], [40, 50]))).toBeNull()
    expect(told(undefined)).toBeNull()
    expect(saidIn(told(deaths([400, 900], [40, 45, 50])))).toContain(
      'java fills whatever it is given: killed 3 times, it held 40 MiB the first time and 50 MiB the last. A memory leak does that.',
    )
    expect(saidIn(told(deaths([400, 900], [40, 45, 50]), { kill: { ...(base.kill as Kill), comm: null } }))).toMatch(/^The process fills/)
    expect(told(deaths([400, 900], [40, 45, 50]), { kill: { ...(base.kill as Kill), killer: 'earlyoom' } })).toBeNull()
  })
  test('the first line of each of the first five, and of the kill', () => {
    const six = told(deaths([400, 900, 500, 700, 450, 800], [40, 45, 50, 55, 60, 65, 70]))
    expect(six?.evidence.map(({ text }) => text)).toEqual([
      'death 0',
      'death 1',
      'death 2',
      'death 3',
      'death 4',
      expect.stringContaining('Killed process 100'),
    ])
  })
  test('where its limit was raised meanwhile, a need above all of them looks the same', () => {
    const run = (seconds: number, mib: number) =>
      makeDeath(memcgDump({ memory: counter(mib * 1024, mib * 1024) }), {
        at: instantAt(seconds),
        eventKey: `r${seconds}`,
        workload: podWorkload,
      })
    const raised = told(deaths([400, 900], [40, 60, 90]), {}, [run(-1300, 50), run(-900, 70), run(0, 100)])
    expect(saidIn(raised)).toContain('its limit was raised meanwhile, from 50 MiB to 100 MiB: a need above all of them looks the same')
  })
})

describe('lives of one length', () => {
  test('of an hour and more, none twice as long as another', () => {
    expect(saidIn(told(deaths([3600, 7200])))).toContain('takes 1 h to 2 h to fill the same limit, 3 times in a row')
    expect(told(deaths([3599, 7100]))).toBeNull()
    expect(told(deaths([3600, 7201]))).toBeNull()
    expect(told(deaths([5000]))).toBeNull()
    expect(told(deaths(UNEVEN))?.confidence).toBe('medium')
  })
  test('as they are known, else by the time between two deaths', () => {
    expect(saidIn(told(deaths([9000, 30_000], [], [4000, 5000, 4500])))).toContain('takes 1 h 6 min to 1 h 23 min')
    expect(told(deaths([9000, 30_000], [], [4000, 5000]))).toBeNull()
    const lost = deaths([5000, 6000]).map((one, n) => (n === 1 ? { ...one, at: { ...one.at, epochUs: null, uptimeSeconds: null } } : one))
    expect(told(lost)).toBeNull()
  })
  test('under its own limit, that it reached', () => {
    expect(told(deaths(UNEVEN), { scope: 'global' })).toBeNull()
    expect(
      told(deaths(UNEVEN), { memcgLimit: { ...(base.memcgLimit as NonNullable<IncidentFacts['memcgLimit']>), reached: false } }),
    ).toBeNull()
    expect(told(deaths(UNEVEN), { memcgLimit: null })).not.toBeNull()
  })
  test.each(['CronJob/a', 'Job/a'])('%s comes by its schedule', (owner) => {
    const of = owned(owner)
    expect(memoryLeak.evaluate({ ...base, ...of, incident: { ...of.incident, deaths: deaths(UNEVEN) } } as never)).toBeNull()
  })
  test('a pace of whole five minutes is a schedule, within five seconds', () => {
    const paced = (gap: number) => told(deaths([gap, gap]))
    expect(paced(6000)).toBeNull()
    expect(paced(6004.9)).toBeNull()
    expect(paced(6005)).not.toBeNull()
    expect(paced(5995)).not.toBeNull()
    expect(paced(5995.1)).toBeNull()
    const of = owned('Jobs/a')
    expect(memoryLeak.evaluate({ ...base, ...of, incident: { ...of.incident, deaths: deaths(UNEVEN) } } as never)).not.toBeNull()
  })
  test('of a container that outlived its kills workers died', () => {
    const run = (key: string, containerId: string | null) =>
      makeDeath(memcgDump(), { eventKey: key, workload: { ...podWorkload, containerId } })
    expect(told(deaths(UNEVEN), {}, [run('a', 'c1'), run('b', 'c1')])).toBeNull()
    expect(told(deaths(UNEVEN), {}, [run('a', 'c1'), run('a', 'c1')])).not.toBeNull()
    expect(told(deaths(UNEVEN), {}, [run('a', 'c1'), run('b', 'c2')])).not.toBeNull()
    expect(told(deaths(UNEVEN), {}, [run('a', null), run('b', null)])).not.toBeNull()
    expect(told(deaths(UNEVEN), {}, [run('a', 'c1'), run('b', 'c2'), run('c', 'c1')])).toBeNull()
  })
})

describe('a steady pace', () => {
  test('four kills at least, a minute and a half apart', () => {
    expect(told(deaths([90, 90, 90]))).toMatchObject({ confidence: 'low' })
    expect(told(deaths([89, 89, 89]))).toBeNull()
    expect(told(deaths([95, 95]))).toBeNull()
    expect(told(deaths([100, 200, 100]))).toBeNull()
    expect(saidIn(told(deaths([95, 95, 95])))).toContain('The 4 kills follow each other every 1 min 35 s')
    expect(plainPhrase(told(deaths([95, 95, 95]))?.against ?? [])).toContain('Work that repeats looks the same')
    expect(plainPhrase(told(deaths([600, 600, 600]))?.against ?? [])).toContain('A job on a schedule does it too')
    // Workers that lived side by side have no pace.
    expect(told(deaths([95, 95, 95], [], [], { beside: true }))).toBeNull()
  })
})

describe('what a curve tells comes first', () => {
  const course = (more: object) =>
    curveOf(
      [
        [20 * HOUR, 20],
        [10 * HOUR, 50],
        [0, 78],
      ],
      more,
    )
  test('growth is one; a level, or a jump, is none', () => {
    expect(saidIn(told(undefined, { curves: [course({})] }))).toContain('grew by 2 MiB an hour')
    const level = { shape: 'plateau', slopeBytesPerHour: 0 }
    expect(told(deaths(UNEVEN), { curves: [course(level)] })).toBeNull()
    expect(told(deaths(UNEVEN), { curves: [course({ shape: 'spike', spikeUs: NOON - 60e6 })] })).toBeNull()
    expect(told(deaths(UNEVEN), { curves: [course({ shape: 'unknown' })] })).not.toBeNull()
  })
  test('usage over time is asked for where it recurs', () => {
    const asked = (list: readonly Death[] | undefined) => memoryLeak.settledBy?.(dying(list) as never).length ?? 0
    expect(asked(undefined)).toBe(0)
    expect(asked(deaths([400, 900]))).toBeGreaterThan(0)
  })
})

describe('a restart in time', () => {
  const first = (facts: IncidentFacts) => memoryLeak.recommend?.(facts as never)[0]
  const text = (facts: IncidentFacts) => textsOf([first(facts)])[0] ?? ''
  const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: null } })
  test('where the shortest run lasted an hour', () => {
    expect(text(dying(deaths([3600, 9000])))).toContain('each run has lasted 1 h at least')
    expect(text(dying(deaths([3599, 9000])))).not.toContain('restart it before')
    expect(text(dying(undefined, started(3600)))).toContain('each run has lasted 1 h at least')
    expect(text(dying(undefined, started(3599)))).not.toContain('restart it before')
    expect(text(dying(undefined))).not.toContain('restart it before')
    // Deaths in a row tell it before the last life does.
    expect(text(dying(deaths([7200, 9000]), started(4000)))).toContain('lasted 2 h at least')
  })
  test('or as the slope tells, which tells of twice the limit too', () => {
    const curve = curveOf(
      [
        [20 * HOUR, 20],
        [10 * HOUR, 50],
        [0, 78],
      ],
      { slopeBytesPerHour: 20 * MIB, livesUs: [NOON - 20 * HOUR * 1e6] },
    )
    const of = first(dying(undefined, { curves: [curve] }))
    expect(textsOf([of])[0]).toContain('each run has lasted 3 h at least')
    expect(plainPhrase(of?.why ?? [])).toContain('At this slope twice the limit lasts 7 h.')
    expect(plainPhrase(first(dying(deaths([3600, 9000])))?.why ?? [])).not.toContain('At this slope')
    const bare = { memcgLimit: null, container: null, incident: { ...base.incident, kills: [] } }
    expect(textsOf([first({ ...dying(undefined, { curves: [curve] }), ...bare })])[0] ?? '').not.toContain('restart it before')
  })
  test('by its controller, else by its unit', () => {
    expect(first(dying(deaths([3600, 9000])))?.command).toBe('kubectl rollout restart -n shop deployment/api')
    const of = owned('Job/a')
    expect(text({ ...dying(undefined), ...of, incident: { ...of.incident, deaths: deaths([3600, 9000]) } })).not.toContain(
      'restart it before',
    )
    const unit = (path: string) => {
      const facts = factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path }), {}, { memcg: path }))
      return first({ ...facts, incident: { ...facts.incident, deaths: deaths([3600, 9000]) } })
    }
    expect(unit('/system.slice/a.service')?.command).toBe('systemctl restart a.service')
    expect(unit('/system.slice/a.scope')?.command ?? '').not.toContain('systemctl restart')
    expect(unit('/mine')?.command ?? '').not.toContain('systemctl restart')
    expect(unit(`/system.slice/docker-${'a1'.repeat(32)}.scope`)?.command ?? '').not.toContain('systemctl restart')
    const machine = factsWith(killed(globalDump({ taskMemcg: '/system.slice/b.service' }), {}, { memcg: '/system.slice/b.service' }))
    expect(first({ ...machine, incident: { ...machine.incident, deaths: deaths([3600, 9000]) } })?.command).toBe(
      'systemctl restart b.service',
    )
  })
})
