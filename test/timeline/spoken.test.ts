import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { spokenByPlace } from '../../src/timeline/spoken.ts'
import { at, refOf } from './scene.ts'
import { anchor, notice, report, source } from './sources.ts'

const container = refOf({ namespace: 'shop', pod: 'api-0', container: 'api' })
const shipper = refOf({ namespace: 'logging', pod: 'fluent-bit-x7x2k', container: 'fluent-bit' })
const runtime = (more: object = {}) => at(0, { kind: 'runtime', runtime: 'node', what: 'heap-exhausted', target: null, ...more }).event
const spoken = (events: readonly Event[], by = container) =>
  spokenByPlace(source('app.log', { place: { container: by }, events, anchors: [anchor(1, 1)] }))

describe('a file that its place shows to be a container’s output', () => {
  it('a runtime’s end is the container’s own, unless the line names another', () => {
    expect(spoken([runtime()]).events).toMatchObject([{ target: container }])
    const other = refOf({ pod: 'other' })
    expect(spoken([runtime({ target: other })]).events).toMatchObject([{ target: other }])
  })
  it('a kernel’s kill is somebody else’s words, and its log no kernel log', () => {
    const made = spoken([report(5)])
    expect(made.events.map((e) => e.kind)).toEqual(['foreign-words'])
    expect([made.source.hasKernel, made.anchors.length]).toEqual([false, 0])
  })
  it('what proves no death is left out', () => expect(spoken([notice(5)]).events).toEqual([]))
  it('lines that were judged when they were read stay', () => {
    const judged = (writer: string) => ({ ...report(5), writer }) as Event
    expect(spoken([judged('container')]).events.map((e) => e.kind)).toEqual(['kernel-oom'])
    const shipped = spoken([judged('shipper')])
    expect([shipped.events.map((e) => e.kind), shipped.source.hasKernel, shipped.anchors.length]).toEqual([['kernel-oom'], true, 1])
  })
  it('a shipper of node logs repeats the kernel’s: its log and clock stay', () => {
    const made = spoken([report(5), runtime()], shipper)
    expect(made.events).toMatchObject([{ kind: 'kernel-oom', writer: 'shipper' }, { kind: 'runtime' }])
    expect([made.source.hasKernel, made.anchors.length]).toEqual([true, 1])
  })
  it('a file of nobody known, or without events, stays as it is', () => {
    const plain = source('kern.log', { events: [report(5)] })
    expect(spokenByPlace(plain)).toBe(plain)
    const empty = source('app.log', { place: { container } })
    expect(spokenByPlace(empty)).toBe(empty)
  })
})
