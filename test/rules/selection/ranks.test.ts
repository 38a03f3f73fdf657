import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { OomDump } from '../../../src/model/oom-dump.ts'
import { allocatingTask } from '../../../src/rules/selection/allocating-task.ts'
import { groupKill } from '../../../src/rules/selection/group-kill.ts'
import { largest } from '../../../src/rules/selection/largest.ts'
import { noSelection } from '../../../src/rules/selection/none.ts'
import { onlyCandidate } from '../../../src/rules/selection/only-candidate.ts'
import { oomScoreAdj } from '../../../src/rules/selection/oom-score-adj.ts'
import { tableConfidence, tableMissing } from '../../../src/rules/selection/table.ts'
import { unknownSelection } from '../../../src/rules/selection/unknown.ts'
import { userspacePolicy } from '../../../src/rules/selection/userspace-policy.ts'
import type { RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, saidIn } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, killed, makeDeath, makeIncident, memcgDump } from '../make-incident.ts'

const victim = (rss: number, adj = 0): RowFigures => ({ rss, anon: rss, adj })
const other = (rss: number, adj = 0, more: Partial<RowFigures> = {}): RowFigures => ({
  pid: 7,
  rss,
  anon: rss,
  comm: 'mysqld',
  adj,
  ...more,
})
const on = (rows: RowFigures[], dump: Partial<OomDump> = {}, anon?: number): IncidentFacts =>
  factsWith(killed(globalDump(dump, anon === undefined ? {} : { active_anon: anon, inactive_anon: 0, shmem: 0 }, rows)))

describe('the largest', () => {
  const told = (rows: RowFigures[]) => largest.evaluate(on(rows) as never)
  test('of two at least', () => {
    expect(told([victim(150_000), other(50_000)])?.confidence).toBe('high')
    expect(saidIn(told([victim(150_000, 0), other(50_000)]))).toMatch(
      /was the largest of the 2 processes that could be killed \(586 MiB resident\)/,
    )
    expect(saidIn(told([{ ...victim(150_000), swap: 2560 }, other(50_000)]))).toContain('resident, 10 MiB in swap)')
    expect(told([victim(150_000), other(50_000, -1000)])).toBeNull()
    expect(told([victim(50_000), other(150_000)])).toBeNull()
    expect(told([victim(50_000, 900), other(150_000)])).toBeNull()
  })
})

describe('an adjustment', () => {
  const told = (rows: RowFigures[], dump: Partial<OomDump> = {}) => oomScoreAdj.evaluate(on(rows, dump) as never)
  test('that raised the victim, shielded another, or forbade killing it', () => {
    expect(saidIn(told([victim(60_000, 900), other(150_000, 0)]))).toContain(
      "the victim's oom_score_adj raised it above that process, whose own is 0",
    )
    expect(saidIn(told([victim(60_000, 0), other(150_000, -800)]))).toContain('its oom_score_adj of -800 shielded it')
    expect(saidIn(told([victim(60_000, 0), other(150_000, -1000)]))).toContain('its oom_score_adj of -1000 forbids killing it')
    expect(saidIn(told([victim(60_000, 0), other(150_000, -999)]))).toContain(
      '(the value of the kubelet and the container runtime) shielded it',
    )
    expect(saidIn(told([victim(60_000, 0), other(150_000, -997)]))).toContain('Guaranteed and node-critical pods')
    expect(saidIn(told([victim(60_000, 0), other(150_000, -998, { comm: 'pause' })]))).toContain("a pod's sandbox")
    expect(told([victim(60_000, 900), other(150_000, 900)])).toBeNull()
    expect(told([victim(150_000, 900), other(60_000, 0)])).toBeNull()
    expect(
      told([victim(60_000, 900), other(150_000, 0)])
        ?.evidence.slice(0, 2)
        .map(({ text }) => text),
    ).toEqual(['[ 100] java', '[ 7] mysqld'])
  })
  test('of one that died too, nothing was spared', () => {
    const rows = [victim(60_000, 0), other(62_000, -1000)]
    const dump = globalDump({}, {}, rows)
    const both = { ...dump, kills: [...dump.kills, { ...dump.kills[0], pid: 7 }] } as OomDump
    expect(
      oomScoreAdj.evaluate(
        factsWith(killed(dump), {
          scores: { ...(factsWith(killed(dump)).scores as never as object), shieldedGiant: null } as never,
        }) as never,
      ),
    ).not.toBeNull()
    expect(
      oomScoreAdj.evaluate(
        factsWith(killed(both), {
          scores: { ...(factsWith(killed(both)).scores as never as object), shieldedGiant: null } as never,
        }) as never,
      ),
    ).toBeNull()
  })
})

