import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { EvictionEvent } from '../../../src/model/event.ts'
import type { ScoredTask, TaskScores } from '../../../src/model/figures.ts'
import { allocatingTask } from '../../../src/rules/selection/allocating-task.ts'
import { evictionRanking } from '../../../src/rules/selection/eviction-ranking.ts'
import { groupKill } from '../../../src/rules/selection/group-kill.ts'
import { largest } from '../../../src/rules/selection/largest.ts'
import { noSelection } from '../../../src/rules/selection/none.ts'
import { onlyCandidate } from '../../../src/rules/selection/only-candidate.ts'
import { oomScoreAdj } from '../../../src/rules/selection/oom-score-adj.ts'
import { holdsNearlyAll, isRanked, tableConfidence, tableMissing } from '../../../src/rules/selection/table.ts'
import { unknownSelection } from '../../../src/rules/selection/unknown.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeRow, quote } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, saidIn } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, killed, makeDeath, makeIncident, memcgDump, placed, podWorkload } from '../make-incident.ts'

const base = factsWith(killed(globalDump()))
const dump = base.dump as NonNullable<IncidentFacts['dump']>
/** A task of so many MiB, by its PID; 100 is the victim's. */
const task = (pid: number, mib: number | null, more: Partial<ScoredTask> = {}, row: object = {}): ScoredTask => ({
  row: {
    ...makeRow({ pid, rss: (mib ?? 1) * 256, anon: (mib ?? 1) * 256, comm: pid === 100 ? 'java' : 'mysqld' }),
    ...(mib === null ? { rssBytes: null } : {}),
    ...row,
  },
  badness: mib,
  rank: null,
  eligible: true,
  unadjusted: mib,
  unadjustedRank: null,
  ...more,
})
const scored = (tasks: readonly ScoredTask[], more: Partial<TaskScores> = {}, facts: Partial<IncidentFacts> = {}): IncidentFacts => ({
  ...base,
  composition: null,
  dump: { ...dump, tasks: tasks.map(({ row }) => row) },
  scores: {
    ...(base.scores as TaskScores),
    tasks,
    victim: tasks.find(({ row }) => row.pid === 100) ?? null,
    shieldedGiant: null,
    difference: null,
    ...more,
  },
  ...facts,
})
const first = { rank: 1, unadjustedRank: 1 } as const
const second = { rank: 2, unadjustedRank: 2 } as const

