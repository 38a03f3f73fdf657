import { describe, expect, it } from 'vitest'
import { objectEventOf, splitObject, timeOfEventName } from '../../../src/extract/documents/object-event.ts'
import type { ObjectEvent } from '../../../src/model/event.ts'
import { objectEvents, readText } from './read.ts'

type Made = Record<string, unknown>
const us = (time: string): number => Date.parse(time) * 1000
/** Made at 07:34:54.392542. */
const NAME = `web.${(BigInt(us('2026-11-24T07:34:54.392Z') + 542) * 1000n).toString(16)}`
const CREATED = us('2026-11-24T07:34:54.392Z') + 542

const full = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: NAME, namespace: 'of-event' },
  involvedObject: { kind: 'Pod', name: 'web', namespace: 'shop', uid: 'u-1', fieldPath: 'spec.containers{app}' },
  reason: 'BackOff',
  message: 'Back-off restarting failed container',
  type: 'Warning',
  count: 4,
  firstTimestamp: '2026-11-24T07:34:54Z',
  lastTimestamp: '2026-11-24T07:50:00Z',
  source: { component: 'kubelet', host: 'node-7' },
}

const read = async (object: Made): Promise<ObjectEvent | undefined> =>
  objectEvents((await readText(JSON.stringify(object, null, 1), 'e.json')).facts)[0]

