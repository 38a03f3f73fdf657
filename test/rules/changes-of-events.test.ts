import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../src/facts/incident-facts.ts'
import type { ChangeEvent, ObjectEvent } from '../../src/model/event.ts'
import type { PlacedEvent } from '../../src/model/incident.ts'
import { beforeKill, changeSaid, changesBefore, releaseBefore, toldChanges } from '../../src/rules/changes.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { quote } from '../kernel/make-dump.ts'
import { factsWith } from './facts-with.ts'
import { inPod, makeContainer, makeIncident, makePod, memcgDump, NOON, placed } from './make-incident.ts'

const event = (seconds: number, reason: string, more: Partial<ObjectEvent> = {}) =>
  placed<ObjectEvent>(seconds, {
    kind: 'object-event',
    objectKind: null,
    namespace: 'shop',
    name: 'api',
    uid: null,
    container: null,
    type: 'Normal',
    reason,
    message: '',
    ofMemory: false,
    death: null,
    component: null,
    count: null,
    firstUs: null,
    ageSeconds: null,
    ageResolutionSeconds: null,
    firstAgeSeconds: null,
    ...more,
  })
const change = (seconds: number, what: ChangeEvent['what'], more: Partial<ChangeEvent> = {}) =>
  placed<ChangeEvent>(seconds, { kind: 'change', what, by: 'sudo', subject: null, detail: 'did it', target: null, ...more })
const untimed = <E extends PlacedEvent>(one: E): E => ({ ...one, at: { ...one.at, epochUs: null, uptimeSeconds: null } })
const factsOf = (context: readonly PlacedEvent[], more: Partial<IncidentFacts> = {}) => factsWith(inPod(memcgDump(), { context }), more)
const of = (context: readonly PlacedEvent[], more: Partial<IncidentFacts> = {}) =>
  changesBefore(factsOf(context, more)).map(
    ({ what, name, of, secondsBefore, limitBytes }) =>
      `${what} ${name} of ${of} ${secondsBefore}${limitBytes === undefined ? '' : ` to ${limitBytes}`}`,
  )

describe('how long before the kill a change may be', () => {
  const told = (what: ChangeEvent['what'], ...seconds: number[]) => seconds.map((ago) => of([change(-ago, what)]).length)
  test('an hour; a day for packages and jobs, a week for a kernel', () => {
    expect(told('setting', 3600, 3601, 0, -5, -6)).toEqual([1, 0, 1, 1, 0])
    expect(told('package', 86_400, 86_401)).toEqual([1, 0])
    expect(told('job', 86_400, 86_401)).toEqual([1, 0])
    expect(told('kernel', 7 * 86_400, 7 * 86_400 + 1)).toEqual([1, 0])
  })
  test('without a time nothing says that it was before', () => expect(of([untimed(change(-60, 'setting'))])).toEqual([]))
  test('the nearest is first', () =>
    expect(of([change(-90, 'setting'), change(-30, 'package'), change(-60, 'exec')]).map((one) => one.split(' ')[0])).toEqual([
      'package',
      'exec',
      'setting',
    ]))
  test('from the first kill, else the first sign of the incident', () => {
    const refused = makeIncident({ nature: 'refused-allocation', context: [change(-60, 'setting')] })
    expect(changesBefore(factsWith(refused)).map(({ secondsBefore }) => secondsBefore)).toEqual([60])
  })
  test('an event that was counted, from its first time on', () => {
    expect(of([event(-10, 'InPlaceResizedByVPA', { firstUs: NOON - 600e6 })])).toEqual(['limit InPlaceResizedByVPA of api 600'])
    expect(of([event(-10, 'InPlaceResizedByVPA')])).toEqual(['limit InPlaceResizedByVPA of api 10'])
  })
})

test('the first line of it is quoted', () => {
  const quotes = ['a', 'b'].map((text, n) => quote(text, n))
  const both = [change(-60, 'setting', { quotes } as never), event(-50, 'InPlaceResizedByVPA', { quotes } as never)]
  expect(changesBefore(factsOf(both)).map((one) => one.quotes.map(({ text }) => text))).toEqual([['a'], ['a']])
})

test('what a line tells of a change: whom, by whom, to what', () => {
  expect(of([change(-60, 'limit', { subject: 'web.service', limitBytes: 5 })])).toEqual(['limit did it of web.service 60 to 5'])
  expect(of([change(-60, 'exec', { by: 'containerd' })])).toEqual(['exec did it of containerd 60'])
})

