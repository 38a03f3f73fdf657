import { expect, test } from 'vitest'
import type { ForeignWords, KernelNotice, LossMark, ObjectEvent, RuntimeEvent } from '../../../src/model/event.ts'
import type { Finding } from '../../../src/model/finding.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { eventsLost } from '../../../src/rules/findings/events-lost.ts'
import { evictedPods } from '../../../src/rules/findings/evicted-pods.ts'
import { kernelNotices } from '../../../src/rules/findings/kernel-notices.ts'
import { killedBySignal } from '../../../src/rules/findings/killed-by-signal.ts'
import { linesByProgram } from '../../../src/rules/findings/lines-by-program.ts'
import { ownReport } from '../../../src/rules/findings/own-report.ts'
import { sceneOf } from '../../../src/rules/findings/scene.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { makeDeath, makeIncident, makePod, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ id, statement, evidence }) => `${id}: ${plainPhrase(statement)} [${evidence.map(({ line }) => line).join(',')}]`)
const incidents = [makeIncident({ kills: [makeDeath(memcgDump())] })]

test('a report of our own is told once a source, with its lines and what it quotes', () => {
  const span = (source: string, line: number, lines: number, ...quoted: number[]) => ({
    reason: 'own-report' as const,
    first: { ...quote('oom-report', line), source },
    lines,
    sightings: quoted.map((n) => ({ quote: quote('Killed process', n) })) as never,
  })
  const of = (...setAside: ReturnType<typeof span>[]) => said(ownReport(scene({ setAside })))
  expect(of(span('a', 1, 3, 7, 8), span('a', 20, 4, 8, 9), span('b', 2, 0))).toEqual([
    'own-report: A report that oom-report itself wrote is among the inputs (7 lines) and was set aside, 3 lines in it that quote a kill included: a report is no log, and the log that it was made from tells more. [1,20]',
    'own-report: A report that oom-report itself wrote is among the inputs and was set aside: a report is no log, and the log that it was made from tells more. [2]',
  ])
  expect(of(...[1, 2, 3, 4, 5].map((n) => span('a', n, 1)))[0]).toContain('[1,2,3,4]')
  expect(said(ownReport(scene({})))).toEqual([])
})

const child = (pid: number | null, more: Partial<RuntimeEvent> = {}, seconds = 0) =>
  placed<RuntimeEvent>(seconds, {
    kind: 'runtime',
    runtime: 'postgresql',
    what: 'child-killed',
    detail: null,
    pid,
    moment: { wall: { epochUs: NOON + seconds * 1e6 }, outerWall: null, uptimeUs: null },
    ...more,
  } as never)

test('a child’s end by signal 9 is a lead, unless a kill says more', () => {
  const of = (events: Timeline['events'], parts: Partial<Timeline> = {}) => said(killedBySignal(scene({ events, ...parts })))
  expect(of([child(7)])[0]).toContain('PostgreSQL reports the end of process 7 by signal 9')
  expect(of([child(7), child(8, {}, 1), child(9, {}, 2)])[0]).toContain('process 7 (and of 2 more) by signal 9')
  expect(of([child(7, { command: 'make' }), child(8, { runtime: 'gunicorn' })])).toHaveLength(2)
  expect(of([child(7, { runtime: 'gunicorn', command: 'web' })])[0]).toContain('gunicorn reports the end of process 7 (web) by')
  expect(of([1, 2, 3, 4, 5].map((n) => child(n, {}, n)))[0]).toContain('[501,502,503,504]')
  expect(of([child(null)])).toEqual([])
  expect(of([child(7, { what: 'terminated' })])).toEqual([])
  const told = (pid: number | null, seconds: number) => of([child(pid ?? 7, {}, seconds)], { incidents }).length === 0
  expect([told(100, 9999), told(7, 59), told(7, -59), told(7, 60), told(7, -60)]).toEqual([true, true, true, false, false])
  const nameless = [makeIncident({ kills: [makeDeath(null, { pid: null })] })]
  expect(of([child(7, {}, 1)], { incidents: nameless })).toHaveLength(1)
})

const notice = (comm: string | null, more: Partial<KernelNotice> = {}, seconds = 0) =>
  placed<KernelNotice>(seconds, { kind: 'kernel-notice', notice: 'page-allocation-failure', comm, ...more } as never)

test('kernel notices are counted by kind, with who asked', () => {
  const of = (...events: ReturnType<typeof notice>[]) => said(kernelNotices(scene({ events })))
  expect(of(notice('kworker'))).toEqual([
    'page-allocation-failure: 1 kernel message of the kind “page allocation failure” (kworker): an allocation failed and its caller coped or gave up; nothing was killed. [500]',
  ])
  expect(of(...[1, 2, 3, 4].map((n) => notice(n > 2 ? 'a' : 'b', {}, n)))[0]).toMatch(
    /^\S+ 4 kernel messages .* \(b and others\).* \[501,502,503\]$/,
  )
  expect(of(notice(null), notice('a', {}, 1))[0]).toContain('failure” (a):')
  expect(of(notice(null))[0]).toContain('failure”: an')
  expect(of(notice(null, { notice: 'hung-task' }))).toEqual([])
  expect(of(notice('a'), notice('a', { notice: 'balloon' }), { ...notice('a'), host: 'other' })).toHaveLength(3)
})

const loss = (of: LossMark['of'], more: Partial<LossMark> = {}, seconds = 0) =>
  placed<LossMark>(seconds, { kind: 'loss', what: 'printk-dropped', of, count: null, subject: null, ...more } as never)