describe('an Event of the API', () => {
  it.each<[string, Made, Made]>([
    [
      'whole',
      {},
      {
        objectKind: 'Pod',
        name: 'web',
        namespace: 'shop',
        uid: 'u-1',
        container: 'app',
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
        type: 'Warning',
        component: 'kubelet',
        host: 'node-7',
        count: 4,
        firstUs: CREATED,
        ageSeconds: null,
      },
    ],
    [
      'its own namespace where the object has none',
      { involvedObject: { kind: 'Pod', name: 'web' } },
      { namespace: 'of-event', uid: null, container: null },
    ],
    ['no type', { type: undefined }, { type: null }],
    ['no message', { message: undefined }, { message: '' }],
    ['a note', { message: undefined, note: 'said so' }, { message: 'said so' }],
    ['a message before a note', { note: 'said so' }, { message: 'Back-off restarting failed container' }],
    ['both objects', { regarding: { kind: 'Node', name: 'n' } }, { objectKind: 'Pod', name: 'web' }],
    ['no source', { source: undefined }, { component: null, host: null }],
    ['the old source of the new API', { source: {}, deprecatedSource: { component: 'c', host: 'h' } }, { component: 'c', host: 'h' }],
    ['who reports', { source: undefined, reportingComponent: 'r', reportingController: 's' }, { component: 'r', host: null }],
    ['who reports, new API', { source: undefined, reportingController: 's' }, { component: 's' }],
    ['a count of the old kind', { count: undefined, deprecatedCount: 7 }, { count: 7 }],
    ['a count before the old one', { deprecatedCount: 7 }, { count: 4 }],
    ['a series before both', { series: { count: 9 }, deprecatedCount: 7 }, { count: 9 }],
    ['no count', { count: undefined }, { count: null }],
    ['a count in words', { count: 'many' }, { count: null }],
    ['a name without a time: the first time', { metadata: { name: 'web' } }, { firstUs: us('2026-11-24T07:34:54Z') }],
    [
      '… the new API’s before it',
      { metadata: { name: 'web' }, eventTime: '2026-11-24T07:34:53Z' },
      { firstUs: us('2026-11-24T07:34:53Z') },
    ],
    [
      '… the deprecated one',
      { metadata: { name: 'web' }, firstTimestamp: null, deprecatedFirstTimestamp: '2026-11-24T07:34:52Z' },
      { firstUs: us('2026-11-24T07:34:52Z') },
    ],
    ['… none', { metadata: {}, firstTimestamp: undefined }, { firstUs: null }],
  ])('%s', async (_, change, expected) => {
    expect(await read({ ...full, ...change })).toMatchObject(expected)
  })

  const last = (more: Made): Made => ({ metadata: { name: 'web' }, lastTimestamp: null, firstTimestamp: null, ...more })
  it.each<[string, Made, string | null]>([
    [
      'the series’',
      { series: { lastObservedTime: '2026-11-24T08:00:00Z' }, lastTimestamp: '2026-11-24T07:50:00Z' },
      '2026-11-24T08:00:00Z',
    ],
    ['the last', last({ lastTimestamp: '2026-11-24T07:50:00Z', eventTime: '2026-11-24T07:00:00Z' }), '2026-11-24T07:50:00Z'],
    [
      'the deprecated last',
      last({ deprecatedLastTimestamp: '2026-11-24T07:51:00Z', eventTime: '2026-11-24T07:00:00Z' }),
      '2026-11-24T07:51:00Z',
    ],
    ['the event’s', last({ eventTime: '2026-11-24T07:52:00Z', firstTimestamp: '2026-11-24T07:00:00Z' }), '2026-11-24T07:52:00Z'],
    ['the first', last({ firstTimestamp: '2026-11-24T07:53:00Z' }), '2026-11-24T07:53:00Z'],
    ['a malformed one is passed by', last({ lastTimestamp: 'soon', firstTimestamp: '2026-11-24T07:54:00Z' }), '2026-11-24T07:54:00Z'],
    ['none', last({}), null],
  ])('is dated by %s', async (_, change, time) => {
    expect((await read({ ...full, ...change }))?.moment.wall?.epochUs ?? null).toBe(time === null ? null : us(time))
  })

  // one occurrence within two seconds of its name's time: that is more exact; else the time that is printed
  it.each<[string, Made, number]>([
    ['one, the same second', { count: 1, lastTimestamp: '2026-11-24T07:34:54Z' }, CREATED],
    ['none counted', { count: undefined, lastTimestamp: '2026-11-24T07:34:54Z' }, CREATED],
    ['0 counted', { count: 0, lastTimestamp: '2026-11-24T07:34:54Z' }, CREATED],
    ['two', { count: 2, lastTimestamp: '2026-11-24T07:34:54Z' }, us('2026-11-24T07:34:54Z')],
    ['one, 1.999999 s after', { count: 1, lastTimestamp: '2026-11-24T07:34:56.392541Z' }, CREATED],
    ['one, 2 s after', { count: 1, lastTimestamp: '2026-11-24T07:34:56.392542Z' }, CREATED + 2_000_000],
    ['one, 2 s before', { count: 1, lastTimestamp: '2026-11-24T07:34:52.392542Z' }, CREATED - 2_000_000],
    ['one, 1.999999 s before', { count: 1, lastTimestamp: '2026-11-24T07:34:52.392543Z' }, CREATED],
    ['one, no time but the name', { count: 1, lastTimestamp: null, firstTimestamp: null }, CREATED],
  ])('of %s', async (_, change, time) => {
    expect((await read({ ...full, ...change }))?.moment.wall?.epochUs).toBe(time)
  })

  it('of its name alone has a stamp of its own', async () => {
    const event = await read({ ...full, count: 1, lastTimestamp: null, firstTimestamp: null })
    expect(event?.moment.wall).toEqual({
      text: NAME,
      epochUs: CREATED,
      localUs: null,
      hasYear: true,
      offsetMinutes: 0,
      zoneName: null,
      precisionUs: 1,
      clock: 'emitted',
    })
  })

  it('is quoted by what it says, why, and when', async () => {
    const texts = (event: ObjectEvent | undefined): string[] => (event?.quotes ?? []).map(({ text }) => text.trim().split(':')[0] ?? '')
    expect(texts(await read(full))).toEqual(['"message"', '"reason"', '"lastTimestamp"'])
    expect(texts(await read({ ...full, message: undefined, note: 'x', lastTimestamp: null, firstTimestamp: null }))).toEqual([
      '"note"',
      '"reason"',
    ])
  })

  it.each<[string, Made, number]>([
    ['its kind stripped', { kind: undefined }, 1],
    ['the other API’s object', { involvedObject: undefined, regarding: { kind: 'Pod', name: 'web' } }, 1],
    ['no object', { involvedObject: undefined }, 0],
    ['no reason', { reason: undefined }, 0],
    ['another kind', { kind: 'Binding' }, 0],
  ])('in a list: %s', async (_, change, count) => {
    const list = { apiVersion: 'v1', kind: 'EventList', items: [full, { ...full, ...change }] }
    expect(objectEvents((await readText(JSON.stringify(list), 'l.json')).facts)).toHaveLength(1 + count)
  })
})