describe('a ReplicaSet of its own that was scaled', () => {
  const scaled = (message: string, more: Partial<ObjectEvent> = {}, facts: Partial<IncidentFacts> = {}) =>
    of([event(-60, 'ScalingReplicaSet', { message, ...more })], facts)
  test.each([
    ['from none: a release', 'Scaled up replica set api to 2 from 0', ['release api of api 60']],
    ['before 1.27', 'Scaled up replica set api to 2', ['release api of api 60']],
    ['from one: more of the same', 'Scaled up replica set api to 2 from 1', ['rescale 2 of api 60']],
    ['down', 'Scaled down replica set api to 0 from 2', []],
    ['another', 'Scaled up replica set web to 2 from 0', []],
    ['one whose name only begins so', 'Scaled up replica set ap to 2 from 0', []],
    ['no words of it', 'Scaled', []],
  ])('%s', (_, message, changes) => expect(scaled(message)).toEqual(changes))
  test('whose Deployment has no name', () => {
    expect(scaled('Scaled up replica set api to 2 from 0', { name: null })).toEqual(['release api of api 60'])
    expect(scaled('Scaled up replica set api to 2 from 1', { name: null })).toEqual(['rescale 2 of api 60'])
  })
  test('without a time, by the start of the pod that came with it', () => {
    const started = (startUs: number | null, message = 'Scaled up replica set api to 2 from 0') =>
      of([untimed(event(-60, 'ScalingReplicaSet', { message }))], { pod: makePod([makeContainer()], { startUs }) })
    expect(started(NOON - 90e6)).toEqual(['release api of api 90'])
    expect(started(NOON)).toEqual(['release api of api 0'])
    expect(started(NOON + 1e6)).toEqual([])
    expect(started(null)).toEqual([])
    expect(started(NOON - 90e6, 'Scaled up replica set api to 2 from 1')).toEqual([])
    // an event with its own time needs none
    expect(
      of([event(-60, 'ScalingReplicaSet', { message: 'Scaled up replica set api to 2 from 0' })], {
        pod: makePod([makeContainer()], { startUs: NOON - 90e6 }),
      }),
    ).toEqual(['release api of api 60'])
  })
  test('by the pod’s object where the kill names none', () => {
    const incident = inPod(
      memcgDump(),
      { context: [event(-60, 'ScalingReplicaSet', { message: 'Scaled up replica set api to 2 from 0' })] },
      { workload: null },
    )
    expect(changesBefore(factsWith(incident, { pod: makePod([]) }))).toHaveLength(1)
    expect(changesBefore(factsWith(incident, { pod: null }))).toHaveLength(0)
  })
  test('is the release that is asked for', () => {
    const facts = factsOf([change(-30, 'exec'), event(-60, 'ScalingReplicaSet', { message: 'Scaled up replica set api to 2 from 0' })])
    expect(releaseBefore(facts)?.what).toBe('release')
    expect(releaseBefore(factsOf([change(-30, 'exec')]))).toBeNull()
  })
})

describe('other events', () => {
  const one = (reason: string, more: Partial<ObjectEvent> = {}, facts: Partial<IncidentFacts> = {}) => of([event(-60, reason, more)], facts)
  test('a job of a CronJob', () => {
    expect(one('SuccessfulCreate', { objectKind: 'CronJob', message: 'Created job etl-29384756' })).toEqual(['job etl-29384756 of api 60'])
    expect(one('SuccessfulCreate', { objectKind: 'CronJob', message: 'Created job etl-29384756', name: null })).toEqual([
      'job etl-29384756 of ? 60',
    ])
    expect(one('SuccessfulCreate', { objectKind: 'Job', message: 'Created job etl-29384756' })).toEqual([])
    expect(one('SuccessfulCreate', { objectKind: 'CronJob', message: 'Created pod: etl-x' })).toEqual([])
  })
  test('another node that is emptied', () => {
    for (const reason of ['NodeNotSchedulable', 'NodeNotReady', 'RemovingNode', 'ScaleDown'])
      expect(one(reason, { name: 'node-2' })).toEqual([`drain ${reason} of node-2 60`])
    expect(one('NodeNotReady', { name: 'node-1' })).toEqual([])
    expect(one('NodeNotReady', { name: null })).toEqual([])
  })
  test('a new number of replicas', () => {
    expect(one('SuccessfulRescale', { message: 'New size: 6; reason: cpu' })).toEqual(['rescale 6 of api 60'])
    expect(one('SuccessfulRescale', { message: 'New size: 6; reason: cpu', name: null })).toEqual(['rescale 6 of ? 60'])
    expect(one('SuccessfulRescale', { message: 'size' })).toEqual([])
  })
  test('a resize in place, with the limit where it is told', () => {
    const message = 'Pod resize completed: {"containers":[{"name":"api","resources":{"limits":{"memory":"256Mi"}}}],"generation":2}'
    const container = makeContainer()
    for (const reason of ['ResizeStarted', 'ResizeCompleted'])
      expect(one(reason, { message }, { container })).toEqual([`limit ${reason} of api 60 to ${256 * 2 ** 20}`])
    expect(one('ResizeCompleted', { message }, { container: makeContainer({ name: 'proxy' }) })).toEqual([
      'limit ResizeCompleted of api 60',
    ])
    expect(one('ResizeCompleted', { message, name: null }, { container: null })).toEqual([
      `limit ResizeCompleted of ? 60 to ${256 * 2 ** 20}`,
    ])
    expect(one('InPlaceResizedByVPA', { name: null })).toEqual(['limit InPlaceResizedByVPA of ? 60'])
  })
  test('an experiment', () => {
    for (const reason of ['Applied', 'ChaosInject'])
      expect(one(reason, { objectKind: 'StressChaos' })).toEqual([`chaos ${reason} of StressChaos/api 60`])
    expect(one('Applied', { objectKind: 'StressChaos', name: null })).toEqual(['chaos Applied of StressChaos/? 60'])
    expect(one('Applied', { objectKind: 'Deployment' })).toEqual([])
    expect(one('Recovered', { objectKind: 'StressChaos' })).toEqual([])
  })
  test('anything else is no change', () => expect(one('Pulled')).toEqual([]))
})

