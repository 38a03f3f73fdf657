import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import { buildTimeline } from '../../src/timeline/index.ts'
import { quote } from '../kernel/make-dump.ts'
import { ID, makeContainer, makePod, makeState, NOON, podWorkload } from '../rules/make-incident.ts'
import { anchor, bootMark, notice, report, source } from './sources.ts'
import { instant, momentOf, noOptions } from './stamps.ts'

const built = (...all: SourceEvidence[]) => buildTimeline(all, noOptions)
const told = (event: object, second: number, more: object = {}): Event =>
  ({
    ...notice(null, 'node-1'),
    ...event,
    writer: 'userspace',
    moment: momentOf(instant(new Date(NOON / 1000 + second * 1000).toISOString())),
    ...more,
  }) as Event
const unit = (what: string, second: number, name = 'a.service', more: object = {}) =>
  told({ kind: 'unit', what, unit: name, result: null, pid: null, memoryPeakBytes: null, restartCounter: null }, second, more)
const journal = (events: readonly Event[]) => source('journal', { host: 'node-1', hasKernel: false, events })
const killers = (...events: Event[]) => built(journal(events)).incidents.flatMap((i) => i.kills.map((k) => k.killer))

describe('systemd’s word on a unit, and systemd-oomd’s', () => {
  it('is a kernel’s kill of which nothing more is known, unless systemd-oomd did it', () => {
    expect(killers(unit('oom-killed', 0))).toEqual(['kernel'])
    expect(killers(unit('oomd-killed', 0))).toEqual(['systemd-oomd'])
    expect(killers(unit('oomd-killed', 0), unit('oom-killed', 1))).toEqual(['systemd-oomd'])
    expect(killers(unit('oomd-killed', 0), unit('oom-killed', 60, 'b.service'))).toEqual(['systemd-oomd', 'kernel'])
    expect(killers(unit('started', 0), unit('oom-killed', 1))).toEqual(['kernel'])
  })
})

describe('a kernel log that covers the time and has no kill', () => {
  const stamp = (second: number) => momentOf(instant(new Date(NOON / 1000 + second * 1000).toISOString()))
  const covering = (from: number | null, to: number | null) =>
    source('kern.log', { host: 'node-1', first: from === null ? null : stamp(from), last: to === null ? null : stamp(to) })
  const counts = (...log: SourceEvidence[]) => built(journal([unit('oom-killed', 0)]), ...log).incidents.flatMap((i) => i.kills).length
  it('speaks against systemd’s word; one that does not cover it says nothing', () => {
    expect([counts(), counts(covering(-60, 60)), counts(covering(0, 60)), counts(covering(-60, 0))]).toEqual([1, 0, 0, 0])
    expect([counts(covering(1, 60)), counts(covering(-60, -1)), counts(covering(null, null))]).toEqual([1, 1, 1])
  })
})

describe('a line that a program wrote', () => {
  const line = 'Out of memory: Killed process 100 (java) total-vm:42144kB'
  const copied = { ...report(5, { quotes: [quote(line)] }), writer: 'unknown' } as Event
  const noted = (what: string) => notice(5, null, { notice: what, subject: line })
  const counts = (what: string) =>
    built(source('a.log', { events: [copied] }), source('b.log', { events: [noted(what)] })).incidents.flatMap((i) => i.kills).length
  it('refutes its copies; another notice about it does not', () => expect([counts('forged-oom-line'), counts('hung-task')]).toEqual([0, 1]))
})

describe('which sources told something', () => {
  const of = (parts: Parameters<typeof source>[1]) => built(source('x', { hasKernel: false, ...parts })).told.has('x')
  const cgroup = { kind: 'cgroup', host: null }
  const pod = makePod([makeContainer()])
  it('a kernel log, events, clocks, documents about somebody', () => {
    expect([of({}), of({ hasKernel: true }), of({ events: [notice(1)] }), of({ snapshots: [pod] })]).toEqual([false, true, true, true])
  })
  it('one warning, one reading of a clock, one word that looks like a kill', () => {
    const warning = { code: 'x', source: 'x', line: null }
    const bare = source('x', { hasKernel: false })
    expect(built({ ...bare, warnings: [warning] as never }).told.has('x')).toBe(true)
    expect(of({ anchors: [anchor(1, 1_700_000_000)] })).toBe(true)
    expect(
      built({
        ...bare,
        sightings: [{ pid: null, quote: { source: 'x', line: 1, offset: null, cursor: null, text: '' } }] as never,
      }).told.has('x'),
    ).toBe(true)
  })
  it('one document beside files of cgroups and processes is enough', () => {
    const processes = { kind: 'process', host: null }
    expect([of({ snapshots: [cgroup] }), of({ snapshots: [processes] }), of({ snapshots: [cgroup, processes] })]).toEqual([
      false,
      false,
      false,
    ])
    expect([of({ snapshots: [cgroup, pod] }), of({ snapshots: [pod, processes] })]).toEqual([true, true])
  })
})

describe('effects and causes, told by several', () => {
  const memcg = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${podWorkload.podUid?.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`
  const kernel = (second: number) => {
    const moment = momentOf(instant(new Date(NOON / 1000 + second * 1000).toISOString()))
    return { ...report(null, { taskMemcg: memcg, moment }, 'node-1'), moment } as Event
  }
  const log = (...seconds: number[]) => source('kern.log', { host: 'node-1', events: seconds.map(kernel) })
  const status = (second: number) =>
    source('pods', {
      hasKernel: false,
      snapshots: [
        makePod([
          makeContainer({
            lastState: makeState({
              kind: 'terminated',
              reason: 'OOMKilled',
              exitCode: 137,
              finishedUs: NOON + second * 1e6,
              containerId: ID,
            }),
          }),
        ]),
      ],
    })
  it('one fact that a log and a status tell is one death with both places', () => {
    const { incidents } = built(log(0), status(1))
    expect(incidents.map((i) => i.kills.length)).toEqual([1])
    expect(incidents[0]?.kills[0]).toMatchObject({ killer: 'kernel', workload: { pod: 'api-7c9d4', container: 'api' } })
    expect(new Set(incidents[0]?.pods.map((p) => p.name))).toEqual(new Set(['api-7c9d4']))
  })
  it('stands in order of time, whatever the order of reading', () => {
    for (const all of [
      [log(0), journal([unit('failed', 1), unit('started', -60)])],
      [journal([unit('failed', 1), unit('started', -60)]), log(0)],
    ]) {
      const { events } = built(...all)
      const times = events.map((e) => e.at.epochUs ?? 0)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })
  it('uptimes that fall back are another boot: the same second and pid of it are another death', () => {
    const kills = (...events: Event[]) => built(source('dmesg', { events })).incidents.flatMap((i) => i.kills)
    const two = kills(report(500), bootMark(0), report(500, { anonRssBytes: 5001 }))
    expect([two.length, new Set(two.map((k) => k.boot)).size]).toEqual([2, 2])
    expect(kills(report(500), report(500.005))).toHaveLength(1)
  })
})
