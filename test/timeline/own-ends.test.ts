import { describe, expect, it } from 'vitest'
import type { ContainerState, PodSnapshot } from '../../src/model/snapshot.ts'
import { unitThatEnded, withSpeakers } from '../../src/timeline/own-ends.ts'
import { ID, instantAt, makeContainer, makePod, makeState, NOON } from '../rules/make-incident.ts'
import { at, refOf, withoutTime } from './scene.ts'

const said = (more: object = {}, placed: object = {}) =>
  at(0, { kind: 'runtime', runtime: 'jvm', what: 'heap-exhausted', pid: null, target: null, ...more }, placed)
const ended = (seconds: number, more: Partial<ContainerState> = {}) =>
  makeState({ kind: 'terminated', exitCode: 3, finishedUs: NOON + seconds * 1e6, containerId: ID, ...more })
const podWith = (state: ContainerState, more: Partial<PodSnapshot> = {}) => makePod([makeContainer({ lastState: state })], more)
const speaker = (pods: PodSnapshot[], words = said()) => {
  const [one] = withSpeakers([words], pods)
  return one?.event.kind === 'runtime' ? (one.event.target?.container ?? null) : 'another event'
}

describe('who said that its heap was full', () => {
  it.each<[string, ContainerState, string | null]>([
    ['the container that ended in that second', ended(0), 'api'],
    ['ten seconds later: a heap dump takes them', ended(10), 'api'],
    ['later', ended(10.000001), null],
    ['cut to the whole second before', ended(-0.999999), 'api'],
    ['a second before', ended(-1), null],
    ['success', ended(1, { exitCode: 0 }), null],
    ['somebody killed it', ended(1, { exitCode: 137 }), null],
    ['somebody ended it', ended(1, { exitCode: 143 }), null],
    ['one', ended(1, { exitCode: 1 }), 'api'],
    ['no code', ended(1, { exitCode: null }), null],
    ['no time', ended(1, { finishedUs: null }), null],
    ['it runs', makeState({ kind: 'running', exitCode: 3, finishedUs: NOON }), null],
  ])('%s', (_, state, want) => expect(speaker([podWith(state)])).toBe(want))
  it('by the state that it is in, too', () => expect(speaker([makePod([makeContainer({ state: ended(1) })])])).toBe('api'))
  it('allows for what the clock does', () => {
    const coarse = said({}, { at: { ...instantAt(0), uncertaintyMs: 5000 } })
    expect([15, 15.000001, -5.999999, -6].map((s) => speaker([podWith(ended(s))], coarse))).toEqual(['api', null, 'api', null])
  })
  it('on its host; a pod whose node nobody told may be there', () => {
    expect(speaker([podWith(ended(1), { node: 'node-2' })])).toBeNull()
    expect(speaker([podWith(ended(1), { node: null })])).toBe('api')
  })
  it('not of two; one that two documents show is one', () => {
    expect(speaker([podWith(ended(1)), podWith(ended(2), { name: 'other' })])).toBeNull()
    expect(speaker([podWith(ended(1)), podWith(ended(1))])).toBe('api')
  })
  it('words with a speaker, or of another kind, stay as they are', () => {
    expect(speaker([podWith(ended(1))], said({ target: refOf({ container: 'own' }) }))).toBe('own')
    expect(speaker([podWith(ended(1))], said({ what: 'sized' }))).toBeNull()
    expect(speaker([podWith(ended(1))], said({ what: 'allocation-refused' }))).toBe('api')
  })
  it.each([
    ['jvm', 3, 'api'],
    ['jvm', 134, 'api'],
    ['jvm', 1, null],
    ['node', 133, 'api'],
    ['node', 134, 'api'],
    ['node', 3, null],
    ['go', 2, 'api'],
    ['dotnet', 134, 'api'],
    ['dotnet', 139, 'api'],
    ['python', 1, null],
  ] as const)('words of %s without a time are of the one that ended with its own code: %i', (runtime, exitCode, want) => {
    const state = makeState({ kind: 'terminated', exitCode, finishedUs: NOON })
    const words = said({ runtime }, { at: { ...instantAt(0), ...withoutTime } })
    expect(speaker([podWith(state)], words)).toBe(want)
    expect(speaker([podWith(state), podWith(state, { name: 'other' })], words)).toBeNull()
  })
  it('beside others, each by itself', () => {
    const other = said({ target: refOf({ container: 'own' }) })
    const both = withSpeakers([other, said(), at(0, { kind: 'loss' })], [podWith(ended(1))])
    expect(both.map(({ event }) => (event.kind === 'runtime' ? event.target?.container : event.kind))).toEqual(['own', 'api', 'loss'])
  })
  it('a pod without a name is known by what it has', () => {
    const [one] = withSpeakers([said()], [podWith(ended(1), { name: '' })])
    expect(one?.event).toMatchObject({ target: { pod: null, namespace: 'shop', containerId: ID } })
  })
})

describe('the unit that ended with a runtime’s last words', () => {
  const unit = (seconds: number, more: object = {}, placed: object = {}) =>
    at(seconds, { kind: 'unit', what: 'main-exited', unit: 'app.service', pid: null, ...more }, placed)
  it.each<[string, ReturnType<typeof unit>, string | null]>([
    ['its main process ended', unit(1), 'app.service'],
    ['it failed', unit(1, { what: 'failed' }), 'app.service'],
    ['it was started', unit(1, { what: 'started' }), null],
    ['ten seconds later', unit(10), 'app.service'],
    ['later', unit(10.001), null],
    ['a second before', unit(-1), 'app.service'],
    ['earlier', unit(-1.001), null],
    ['no common clock', unit(1, {}, { at: { ...instantAt(1), ...withoutTime } }), null],
    ['another host', unit(1, {}, { host: 'node-2' }), null],
    ['another kind of event', at(1, { kind: 'loss', what: 'failed', unit: 'app.service' }), null],
  ])('%s', (_, event, want) => expect(unitThatEnded([said()], [event])).toBe(want))
  it('of the same process, where both say which', () => {
    expect(unitThatEnded([said({ pid: 7 })], [unit(1, { pid: 7 })])).toBe('app.service')
    expect(unitThatEnded([said({ pid: 7 })], [unit(1, { pid: 8 })])).toBeNull()
    expect(unitThatEnded([said({ pid: 7 })], [unit(1)])).toBe('app.service')
    expect(unitThatEnded([said()], [unit(1, { pid: 8 })])).toBe('app.service')
  })
  it('not of two; one that is told twice is one', () => {
    expect(unitThatEnded([said()], [unit(1), unit(2, { unit: 'b.service' })])).toBeNull()
    expect(unitThatEnded([said()], [unit(1), unit(2, { what: 'failed' })])).toBe('app.service')
  })
})