describe('the largest', () => {
  const told = (...of: Parameters<typeof scored>) => largest.evaluate(scored(...of) as never)
  const small = task(7, 50, second)
  test('by both ranks, or by the one that can be recomputed', () => {
    expect(told([task(100, 90, first), small])?.confidence).toBe('high')
    expect(told([task(100, 90, { rank: null, unadjustedRank: 1 }), small])?.confidence).toBe('medium')
    expect(told([task(100, 90, { rank: 2, unadjustedRank: 1 }), small])).toBeNull()
    expect(told([task(100, 90, { rank: 1, unadjustedRank: 2 }), small])).toBeNull()
    expect(told([task(100, 90, first)])).toBeNull()
    expect(told([task(100, 90, first), task(7, 50, { eligible: false })])).toBeNull()
    expect(told([task(100, 90, first), small], { shieldedGiant: small })).toBeNull()
    expect(told([task(7, 50)])).toBeNull()
    expect(saidIn(told([task(100, null, first), small]))).toContain('(0 B resident)')
    expect(saidIn(told([task(100, 90, first, { swapBytes: null }), small]))).toContain('(90 MiB resident).')
  })
  test('among the first three where the figures are close', () => {
    const close = (rank: number | null) => told([task(100, 90, { rank: 9, unadjustedRank: rank }), small], { difference: 'close-figures' })
    expect(close(3)?.confidence).toBe('medium')
    expect(plainPhrase(close(3)?.against ?? [])).toContain('a little larger in the table')
    expect(close(4)).toBeNull()
    expect(close(null)).toBeNull()
    expect(told([task(100, 90, { rank: 9, unadjustedRank: 3 }), small])).toBeNull()
    expect(told([task(100, 90, first), small])?.against).toBeNull()
    expect(told([task(100, 90, first), small], { difference: 'close-figures' })?.confidence).toBe('medium')
  })
  test('of rows that hold less than half of the memory a larger one may be missing', () => {
    const of = (anon: number) => told([task(100, 90, first), task(7, 10, second)], {}, heldBy(base, { anon }))
    expect(of(200)?.confidence).toBe('high')
    expect(of(201)?.confidence).toBe('low')
    expect(saidIn(of(201))).toContain('so a larger one may be missing')
    expect(saidIn(of(200))).not.toContain('may be missing')
  })
  test('a child in place of the largest', () => {
    const sacrificed = (parent: ScoredTask, ...others: ScoredTask[]) => {
      const facts = scored([task(100, 9, second), parent, ...others], { difference: 'child-sacrifice' })
      const kills = dump.kills.map((kill) => ({ ...kill, sacrificedFor: { pid: 7, comm: 'mysqld', score: null } }))
      return largest.evaluate({ ...facts, dump: { ...facts.dump, kills } } as never)
    }
    expect(sacrificed(task(7, 90, first))).toMatchObject({ confidence: 'medium', against: expect.anything() })
    expect(saidIn(sacrificed(task(7, 90, first)))).toContain('chose mysqld (PID 7) as the largest (90 MiB resident)')
    expect(saidIn(sacrificed(task(7, null, first)))).toContain('(0 B resident)')
    expect(sacrificed(task(7, 90, second))).toBeNull()
    // Level with the first: the one that stands earlier stays chosen.
    expect(sacrificed(task(7, 90, { rank: 2, badness: 5 }), task(8, 90, { rank: 1, badness: 5 }))).not.toBeNull()
    expect(sacrificed(task(7, 90, { rank: 2, badness: 5 }), task(8, 90, { rank: 1, badness: 6 }))).toBeNull()
    expect(sacrificed(task(7, 90, { rank: 2, badness: null }), task(8, 90, { rank: 1, badness: null }))).toBeNull()
    expect(sacrificed(task(9, 90, first))).toBeNull()
    expect(largest.evaluate(scored([task(100, 9, second), task(7, 90, first)], { difference: 'child-sacrifice' }) as never)).toBeNull()
  })
})

describe('an adjustment', () => {
  const adj = (value: number | null) => ({ oomScoreAdj: value, oomAdj: null })
  const told = (victim: ScoredTask, other: ScoredTask, more: Partial<TaskScores> = {}, facts: Partial<IncidentFacts> = {}) =>
    oomScoreAdj.evaluate(scored([victim, other], more, facts) as never)
  const raised = task(100, 50, { rank: 1, unadjustedRank: 2 }, adj(900))
  const large = (mib: number, more: Partial<ScoredTask> = {}, value: number | null = 0) =>
    task(7, mib, { rank: 2, unadjustedRank: 1, ...more }, adj(value))
  test('a fifth larger at least: sure', () => {
    expect(told(raised, large(60.1))).toMatchObject({ confidence: 'high', against: null })
    expect(told(raised, large(60))?.confidence).toBe('medium')
    expect(plainPhrase(told(raised, large(60))?.against ?? [])).toContain('less than a fifth')
    expect(told(raised, large(60.1), { difference: 'unexplained' })?.confidence).toBe('medium')
    const giant = large(51)
    expect(told(raised, giant, { shieldedGiant: giant })).toMatchObject({ confidence: 'high', against: null })
  })
  test('only where it is lower, or forbids', () => {
    expect(told(raised, large(90, {}, 899))).not.toBeNull()
    expect(told(raised, large(90, {}, 900))).toBeNull()
    expect(told(raised, large(90, { eligible: false }, 900))).not.toBeNull()
    expect(told(task(100, 50, { rank: 1, unadjustedRank: 2 }, adj(null)), large(90, {}, -1))).not.toBeNull()
    expect(told(task(100, 50, { rank: 1, unadjustedRank: 2 }, adj(1)), large(90, {}, null))).not.toBeNull()
    expect(saidIn(told(raised, large(90, {}, null)))).toContain('whose own is 0')
    expect(told(task(100, 50, { rank: 1, unadjustedRank: null }, adj(900)), large(90))).toBeNull()
    expect(told(raised, large(90, { unadjustedRank: 2 }))).toBeNull()
    expect(told(task(100, 90, { rank: 1, unadjustedRank: 1 }, adj(900)), task(7, 50, second))).toBeNull()
    expect(told(raised, large(90), {}, { kill: { ...base.kill, killer: 'earlyoom' } as never })).toBeNull()
    expect(told(raised, large(90), {}, { kill: null })).toBeNull()
  })
  test('where no rank tells, the giant alone does', () => {
    const giant = large(90)
    const group = { dump: { ...dump, tasks: [raised.row, giant.row], groupMemcg: '/x' } }
    expect(told(raised, giant, { shieldedGiant: giant }, group)).not.toBeNull()
    expect(told(raised, giant, {}, group)).toBeNull()
    expect(told(raised, giant, { shieldedGiant: giant }, { kill: { ...base.kill, killer: 'kubelet' } as never })).toBeNull()
    // Without a line of the kill the report is of nobody else's.
    expect(told(raised, giant, { shieldedGiant: giant }, { kill: null })).not.toBeNull()
  })
  test('both are quoted with their sizes', () => {
    expect(saidIn(told(raised, large(90)))).toBe(
      "Java (PID 100) (oom_score_adj 900, 50 MiB resident) was killed although mysqld (PID 7) was larger (90 MiB): the victim's oom_score_adj raised it above that process, whose own is 0.".replace(
        'Java',
        'java',
      ),
    )
    expect(
      saidIn(
        told(task(100, null, { rank: 1, unadjustedRank: 2, unadjusted: 1 }, adj(900)), {
          ...large(90),
          row: { ...large(90).row, rssBytes: null },
        }),
      ),
    ).toContain('0 B resident) was killed although mysqld (PID 7) was larger (0 B)')
    expect(saidIn(told(raised, large(90, { eligible: false }, 5)))).toContain('its oom_score_adj of 5 forbids killing it')
    expect(saidIn(told(raised, large(90, {}, -1)))).toContain('its oom_score_adj of -1 shielded it')
  })
})