describe('the only one', () => {
  const told = (rows: RowFigures[], dump: Partial<OomDump> = {}, anon = 100_000) => onlyCandidate.evaluate(on(rows, dump, anon) as never)
  test('the others may not be killed, and the table holds nine tenths of the memory', () => {
    expect(told([victim(90_000)])?.confidence).toBe('high')
    expect(told([victim(89_999)])?.confidence).toBe('medium')
    expect(saidIn(told([victim(95_000)]))).toContain('no other process lived there')
    expect(saidIn(told([victim(95_000), other(900, -1000)]))).toContain('the other 1 may not be killed (oom_score_adj −1000)')
    expect(saidIn(told([victim(95_000), other(900, 0, { pid: 1, comm: 'systemd' })]))).toContain('(process 1)')
    expect(saidIn(told([victim(95_000), other(900, 0, { pid: 1, comm: 'systemd' }), other(800, -1000)]))).toContain(
      'the other 2 may not be killed (process 1, oom_score_adj −1000)',
    )
    expect(told([victim(95_000), other(900)])).toBeNull()
    expect(told([victim(95_000)], { tasksComplete: false })).toBeNull()
  })
})

describe('what a table proves', () => {
  const sure = (rows: RowFigures[], more: Partial<IncidentFacts> = {}, dump: Partial<OomDump> = {}) =>
    tableConfidence({ ...on(rows, dump, 100_000), ...more })
  test('that holds less than half of the memory: little', () => {
    expect(sure([victim(50_000)])).toBe('high')
    expect(sure([victim(49_999)])).toBe('low')
    expect(sure([victim(90_000)], { trust: 'medium' })).toBe('medium')
  })
  test('of which a part is lost: enough where the victim alone held more than half of what was held', () => {
    const used = (on([victim(90_000)], {}, 100_000).composition?.usedBytes ?? 0) / 4096
    expect(sure([victim(Math.floor(used / 2) + 1)], {}, { tasksComplete: false })).toBe('high')
    expect(sure([victim(Math.floor(used / 2) - 1), other(40_000)], {}, { tasksComplete: false })).toBe('medium')
  })
  test('the table is asked for where there is none', () => {
    expect(tableMissing(on([victim(9)]))).toEqual([])
    expect(tableMissing(factsWith(makeIncident({ kills: [makeDeath(null)] })))).toHaveLength(1)
    expect(tableMissing(factsWith(makeIncident({ kills: [makeDeath(null, { killer: 'kubelet' })] })))).toEqual([])
    expect(tableMissing(factsWith(killed({ ...globalDump(), tasks: [] })))).toHaveLength(1)
  })
})

