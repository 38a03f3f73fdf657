import { describe, expect, test } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { makeKill, quote } from '../kernel/make-dump.ts'
import {
  diagnose,
  globalDump,
  ID,
  inPod,
  killed,
  makeContainer,
  makePod,
  makeState,
  memcgDump,
  NOON,
  POD_PATH,
  podWorkload,
} from './make-incident.ts'

const questions = ['limit', 'consumer', 'selection', 'consequence', 'rootCause'] as const
type Loss = readonly [what: string, lose: (dump: OomDump) => OomDump]

/** What real logs lose: level filters, full ring buffers, rate limits, split records. */
const losses: readonly Loss[] = [
  ['the header', (d) => ({ ...d, trigger: null, has: { ...d.has, header: false } })],
  ['the counter line', (d) => ({ ...d, memory: null, swap: null })],
  ['the statistics', (d) => ({ ...d, stats: [] })],
  ['the whole memcg block', (d) => ({ ...d, memory: null, swap: null, stats: [], has: { ...d.has, memcg: false } })],
  ['Mem-Info', (d) => ({ ...d, memInfo: null, has: { ...d.has, memInfo: false } })],
  ['the zone lines', (d) => ({ ...d, memInfo: d.memInfo === null ? null : { ...d.memInfo, zones: [] } })],
  ['the task table', (d) => ({ ...d, tasks: [], has: { ...d.has, tasks: false } })],
  ['half of the task table', (d) => ({ ...d, tasks: d.tasks.slice(1), tasksComplete: false })],
  [
    'the oom-kill line',
    (d) => ({ ...d, oomMemcg: null, taskMemcg: null, constraint: null, constraintPrinted: null, quotes: { ...d.quotes, summary: [] } }),
  ],
  ['the kill line', (d) => ({ ...d, kills: d.kills.map((kill) => ({ ...kill, anonRssBytes: null })) })],
  ['the era', (d) => ({ ...d, era: null })],
  [
    'everything but the kill line',
    (d) => ({
      ...d,
      trigger: null,
      memory: null,
      swap: null,
      stats: [],
      memInfo: null,
      tasks: [],
      oomMemcg: null,
      taskMemcg: null,
      constraint: null,
      constraintPrinted: null,
      quotes: {},
    }),
  ],
]

const giant = [
  { rss: 2_500, anon: 2_500, adj: 936 },
  { pid: 7, rss: 16_000, anon: 16_000, comm: 'postgres', adj: -999 },
]
const shmem = { anon: 9 * 2 ** 20, file: 66 * 2 ** 20, shmem: 65 * 2 ** 20 }
const ended = makeState({
  kind: 'terminated',
  reason: 'OOMKilled',
  exitCode: 137,
  startedUs: NOON - 600e6,
  finishedUs: NOON + 1e6,
  containerId: ID,
})
const pods = [
  makePod([
    makeContainer({
      lastState: ended,
      state: makeState({ startedUs: NOON + 3e6 }),
      restartCount: { value: 1, quote: quote('Restart Count: 1') },
    }),
  ]),
]

const wholes: readonly (readonly [string, (lose: (dump: OomDump) => OomDump) => Incident])[] = [
  ['a container limit', (lose) => killed(lose(memcgDump()))],
  ['a container limit, with its pod', (lose) => inPod(lose(memcgDump()), { pods })],
  ['a pod limit', (lose) => killed(lose(memcgDump({ oomMemcg: POD_PATH })))],
  [
    'files in memory',
    (lose) =>
      killed(
        lose(memcgDump({ kills: [makeKill({ pid: 100, anonRssBytes: 8 * 2 ** 20 })] }, shmem, [{ rss: 2_300, anon: 2_048, adj: 936 }])),
      ),
  ],
  ['a shielded giant', (lose) => killed(lose(memcgDump({}, { anon: 72 * 2 ** 20 }, giant)))],
  ['a global shortage', (lose) => killed(lose(globalDump()))],
]

/** Nothing may become surer, and no high answer may turn into another high answer, except the consequence's "nothing more is known". */
function expectDegraded(before: Diagnosis, after: Diagnosis): void {
  for (const question of questions) {
    if (after[question].confidence !== 'high') continue
    expect(`${question} ${after[question].id}`).toBe(`${question} ${before[question].id}`)
    expect(after[question].evidence.length, question).toBeGreaterThan(0)
    expect(after[question].against, question).toBeNull()
  }
}

describe('a report that lost a part answers less, never wrong and sure', () => {
  for (const [name, make] of wholes) {
    const before = diagnose(make((dump) => dump))
    test.each(losses)(`${name} without %s`, (_, lose) => {
      const after = diagnose(make(lose))
      expect(after.warnings).toEqual([])
      expectDegraded(before, after)
      const open = questions.filter((question) => after[question].id === 'unknown')
      if (open.length > 0) expect(after.missing.length).toBeGreaterThan(0)
      expect(open.every((question) => after[question].confidence === 'low')).toBe(true)
      expect(after.recommendations.length).toBeGreaterThan(0)
      expect(after.recommendations.length).toBeLessThanOrEqual(5)
    })
  }
})

test('lines of unknown writers are medium at most', () => {
  const diagnosis = diagnose(killed(memcgDump(), {}, { vouched: false }))
  for (const question of questions) expect(diagnosis[question].confidence).not.toBe('high')
})

test('each recommendation set holds a number or name of its own incident', () => {
  for (const [, make] of wholes) {
    const { recommendations } = diagnose(make((dump) => dump))
    expect(recommendations.some((one) => [...one.text, ...one.why].some((part) => typeof part !== 'string'))).toBe(true)
  }
})

test('names from a log cannot break out of a command', () => {
  const workload = { ...podWorkload, owner: 'Deployment/x; rm -rf /', namespace: '$(reboot)', pod: "it's" }
  const diagnosis = diagnose(inPod(memcgDump(), { pods: [] }, { workload }))
  const commands = diagnosis.recommendations.flatMap((one) => (one.command === null ? [] : [one.command])).join('\n')
  expect(commands).toContain("'deployment/x; rm -rf /'")
  expect(commands).toContain("'$(reboot)'")
  const bare = diagnose(inPod(memcgDump(), { pods: [] }, { workload: { ...workload, owner: null } }))
  expect(bare.recommendations.map((one) => one.command ?? '').join('\n')).toContain(`'it'\\''s'`)
})

test('a rule that throws becomes a warning, not a dead run', () => {
  const bad = {
    question: 'limit' as const,
    id: 'manual' as const,
    title: 'x',
    needs: [],
    weight: 100,
    evaluate: () => {
      throw new Error('boom')
    },
  }
  const diagnosis = diagnose(killed(memcgDump()), [bad])
  expect(diagnosis.warnings.map((w) => w.code)).toEqual(['internal-error'])
  expect(diagnosis.limit).toMatchObject({ id: 'unknown', confidence: 'low' })
})