describe('the only one', () => {
  const told = (tasks: ScoredTask[], facts: Partial<IncidentFacts> = {}, more: Partial<TaskScores> = {}) =>
    onlyCandidate.evaluate(scored(tasks, more, facts) as never)
  const init = task(1, 5, { eligible: false })
  test('that may be killed', () => {
    expect(told([task(100, 90)])?.confidence).toBe('high')
    expect(told([task(100, 90), task(7, 9)])).toBeNull()
    expect(told([task(100, 90, { eligible: false }), task(7, 9)])).toBeNull()
    expect(told([task(100, 90)], {}, { shieldedGiant: init })).toBeNull()
    expect(told([task(100, 90)], { dump: { ...dump, tasksComplete: false } })).toBeNull()
    expect(told([task(100, 90)], { kill: { ...base.kill, killer: 'earlyoom' } as never })).toBeNull()
    expect(saidIn(told([task(100, 90), init]))).toContain('the other 1 may not be killed (process 1)')
    expect(saidIn(told([task(100, 90), task(8, 5, { eligible: false })]))).toContain('(oom_score_adj −1000)')
    // Process 1 that may be killed is no reason.
    expect(saidIn(told([task(100, 90), task(8, 5, { eligible: false }), init]))).toContain(
      'the other 2 may not be killed (process 1, oom_score_adj −1000)',
    )
  })
  test('a table that holds less than nine tenths may miss another', () => {
    expect(told([task(100, 90)], heldBy(base, { anon: 100 }))?.confidence).toBe('high')
    expect(told([task(100, 89)], heldBy(base, { anon: 100 }))?.confidence).toBe('medium')
    expect(told([task(100, 49)], heldBy(base, { anon: 100 }))?.confidence).toBe('low')
  })
})