test('lost lines are told where kills may have been among them', () => {
  const tell = (events: Timeline['events'], beside = true) => said(eventsLost(scene({ events, incidents: beside ? incidents : [] })))
  expect(tell([loss('kernel' as never, { count: 3 }), loss('kernel' as never, { count: 4 }, 1)])).toEqual([
    'events-lost: The kernel dropped messages before they were read (7): there may have been more kills than the log shows. [500,501]',
  ])
  expect(tell([loss('others')])).toEqual([])
  expect(tell([loss('node-services', { what: 'journal-missed', subject: 'kubelet' })])[0]).toContain(
    'journald missed kernel messages of kubelet: what became of kills may be missing',
  )
  expect(tell([loss('node-services')], false)).toEqual([])
  expect(tell([loss('kill-reports')], false)[0]).toContain('reports are missing, and of those kills only their own line is there')
  expect(tell([loss('kill-reports'), loss('kill-reports', { subject: 'a' }), loss('kill-reports', { what: 'elision' })])).toHaveLength(3)
  expect(tell([1, 2, 3, 4].map((n) => loss('kill-reports', {}, n)))[0]).toContain('[501,502,503]')
})

test('words of programs are counted by whose they would be', () => {
  const words = (of: string, by: string | null, seconds = 0) => placed<ForeignWords>(seconds, { kind: 'foreign-words', of, by } as never)
  const of = (...events: Timeline['events']) => said(linesByProgram(scene({ events })))
  expect(of(words('kernel', 'logger'), words('kernel', 'logger', 1), words('kubelet', null, 2))).toEqual([
    'lines-by-another-program: Text like that of the kernel about a death was written by logger (2 times): no kill is counted for it. [500,501]',
    'lines-by-another-program: Text like that of kubelet about a death was written by a container on its output: no kill is counted for it. [502]',
  ])
  expect(of(...Array.from({ length: 10 }, (_, n) => words('kernel', `p${n}`, n)))).toHaveLength(8)
  expect(of(...[1, 2, 3, 4, 5].map((n) => words('kernel', 'a', n)))[0]).toContain('[501,502,503,504]')
  const forged = (n: number) => notice('a', { notice: 'forged-oom-line' }, n)
  expect(of(forged(1))[0]).toContain('1 piece of text like')
  expect(of(...[1, 2, 3, 4, 5].map(forged))[0]).toMatch(/5 pieces of text .*\[501,502,503,504\]$/)
  expect(of(notice('a'))).toEqual([])
})

test('evictions for other resources, by status and by event', () => {
  const pod = (end: object | null, more = {}) =>
    makePod([], {
      reason: 'Evicted',
      quotes: [1, 2, 3].map((n) => quote(`q${n}`, n)),
      ...(end === null ? {} : { end: { what: 'evicted', shortOf: null, overLimitOf: null, ...end } as never }),
      ...more,
    })
  const of = (one: ReturnType<typeof pod>, parts: Partial<Timeline> = {}) => said(evictedPods(scene({ snapshots: [one], ...parts })))
  expect(of(pod(null))).toEqual([
    'evicted-cause-unknown: Pod shop/api-7c9d4 was evicted; what its node was short of is not in the input: kubectl describe pod -n shop api-7c9d4 shows the message. [1,2]',
  ])
  expect(of(pod(null, { name: '' }))[0]).toContain('kubectl describe pod -n shop NAME shows')
  expect(of(pod(null, { message: 'The node was low' }))).toEqual([])
  expect(of(pod(null, { reason: 'Preempting' }))).toEqual([])
  expect(of(pod({ shortOf: 'memory' }))).toEqual([])
  expect(of(pod({ shortOf: 'inodes' }, { message: 'low on inodes' }))[0]).toContain('its node was short of inodes: that is not memory')
  expect(of(pod({ overLimitOf: 'emptyDir' }, { message: 'x' }))[0]).toContain('more local storage (emptyDir) than it may')
  const kill = (killer: 'kubelet' | 'kernel', name = 'api-7c9d4') => ({
    incidents: [makeIncident({ kills: [makeDeath(null, { killer, workload: { ...podWorkload, pod: name } })] })],
  })
  expect([of(pod(null), kill('kubelet')).length, of(pod(null), kill('kernel')).length, of(pod(null), kill('kubelet', 'b')).length]).toEqual(
    [0, 1, 1],
  )
  const event = (name: string | null, more: Partial<ObjectEvent> = {}) =>
    placed<ObjectEvent>(0, { kind: 'object-event', reason: 'Evicted', namespace: 'shop', name, evictedFor: 'inodes', ...more } as never)
  expect(
    of(pod({ shortOf: 'memory' }), {
      events: [event('b'), event('b'), event('api-7c9d4'), event('c', { evictedFor: undefined } as never)],
    }),
  ).toEqual([
    'evicted-for-other-resource: Pod shop/b was evicted because of inodes: that is not memory. [500]',
    'evicted-cause-unknown: Pod shop/c was evicted; what its node was short of is not in the message, or not whole. [500]',
  ])
  expect(said(evictedPods(scene({ events: [event('b', { namespace: null })] })))[0]).toContain('Pod b was evicted')
  const by = (more: object) => said(evictedPods(scene({ events: [event('b', { evictedFor: undefined, ...more } as never)] }))).length
  const low = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. '
  expect([by({}), by({ message: low }), by({ reason: 'Killing' })]).toEqual([1, 0, 0])
  const three = [1, 2, 3].map((n) => quote(`e${n}`, n))
  expect(said(evictedPods(scene({ events: [event('b', { quotes: three } as never)] })))[0]).toContain('[1,2]')
})
