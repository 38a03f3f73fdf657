import { describe, expect, it } from 'vitest'
import type { PlacedEvent } from '../../src/model/incident.ts'
import { latest, readTimes } from '../../src/timeline/read-times.ts'
import { quote } from '../kernel/make-dump.ts'
import { makeContainer, makePod, makeState, NOON } from '../rules/make-incident.ts'
import { at } from './scene.ts'

const pod = (more: object = {}) => ({ ...makePod([], { source: 'pod.yaml', startUs: NOON, ...more }), bundle: 'a' })
const clock = (capturedUs: number | null, bundle = 'a') => ({
  kind: 'clock',
  source: 'date',
  bundle,
  capturedUs: capturedUs === null ? null : { value: capturedUs },
})
/** Seconds from noon at which `pod.yaml` was read at the earliest. */
const read = (snapshots: readonly object[], events: readonly PlacedEvent[] = []) => {
  const us = readTimes({ snapshots: { all: snapshots as never }, events }).get('pod.yaml')
  return us === undefined ? null : (us - NOON) / 1e6
}
const inside = (startedUs: number | null, finishedUs: number | null) => ({
  containers: [makeContainer({ state: makeState({ startedUs: NOON }), lastState: makeState({ startedUs, finishedUs }) })],
})

describe('when a document was read, at the earliest', () => {
  it('after all it tells: start, deletion, starts and ends of containers', () => {
    expect(read([pod()])).toBe(0)
    expect(read([pod({ deletionUs: NOON + 5e6 })])).toBe(5)
    expect(read([pod({ deletionUs: NOON - 5e6 })])).toBe(0)
    expect(read([pod(inside(NOON + 7e6, null))])).toBe(7)
    expect(read([pod(inside(NOON + 7e6, NOON + 9e6))])).toBe(9)
    expect(read([pod({ startUs: null })])).toBeNull()
  })
  it('with its bundle, by the latest of its clocks', () => {
    expect(read([pod(), clock(NOON + 60e6)])).toBe(60)
    expect(read([pod(), clock(NOON + 60e6), clock(NOON + 30e6), clock(null)])).toBe(60)
    expect(read([pod(), clock(NOON + 60e6, 'b')])).toBe(0)
  })
  it('of several in one file the latest', () => expect(read([pod(), pod({ startUs: NOON + 3e6 }), pod({ startUs: NOON + 1e6 })])).toBe(3))
  it('after the events in it', () => {
    const event = (source: string) => ({
      ...at(50, { kind: 'loss' }),
      event: { ...at(0, { kind: 'loss' }).event, quotes: [{ ...quote('x'), source }] },
    })
    expect(read([pod()], [event('pod.yaml')])).toBe(50)
    expect(read([pod()], [event('kern.log')])).toBe(0)
    expect(readTimes({ snapshots: { all: [] }, events: [event('pod.yaml')] }).size).toBe(0)
  })
  it('no other document', () => expect(read([{ ...pod(), kind: 'node' }])).toBeNull())
  it('is made once', () => {
    const told = { snapshots: { all: [pod()] as never }, events: [] }
    expect(readTimes(told)).toBe(readTimes(told))
  })
})

it('the latest of times, some unknown', () => {
  expect([latest([]), latest([null]), latest([1, null, 3, 2]), latest([null, -5])]).toEqual([null, null, 3, -5])
})