describe('what is told of changes', () => {
  const all = [change(-5, 'package'), change(-10, 'exec'), change(-20, 'load'), change(-30, 'limit')]
  test('two, what was done on purpose first', () => {
    expect(toldChanges(factsOf(all)).map(({ what }) => what)).toEqual(['load', 'limit'])
    expect(toldChanges(factsOf(all.slice(0, 1))).map(({ what }) => what)).toEqual(['package'])
  })
  test('not what the cause tells itself', () => {
    const said = (cause: string, context = all) => plainPhrase(changeSaid(factsOf(context), cause))
    expect(said('memory-leak')).toBe(
      ' Somebody started did it, a tool that takes memory on purpose, 20 s before the first kill. A memory limit had been set (did it) 30 s before the first kill.',
    )
    expect(said('limit-too-low')).not.toContain('limit had been')
    expect(said('limit-too-low')).toContain('Somebody started')
    expect(said('debug-process')).toBe(' A memory limit had been set (did it) 30 s before the first kill.')
    expect(said('debug-process', [change(-10, 'exec')])).toBe('')
    expect(said('memory-leak', [])).toBe('')
  })
  test('how long before, in whole seconds, and never after', () => {
    const before = (secondsBefore: number | null) => plainPhrase(beforeKill({ secondsBefore } as never))
    expect([12.4, 12.6, -3, null].map(before)).toEqual([
      '12 s before the first kill',
      '13 s before the first kill',
      '0 s before the first kill',
      'some time before the first kill',
    ])
  })
  test.each<readonly [ChangeEvent['what'], Partial<ChangeEvent>, string]>([
    ['limit', { limitBytes: 2 ** 20 }, 'A memory limit had been set to 1 MiB (did it) 60 s'],
    ['exec', {}, 'A command had been run inside the container 60 s before the first kill: did it.'],
    ['edit', {}, 'The workload had been edited (did it)'],
    ['reload', { subject: 'clamd' }, 'clamd had begun to load its data'],
    ['job', {}, 'The scheduled job did it had been started'],
    ['kernel', {}, 'another kernel or version of cgroups'],
    ['setting', {}, 'A kernel setting had been changed'],
    ['package', {}, 'Packages had been changed'],
  ])('%s', (what, more, words) =>
    expect(plainPhrase(changeSaid(factsOf([change(-60, what, more)]), 'x'))).toContain(words.replace('60 s', '1 min')),
  )
  test('a release, with its image where that is known', () => {
    const context = [event(-60, 'ScalingReplicaSet', { message: 'Scaled up replica set api to 2 from 0' })]
    const said = (image: string | null) => plainPhrase(changeSaid(factsOf(context, { container: makeContainer({ image }) }), 'x'))
    expect(said('api:2')).toContain('A new release (api, image api:2) began to be rolled out 1 min before')
    expect(said(null)).toContain('A new release (api) began')
    expect(plainPhrase(changeSaid(factsOf(context, { container: null }), 'x'))).toContain('A new release (api) began')
  })
  test('replicas, an experiment, a node', () => {
    const said = (one: PlacedEvent) => plainPhrase(changeSaid(factsOf([one]), 'x'))
    expect(said(event(-60, 'SuccessfulRescale', { message: 'New size: 6; reason: cpu' }))).toContain('replicas of api had been set to 6')
    expect(said(event(-60, 'Applied', { objectKind: 'StressChaos' }))).toContain('A chaos experiment (StressChaos/api) was started')
    expect(said(event(-60, 'NodeNotReady', { name: 'worker-2' }))).toContain('Node worker-2 had stopped taking pods (NodeNotReady)')
  })
})