describe('what a print of an event tells', () => {
  const uid = '5319d4e6-b838-4191-af1e-6e8684177c43'
  const of = (message: string, more: Made = {}): ObjectEvent =>
    objectEventOf({ reason: 'BackOff', message, quotes: [], name: 'web', ...more })
  it.each<[string, Made, Made]>([
    ['Back-off', {}, { message: 'Back-off', container: null, namespace: null, uid: null, name: 'web' }],
    ['spec.containers{app}: Back-off', {}, { message: 'Back-off', container: 'app' }],
    ['spec.initContainers{app}: Back-off', {}, { message: 'Back-off', container: 'app' }],
    ['spec.ephemeralContainers{app}: Back-off\nagain\n', {}, { message: 'Back-off\nagain', container: 'app' }],
    ['spec.containers{app}: Back-off', { fieldPath: 'spec.containers{other}' }, { message: 'Back-off', container: 'other' }],
    ['Created container: app', {}, { container: 'app' }],
    ['Started container app  ', {}, { container: 'app', message: 'Started container app' }],
    ['Started container', {}, { container: null }],
    ['Created container app with care', {}, { container: null }],
    ['Started container app', { fieldPath: 'spec.containers{other}' }, { container: 'other' }],
    [`Back-off in pod web_shop(${uid})`, {}, { namespace: 'shop', uid }],
    [`Back-off in pod web_shop(${uid})`, { namespace: 'a', uid: 'b' }, { namespace: 'a', uid: 'b' }],
    // another pod's
    [`Back-off in pod cart_shop(${uid})`, {}, { namespace: null, uid: null }],
    [`Back-off in pod web_shop(${uid}) again`, {}, { namespace: null, uid: null }],
  ])('%s %j', (message, more, expected) => {
    expect(of(message, more)).toMatchObject(expected)
  })

  it.each([
    [NAME, CREATED],
    ['web', null],
    ['web.17683ea4fced935', null],
    ['web.17683EA4FCED9353', null],
    ['web.117683ea4fced9353', null],
    // from 2001-09-09 on, to 2096
    [`web.${1_000_000_000_000_000_000n.toString(16).padStart(16, '0')}`, null],
    [`web.${1_000_000_000_000_001_000n.toString(16).padStart(16, '0')}`, 1_000_000_000_000_001],
    [`web.${(3_999_999_999_999_999_000n).toString(16)}`, 3_999_999_999_999_999],
    [`web.${(4_000_000_000_000_000_000n).toString(16)}`, null],
  ])('the time in %s', (name, time) => {
    expect(timeOfEventName(name)).toBe(time)
  })

  it.each([
    ['pod/web', 'Pod', 'web'],
    ['Pod/web', 'Pod', 'web'],
    ['pods/web', 'Pod', 'web'],
    ['horizontalpodautoscaler/web', 'HorizontalPodAutoscaler', 'web'],
    ['replicasets/web', 'ReplicaSet', 'web'],
    ['shop/web/more', 'shop', 'web/more'],
    ['pod/', 'Pod', null],
    ['web', null, 'web'],
    ['', null, null],
  ])('%s', (text, kind, name) => {
    expect(splitObject(text)).toEqual({ kind, name })
  })
})