describe('other ways', () => {
  test('whoever asked', () => {
    const facts = (allocating: boolean) => factsWith(inPod(memcgDump({ allocatingTask: allocating })))
    expect(allocatingTask.evaluate(facts(true) as never)).toMatchObject({ confidence: 'high' })
    expect(allocatingTask.evaluate(facts(false) as never)).toBeNull()
    expect(largest.evaluate(factsWith(killed(globalDump({ allocatingTask: true }))) as never)).toBeNull()
  })
  test('a whole group, of which the line may be lost', () => {
    const dump = memcgDump({ groupMemcg: CONTAINER_PATH })
    expect(groupKill.evaluate(factsWith(inPod(dump)) as never)).toMatchObject({ confidence: 'high' })
    const { group: _, ...quotes } = dump.quotes
    const bare = groupKill.evaluate(factsWith(inPod({ ...dump, quotes })) as never)
    expect(bare?.confidence).toBe('medium')
    expect(saidIn(bare)).toContain('its line is not in the log')
    const kills = [100, 101, 102].map((pid) => makeDeath(dump, { pid }))
    expect(saidIn(groupKill.evaluate(factsWith(makeIncident({ kills })) as never))).toContain(
      'took everything in its cgroup along, 3 processes',
    )
    expect(saidIn(groupKill.evaluate(factsWith(inPod(dump)) as never))).not.toContain('processes')
  })
  test.each([
    ['earlyoom', false],
    ['systemd-oomd', true],
    ['oomd', true],
    ['talos', true],
  ] as const)('%s by its own policy', (killer, whole) => {
    const said = saidIn(userspacePolicy.evaluate(factsWith(makeIncident({ kills: [makeDeath(null, { killer })] })) as never))
    expect(said.includes('whole cgroups')).toBe(whole)
  })
  test('nothing was chosen', () => {
    const none = (more: Parameters<typeof makeIncident>[0]) => noSelection.evaluate(factsWith(makeIncident(more)) as never)
    expect(saidIn(none({ nature: 'refused-allocation' }))).toContain('the allocation was refused')
    expect(saidIn(none({ nature: 'runtime-heap' }))).toContain('the program ended by itself')
    expect(saidIn(none({ nature: 'no-kill' }))).toContain('the log tells of no kill')
    expect(none({ nature: 'dump-without-kill' })).toBeNull()
    expect(noSelection.evaluate(factsWith(killed(globalDump())) as never)).toBeNull()
  })
  test('a child that was killed instead of the choice', () => {
    const chosen = (pid: number, rows: RowFigures[], rule: typeof largest | typeof unknownSelection) => {
      const dump = globalDump({}, {}, rows)
      const kills = dump.kills.map((kill) => ({ ...kill, sacrificedFor: { pid, comm: 'mysqld', score: null } })) as OomDump['kills']
      return saidIn(rule.evaluate(factsWith(killed({ ...dump, kills, tasks: rows.length === 1 ? [] : dump.tasks })) as never) as never)
    }
    const rows = [victim(9_000), other(80_000)]
    expect(chosen(7, rows, unknownSelection)).toContain(
      'killed its child java (PID 100) instead. Why it was the choice is not in the log: it is not the first by the task table',
    )
    expect(chosen(8, rows, unknownSelection)).toContain('the task table does not hold it')
    expect(chosen(7, [victim(9_000)], unknownSelection)).toContain('there is no task table')
  })
  test('why is not known', () => {
    const why = (facts: IncidentFacts) => saidIn(unknownSelection.evaluate(facts as never) as never)
    expect(why(factsWith(makeIncident({ kills: [makeDeath(null)] })))).toContain('there is no task table')
    expect(why(on([other(9)]))).toContain('the task table does not hold it')
    expect(why(on([victim(9_000)], { tasksComplete: false, era: null }))).toMatch(/only its row is left/)
    expect(why(on([victim(9_000), other(80)], { tasksComplete: false, era: null }))).toMatch(/2 rows are left/)
    expect(why(on([victim(9_000), other(80_000)], { era: 0 }))).toContain('kernels up to 2.6.35')
    expect(why(on([victim(9_000), other(80_000)]))).toMatch(/in which mysqld \(PID 7\) is first/)
    expect(why(factsWith(makeIncident({})))).toContain('the report has no line of a kill')
  })
})