describe('what a table proves', () => {
  const one = (mib: number | null, facts: Partial<IncidentFacts> = {}) => scored([task(100, mib, first)], {}, facts)
  test('by its share of the anonymous memory, where counters tell it', () => {
    expect(tableConfidence(one(50, heldBy(base, { anon: 100 })))).toBe('high')
    expect(tableConfidence(one(49, heldBy(base, { anon: 100 })))).toBe('low')
    expect(tableConfidence(one(49, heldBy(base, { anon: 100 }, { from: 'tasks' })))).toBe('high')
    expect(tableConfidence(one(49, heldBy(base, { anon: 0, file: 9 })))).toBe('high')
    expect(tableConfidence(one(49, heldBy(base, { file: 9 })))).toBe('high')
    expect(tableConfidence(one(49, { composition: null }))).toBe('high')
    expect(tableConfidence(one(49, { composition: null, trust: 'medium' }))).toBe('medium')
    expect(holdsNearlyAll(one(90, heldBy(base, { anon: 100 })))).toBe(true)
    expect(holdsNearlyAll(one(89, heldBy(base, { anon: 100 })))).toBe(false)
  })
  test('of which a part is lost: enough where the victim alone held more than half', () => {
    const cut = (mib: number | null, more: Partial<IncidentFacts> = heldBy(base, { anon: 60, file: 40 })) => {
      const facts = one(mib, more)
      return tableConfidence({ ...facts, dump: { ...(facts.dump as typeof dump), tasksComplete: false } })
    }
    expect(cut(51)).toBe('high')
    expect(cut(50)).toBe('medium')
    expect(cut(51, { composition: null })).toBe('medium')
    expect(tableConfidence({ ...one(51), dump: { ...dump, tasksComplete: false }, scores: null })).toBe('medium')
  })
  test('who was ranked', () => {
    expect(isRanked(one(9))).toBe(true)
    expect(isRanked({ ...one(9), kill: null })).toBe(false)
    expect(isRanked({ ...one(9), kill: { ...base.kill, killer: 'kubelet' } as never })).toBe(false)
    expect(isRanked({ ...one(9), dump: null })).toBe(false)
    expect(isRanked({ ...one(9), dump: { ...dump, allocatingTask: true } })).toBe(false)
    expect(isRanked(scored([task(7, 9)]))).toBe(false)
    expect(isRanked({ ...one(9), scores: null })).toBe(false)
  })
  test('the table is asked for where there is none', () => {
    expect(tableMissing(one(9))).toEqual([])
    expect(tableMissing({ ...one(9), dump: { ...dump, tasks: [] } })).toHaveLength(1)
    expect(tableMissing({ ...one(9), dump: null })).toHaveLength(1)
    expect(tableMissing({ ...one(9), dump: null, kill: null })).toEqual([])
    expect(tableMissing({ ...one(9), dump: null, kill: { ...base.kill, killer: 'kubelet' } as never })).toEqual([])
  })
})

describe('why is not known', () => {
  const asked = (facts: IncidentFacts) => unknownSelection.settledBy?.(facts as never).map(({ text }) => plainPhrase(text)) ?? []
  const said = (facts: IncidentFacts) => saidIn(unknownSelection.evaluate(facts as never) as never)
  const cut = (tasks: ScoredTask[], more: Partial<IncidentFacts> = {}) => {
    const facts = scored(tasks, {}, more)
    return { ...facts, dump: { ...(facts.dump as typeof dump), tasksComplete: false } }
  }
  test('what to ask for', () => {
    expect(asked(cut([task(100, 9), task(7, 8)]))).toEqual([expect.stringContaining('The whole task table')])
    // One that is first by the kernel's own measure is left: nothing larger needs to be missing.
    expect(asked(cut([task(100, 9), task(7, 8, { rank: 1 })]))).toEqual([])
    expect(asked(cut([task(100, 9, { rank: 1 }), task(7, 8)]))).toEqual([expect.stringContaining('The whole task table')])
    expect(asked(scored([task(100, 9), task(7, 8)]))).toEqual([])
    expect(asked(cut([task(7, 8)]))).toEqual([])
    expect(asked({ ...cut([task(100, 9)]), kill: { ...base.kill, killer: 'kubelet' } as never })).toEqual([])
    expect(asked({ ...base, dump: { ...dump, tasks: [] } })).toEqual([expect.stringContaining("kernel's task table")])
    expect(asked({ ...base, kill: null })).toEqual([expect.stringContaining("lines after the report's head")])
    expect(asked({ ...base, dump: null, scores: null, kill: { ...base.kill, killer: 'kubelet' } as never })).toEqual([
      expect.stringContaining("lines after the report's head"),
    ])
  })
  test('in words', () => {
    expect(said(cut([task(100, 9)]))).toContain('of the task table only its row is left')
    expect(said(cut([task(100, 9), task(7, 8)]))).toContain('only 2 rows are left')
    expect(said({ ...base, dump: null, scores: null })).toContain('there is no task table')
    expect(said({ ...base, dump: { ...dump, tasks: [] } })).toContain('there is no task table')
    expect(said(scored([task(7, 9)]))).toContain('the task table does not hold it')
    expect(said(scored([task(100, 9)]))).toContain('the total that the adjustments are scaled by is not in the log')
    expect(said(scored([task(100, 9, { rank: 2 }), task(7, 90, { rank: 1 })]))).toContain('in which mysqld (PID 7) is first')
    const nameless = (comm: string | null, pid: number | null) =>
      said({ ...scored([task(7, 9)]), kill: { ...base.kill, comm, pid } as never })
    expect(nameless(null, null)).toContain('Why this process was chosen')
    expect(nameless('java', null)).toContain('Why java was chosen')
    expect(nameless(null, 100)).not.toContain('this process')
  })
})

