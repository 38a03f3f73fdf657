import { expect, it } from 'vitest'
import { placesOf } from '../../../src/render/view/places.ts'
import { plainOf } from '../../../src/render/view/rich.ts'
import { containerLimit } from '../../fixtures/reports.ts'

const placesIn = (...names: readonly string[]) =>
  placesOf({ ...containerLimit, sources: names.map((name) => ({ ...(containerLimit.sources[0] as never as object), name })) } as never)

it.each([
  [['box.tar.gz!logs/kern.log', 'box.tar.gz!logs/kubelet.log'], 'kern.log:7', 'Places are below box.tar.gz!logs/.'],
  [['box.tar.gz!kern.log', 'box.tar.gz!kubelet.log'], 'kern.log:7', 'Places are below box.tar.gz!.'],
  [['kern.log', 'kern.log.1'], 'kern.log:7', null],
  [['kern.log'], 'kern.log:7', null],
])('%j: what all share is said once', (names, place, note) => {
  const places = placesIn(...names)
  expect(plainOf(places.of({ source: names[0] ?? '', line: 7 }))).toBe(place)
  expect(places.note === null ? null : plainOf(places.note)).toBe(note)
})

it('a journal’s entry and a document’s byte have no line', () => {
  const places = placesIn('a')
  expect(plainOf(places.of({ source: 'a', line: null, cursor: 's=1' }))).toBe('a (journal entry)')
  expect(plainOf(places.of({ source: 'a', line: null, offset: 12 }))).toBe('a (byte 12)')
})
