import { describe, expect, it } from 'vitest'
import { offsetOf, parseAge, parseDateLine, parseRfc1123, parseRfc3339 } from '../../../src/extract/documents/times.ts'

const us = (time: string): number => Date.parse(time) * 1000

describe('RFC 3339', () => {
  it.each<[string, { epochUs: number; offsetMinutes: number; precisionUs: number }]>([
    ['2026-11-24T07:34:54Z', { epochUs: us('2026-11-24T07:34:54Z'), offsetMinutes: 0, precisionUs: 1_000_000 }],
    ['2026-11-24T07:34:54.3Z', { epochUs: us('2026-11-24T07:34:54.3Z'), offsetMinutes: 0, precisionUs: 1000 }],
    ['2026-11-24T07:34:54.392Z', { epochUs: us('2026-11-24T07:34:54.392Z'), offsetMinutes: 0, precisionUs: 1000 }],
    ['2026-11-24T07:34:54.3925Z', { epochUs: us('2026-11-24T07:34:54.392Z') + 500, offsetMinutes: 0, precisionUs: 1 }],
    ['2026-11-24T07:34:54,392542Z', { epochUs: us('2026-11-24T07:34:54.392Z') + 542, offsetMinutes: 0, precisionUs: 1 }],
    ['2026-11-24T13:04:54+05:30', { epochUs: us('2026-11-24T07:34:54Z'), offsetMinutes: 330, precisionUs: 1_000_000 }],
    ['2026-11-23 23:34:54-0800', { epochUs: us('2026-11-24T07:34:54Z'), offsetMinutes: -480, precisionUs: 1_000_000 }],
    [' 2026-11-24 07:47:44.420327311 +0000 UTC\n', { epochUs: us('2026-11-24T07:47:44.420Z') + 327, offsetMinutes: 0, precisionUs: 1 }],
    ['1990-01-01T00:00:00Z', { epochUs: us('1990-01-01T00:00:00Z'), offsetMinutes: 0, precisionUs: 1_000_000 }],
    ['2024-02-29T00:00:00Z', { epochUs: us('2024-02-29T00:00:00Z'), offsetMinutes: 0, precisionUs: 1_000_000 }],
    ['2016-12-31T23:59:60Z', { epochUs: us('2017-01-01T00:00:00Z'), offsetMinutes: 0, precisionUs: 1_000_000 }],
  ])('%s', (text, time) => {
    expect(parseRfc3339(text)).toEqual(time)
  })

  it.each([
    ...['', '2026-11-24', '2026-11-24T07:34Z', '2026-11-24T07:34:54', '2026-11-24T07:34:54.Z', '2026-11-24T07:34:54.1234567890Z'],
    // the zero time, and what no calendar or clock has
    ...['0001-01-01T00:00:00Z', '1989-12-31T23:59:59Z', '2026-00-24T07:00:00Z', '2026-13-24T07:00:00Z', '2026-11-00T07:00:00Z'],
    ...['2026-11-31T07:00:00Z', '2023-02-29T00:00:00Z', '2026-11-24T24:00:00Z', '2026-11-24T07:60:00Z', '2026-11-24T07:00:61Z'],
  ])('no time: %s', (text) => {
    expect(parseRfc3339(text)).toBeNull()
  })
})

describe('RFC 1123', () => {
  it.each([
    ['Fri, 28 Jan 2022 23:12:28 +0200', '2022-01-28T21:12:28Z', 120],
    ['Fri, 28 Jan 2022 23:12:28 -0030', '2022-01-28T23:42:28Z', -30],
    ['Fri, 28 Jan 2022 23:12:28 UTC', '2022-01-28T23:12:28Z', 0],
    ['Mon, 01 Jan 1990 00:00:00 GMT', '1990-01-01T00:00:00Z', 0],
  ])('%s', (text, time, offsetMinutes) => {
    expect(parseRfc1123(text)).toEqual({ epochUs: us(time), offsetMinutes, precisionUs: 1_000_000 })
  })

  it.each(
    ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, index) => [name, index] as const),
  )('%s', (name, index) => {
    expect(parseRfc1123(`Fri, 28 ${name} 2022 00:00:00 GMT`)?.epochUs).toBe(Date.UTC(2022, index, 28) * 1000)
  })

  it.each([
    ...[
      '',
      'Fri, 28 Foo 2022 23:12:28 +0200',
      'Fri, 31 Feb 2022 23:12:28 +0200',
      'Fri, 28 Jan 2022 23:12:28',
      'Fri, 28 Jan 2022 25:12:28 UTC',
    ],
    ...['Mon, 01 Jan 0001 00:00:00 UTC', 'Sun, 31 Dec 1989 00:00:00 GMT', '28 Jan 2022 23:12:28 +0200'],
  ])('no time: %s', (text) => {
    expect(parseRfc1123(text)).toBeNull()
  })
})