describe('other ways', () => {
  test('whoever asked, by the kernel', () => {
    const facts = factsWith(killed(globalDump({ allocatingTask: true })))
    expect(allocatingTask.evaluate(facts as never)).not.toBeNull()
    expect(allocatingTask.evaluate({ ...facts, kill: { ...facts.kill, killer: 'earlyoom' } } as never)).toBeNull()
  })
  test('a whole group', () => {
    const group = memcgDump({ groupMemcg: CONTAINER_PATH })
    const kills = [
      makeDeath(group, { pid: 1 }),
      makeDeath(group, { pid: 1 }),
      makeDeath(group, { pid: 2 }),
      makeDeath(group, { pid: 3, eventKey: 'other' }),
    ]
    const facts = factsWith(makeIncident({ kills }))
    expect(saidIn(groupKill.evaluate(facts as never))).toContain('along, 2 processes.')
    expect(groupKill.evaluate({ ...facts, kill: { ...facts.kill, killer: 'kubelet' } } as never)).toBeNull()
    expect(groupKill.evaluate({ ...facts, dump: { ...facts.dump, groupMemcg: null } } as never)).toBeNull()
  })
  test('the kubelet’s ranking', () => {
    const event = (stage: EvictionEvent['stage'], ranking: readonly string[]) =>
      placed<EvictionEvent>(0, {
        kind: 'eviction',
        stage,
        target: null,
        ranking,
        signal: null,
        thresholdBytes: null,
        availableBytes: null,
        capacityBytes: null,
        message: null,
        usages: [],
      } as never)
    const told = (killer: 'kubelet' | 'kernel', ...context: ReturnType<typeof event>[]) =>
      evictionRanking.evaluate(factsWith(makeIncident({ kills: [makeDeath(null, { killer, workload: podWorkload })], context })) as never)
    expect(saidIn(told('kubelet', event('observed', ['x']), event('ranked', ['shop/a', 'shop/b'])))).toContain(
      'shop/api-7c9d4 by its eviction ranking: usage above the request first, then priority; its ranking began with shop/a.',
    )
    expect(saidIn(told('kubelet', event('observed', ['x'])))).toMatch(/then priority\.$/)
    expect(told('kernel', event('ranked', ['x']))).toBeNull()
  })
  test('nothing was chosen', () => {
    const told = (more: object) => noSelection.evaluate({ ...base, kill: null, ...more } as never)
    const nature = (of: string) => ({ incident: { ...base.incident, nature: of } })
    expect(told({ ...nature('no-kill'), dump: null })?.confidence).toBe('high')
    expect(told(nature('no-kill'))?.confidence).toBe('medium')
    expect(saidIn(told({ ...nature('panic'), dump: { ...dump, panic: { cause: 'setting' } } }))).toContain(
      'panicked instead of choosing a process',
    )
    expect(saidIn(told({ ...nature('panic'), dump: { ...dump, panic: { cause: 'no-process' } } }))).toContain(
      'no process could be killed, and the kernel panicked',
    )
    expect(told({ ...nature('panic'), dump: { ...dump, panic: { cause: 'setting' } } })?.confidence).toBe('high')
    expect(saidIn(told({ ...nature('no-kill'), dump: { ...dump, noKillable: true } }))).toContain('every process that was left is exempt')
    expect(told({ ...nature('no-kill'), dump: { ...dump, noKillable: true } })?.confidence).toBe('high')
    expect(told(nature('dump-without-kill'))).toBeNull()
    expect(told({ incident: { ...base.incident, nature: 'no-kill', proofsBeside: [quote('p')] } })).toBeNull()
    expect(told({ incident: { ...base.incident, nature: 'no-kill', proofsBeside: [] } })).not.toBeNull()
    expect(noSelection.evaluate(base as never)).toBeNull()
  })
})
