import { expect, test } from 'vitest'
import type { Death } from '../../src/model/incident.ts'
import { recurrenceOf } from '../../src/rules/pattern/recurrence.ts'
import { instantAt, makeIncident, NOON } from './make-incident.ts'

const died = (seconds: number, lived: number | null, bytes: number | null = 5, more: object = {}) =>
  ({
    ...{ at: instantAt(seconds), startedUs: lived === null ? null : NOON + (seconds - lived) * 1e6, bytes, evidence: [] },
    ...more,
  }) as Death
const of = (...deaths: Death[]) => recurrenceOf({ incident: makeIncident({ deaths }) })

test('one death is no recurrence', () => expect([of(), of(died(0, 5))]).toEqual([null, null]))

test('how long each run lived, as far as its start is known and lies before its end', () => {
  expect(of(died(0, 5), died(100, 90))?.lives).toEqual([5, 90])
  expect(of(died(0, null), died(100, 90))?.lives).toEqual([90])
  // Within the second in which it began: a life of none, but a life.
  expect(of(died(0, 0), died(100, 90))?.lives).toEqual([0, 90])
  expect(of(died(0, -1), died(100, 90))?.lives).toEqual([90])
  expect(of(died(0, 5, 5, { at: { ...instantAt(0), epochUs: null } }), died(100, 90))?.lives).toEqual([90])
})

test('what is not known is left out, not 0', () => {
  expect(of(died(0, 5, null), died(100, 90, 7))?.sizes).toEqual([7])
  const clockless = died(100, 90, 5, { at: { ...instantAt(100), epochUs: null, uptimeSeconds: null } })
  expect(of(died(0, 5), clockless, died(200, 90))).toMatchObject({ gaps: [null, null], every: null })
  expect(of(died(0, 5), died(100, 90), died(210, 90))).toMatchObject({ gaps: [100, 110], every: 105 })
  expect(of(died(0, 5), died(100, 90), clockless)).toMatchObject({ gaps: [100, null], every: null })
})

test('children of one program that lived side by side have neither lives nor successive sizes', () =>
  expect(of(died(0, 5), died(1, 6, 5, { beside: true }))).toMatchObject({ areBeside: true, lives: [], sizes: [], gaps: [1] }))
