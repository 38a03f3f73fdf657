import { describe, expect, it } from 'vitest'
import { clockTimeOf, offsetOf, timeOf } from '../../../src/render/view/times.ts'

const clock = { zone: null }
const text = (time: string, ms: number | null): string =>
  timeOf(time, ms, clock)
    .rich.map((part) => part.text)
    .join('')

describe('no more digits than the clock knows', () => {
  it.each([
    [null, '2026-11-24 06:59:32.448693 UTC'],
    [0, '2026-11-24 06:59:32.448693 UTC'],
    [1, '2026-11-24 06:59:32.448 UTC'],
    [560, '2026-11-24 06:59:32.4 UTC ± 0.6 s'],
    [2000, '2026-11-24 06:59:32 UTC ± 2 s'],
    [61_000, '2026-11-24 06:59:32 UTC ± 1 min'],
  ])('off by %s ms', (ms, shown) => {
    expect(text('2026-11-24T06:59:32.448693Z', ms)).toBe(shown)
  })
  it('the day apart from the time', () => {
    expect(clockTimeOf('2026-11-24T06:59:32.448693Z', 560)).toEqual({ day: '2026-11-24', text: '06:59:32.4 ± 0.6 s' })
  })
})

describe('an offset', () => {
  const at = (time: string | null, uncertaintyMs: number | null = null, uptime: number | null = null) => ({ time, uncertaintyMs, uptime })
  const zero = '2026-11-24T06:59:32.000000Z'
  it.each([
    ['exact clocks', at('2026-11-24T06:59:31.560000Z'), at(zero), 'T−0.44 s'],
    ['within the error nobody knows which came first', at('2026-11-24T06:59:31.560000Z', 2000), at(zero), 'T ± 2 s'],
    ['the error of the kill counts, too', at('2026-11-24T06:59:31.560000Z', 1), at(zero, 560), 'T ± 0.6 s'],
    ['rounded to what the clock knows', at('2026-11-24T06:59:44.310000Z', 2000), at(zero), 'T+12 s'],
    ['an age in minutes gives whole minutes', at('2026-11-24T06:57:08.600000Z', 61_000), at(zero), 'T−2 min'],
    ['ten seconds off gives tens', at('2026-11-24T06:59:55.600000Z', 12_000), at(zero), 'T+20 s'],
    ['two stamps of one kernel are exact', at('2026-11-24T06:59:31.560000Z', 2000, 51.56), at(zero, 2000, 52), 'T−0.44 s'],
    ['the uptime of another boot is no clock', at('2026-11-24T07:59:32.000000Z', 1, 10), at(zero, 1, 52), 'T+1 h'],
    ['uptime alone', at(null, null, 50), at(null, null, 52.5), 'T−2.5 s'],
    ['the kill itself', at(zero, 560), at(zero, 560), 'T'],
    ['no time', at(null), at(zero), null],
  ])('%s', (_, row, kill, shown) => {
    expect(offsetOf(row, kill)).toBe(shown)
  })
})