it.each([
  ['Z', 0],
  ['UTC', 0],
  ['+0530', 330],
  ['+05:30', 330],
  ['-05:30', -330],
  ['+11', 660],
  ['-01', -60],
  ['+1', 0],
  ['', 0],
])('offset %s', (zone, minutes) => {
  expect(offsetOf(zone)).toBe(minutes)
})

describe('lines of date', () => {
  it.each<[string, string | null, string, number | null, string | null]>([
    ['Tue Nov 24 02:53:27 EST 2026', null, '2026-11-24T02:53:27Z', null, 'EST'],
    ['Tue Nov 24 13:28:40 +0545 2026', '2026-11-24T07:43:40Z', '2026-11-24T13:28:40Z', 345, null],
    ['Tue Nov  3 13:28:40 UTC 2026', '2026-11-03T13:28:40Z', '2026-11-03T13:28:40Z', 0, 'UTC'],
    ['Tue 24 Nov 2026 02:53:27 PM UTC', '2026-11-24T14:53:27Z', '2026-11-24T14:53:27Z', 0, 'UTC'],
    ['Tue Nov 24 02:53:27 AM IST 2026', null, '2026-11-24T02:53:27Z', null, 'IST'],
    // noon and midnight of the clock of twelve hours
    ['Tue Nov 24 12:00:00 PM GMT 2026', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z', 0, 'GMT'],
    ['Tue Nov 24 12:00:00 AM GMT 2026', '2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z', 0, 'GMT'],
    ['2026-11-24T13:04:54+05:30', '2026-11-24T07:34:54Z', '2026-11-24T13:04:54Z', 330, null],
    ['Mon Jan  1 00:00:00 UTC 1990', '1990-01-01T00:00:00Z', '1990-01-01T00:00:00Z', 0, 'UTC'],
  ])('%s', (text, time, local, offsetMinutes, zoneName) => {
    const expected = {
      epochUs: time === null ? null : us(time),
      localUs: us(local),
      offsetMinutes,
      zoneName,
      hasYear: true,
      clock: 'emitted',
    }
    expect(parseDateLine(` ${text}\n`)).toEqual({ text, precisionUs: 1_000_000, ...expected })
  })

  it.each([
    '',
    'Tue Foo 24 02:53:27 EST 2026',
    'Tue Nov 24 02:53:27 EST',
    'Sun Dec 31 00:00:00 UTC 1989',
    'Tue Nov 24 2:53 EST 2026',
    'Tue Nov 31 02:53:27 UTC 2026',
    'Tue Nov 24 02:53:61 UTC 2026',
    'Tue 31 Nov 2026 02:53:27 PM UTC',
  ])('none: %s', (text) => {
    expect(parseDateLine(text)).toBeNull()
  })
})

it.each<[string, { seconds: number; resolution: number } | null]>([
  ['0s', { seconds: 0, resolution: 1 }],
  ['119s', { seconds: 119, resolution: 1 }],
  ['3m20s', { seconds: 200, resolution: 1 }],
  ['3m', { seconds: 180, resolution: 60 }],
  ['3h20m', { seconds: 12_000, resolution: 60 }],
  ['30h', { seconds: 108_000, resolution: 3600 }],
  ['2d3h', { seconds: 183_600, resolution: 3600 }],
  ['300d', { seconds: 25_920_000, resolution: 86_400 }],
  ['3y100d', { seconds: 103_248_000, resolution: 86_400 }],
  [' 2y ', { seconds: 63_072_000, resolution: 31_536_000 }],
  ['', null],
  [' ', null],
  ['<unknown>', null],
  ['20s3m', null],
  ['3 m', null],
])('age %j', (text, age) => {
  expect(parseAge(text)).toEqual(age)
})
