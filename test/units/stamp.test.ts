import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf } from '../../src/units/months.ts'
import { readCtimeStamp, readFullStamp, readIsoStamp, readSyslogStamp } from '../../src/units/stamp.ts'
import { readAnyStamp } from '../../src/units/stamp-guess.ts'

const us = (iso: string): number => Date.parse(iso) * 1000

describe('ISO stamps', () => {
  it.each([
    ['2026-11-24T02:54:33.585252-05:00 host', '2026-11-24T07:54:33.585Z', 252, 1, -300],
    ['2026-11-24T02:54:32,752568-05:00 text', '2026-11-24T07:54:32.752Z', 568, 1, -300],
    ['2026-11-24T02:54:33-0500 host', '2026-11-24T07:54:33Z', 0, 1_000_000, -300],
    ['2026-11-24T12:43:17.412475+05:30 node', '2026-11-24T07:13:17.412Z', 475, 1, 330],
    ['2024-01-31T12:00:00.123456789Z stderr', '2024-01-31T12:00:00.123Z', 456, 1, 0],
    ['2026-11-24 07:03:52.90826916 +0000 UTC k8s.io', '2026-11-24T07:03:52.908Z', 269, 1, 0],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z', 0, 1_000_000, 0],
  ])('%s', (text, instant, micros, precision, offset) => {
    const stamp = readIsoStamp(text, 0, 'received')?.stamp
    expect(stamp?.epochUs).toBe(us(instant) + micros)
    expect(stamp?.precisionUs).toBe(precision)
    expect(stamp?.offsetMinutes).toBe(offset)
    expect(text.startsWith(stamp?.text as string)).toBe(true)
  })

  it('has no instant without a zone', () => {
    expect(readIsoStamp('2026-11-24T02:54:33.5 x', 0, 'emitted')?.stamp).toMatchObject({
      epochUs: null,
      localUs: us('2026-11-24T02:54:33.5Z'),
      precisionUs: 100_000,
      hasYear: true,
    })
  })

  it.each(['2026-13-24T02:54:33', '2026-11-24T25:54:33', '2026-11-24', '', '2026-11-24X02:54:33', '9999-11-24T02:54:33'])(
    'refuses %s',
    (text) => {
      expect(readIsoStamp(text, 0, 'emitted')).toBeNull()
    },
  )
})

describe('syslog stamps', () => {
  it.each([
    ['Nov 24 02:03:34 host', '1972-11-24T02:03:34Z', false],
    ['Nov  4 02:03:34 host', '1972-11-04T02:03:34Z', false],
    ['Feb 29 02:03:34.123456 host', '1972-02-29T02:03:34.123456Z', false],
    ['Nov 24 2026 02:03:34 host', '2026-11-24T02:03:34Z', true],
    ['2026 Nov 24 02:03:34 host', '2026-11-24T02:03:34Z', true],
    ['nov. 24 02:03:34 host', '1972-11-24T02:03:34Z', false],
    ['Mär 24 02:03:34 host', '1972-03-24T02:03:34Z', false],
    ['11月 24 02:03:34 host', '1972-11-24T02:03:34Z', false],
    ['ноя 24 02:03:34 host', '1972-11-24T02:03:34Z', false],
  ])('%s', (text, local, hasYear) => {
    const found = readSyslogStamp(text, 0, 'received')
    const micros = local.endsWith('456Z') ? 456 : 0
    expect(found?.stamp).toMatchObject({ localUs: us(local.replace('456Z', 'Z')) + micros, hasYear, epochUs: null })
    expect(text.slice(found?.end)).toBe(' host')
  })

  it.each(['Foo 24 02:03:34', 'Nov 34 02:03:34', 'Nov 24 02:03', 'kernel: 24 02:03:34'])('refuses %s', (text) => {
    expect(readSyslogStamp(text, 0, 'received')).toBeNull()
  })
})

describe('other stamps', () => {
  it.each([
    ['Tue Nov 24 02:54:32 2026', '2026-11-24T02:54:32Z'],
    ['Di Mär  4 02:54:32 2026', '2026-03-04T02:54:32Z'],
    ['二 11月 24 02:54:32 2026', '2026-11-24T02:54:32Z'],
    ['mar. 24 nov. 02:54:32 2026', '2026-11-24T02:54:32Z'],
  ])('dmesg -T: %s', (text, local) => {
    expect(readCtimeStamp(text, 0, 'boot-derived')?.stamp).toMatchObject({ localUs: us(local), epochUs: null, clock: 'boot-derived' })
  })

  it('systemd: a zone name is no offset, UTC is', () => {
    expect(readFullStamp('Tue 2026-11-24 02:54:33.592495 EST host', 0, 'received')?.stamp).toMatchObject({
      zoneName: 'EST',
      offsetMinutes: null,
      epochUs: null,
    })
    expect(readFullStamp('Tue 2026-11-24 02:54:33 UTC host', 0, 'received')?.stamp.epochUs).toBe(us('2026-11-24T02:54:33Z'))
    expect(readFullStamp('Tue 2026-11-24 13:29:13 +0545 host', 0, 'received')?.stamp.epochUs).toBe(us('2026-11-24T07:44:13Z'))
  })

  it.each([
    ['1795506873', '2026-11-24T07:54:33Z'],
    [1795506873592, '2026-11-24T07:54:33.592Z'],
    ['1795506873592495123', '2026-11-24T07:54:33.592Z'],
    [1795506873.5, '2026-11-24T07:54:33.5Z'],
    ['1/31/2024, 12:00:00.000 PM', '2024-01-31T12:00:00Z'],
    ['1/31/2024, 12:00:01 AM', '2024-01-31T00:00:01Z'],
    ['Jan 31, 2024 @ 12:00:00.000', '2024-01-31T12:00:00Z'],
    ['31/Jan/2024:12:00:00 +0100', '2024-01-31T11:00:00Z'],
  ])('a cell of an export: %s', (value, instant) => {
    const stamp = readAnyStamp(value, 'received')
    const whole = Math.floor(((stamp?.epochUs ?? stamp?.localUs) as number) / 1000)
    expect(whole).toBe(Date.parse(instant))
  })

  it.each(['', 'yesterday', '12', '2024-01-31T12:00:00Z and more', '1.5'])('no stamp: %s', (value) => {
    expect(readAnyStamp(value, 'received')).toBeNull()
  })
})

describe('months', () => {
  it.each([
    ['Okt', 10],
    ['dic', 12],
    ['févr.', 2],
    ['авг', 8],
    ['Th11', 11],
    ['12월', 12],
    ['ağu', 8],
    ['mai', 5],
    ['paź', 10],
  ])('%s is %i', (name, month) => {
    expect(monthOf(name)).toBe(month)
  })
  it.each(['', '13月', '11', 'kernel', 'no'])('%s is none', (name) => {
    expect(monthOf(name)).toBeNull()
  })
})

describe('properties', () => {
  it('reads back every instant that ISO can print', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_000_000_000_000 }), fc.integer({ min: -840, max: 840 }), (ms, offset) => {
        const sign = offset < 0 ? '-' : '+'
        const zone = `${sign}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`
        const local = ms + offset * 60_000
        fc.pre(local >= 0)
        const text = `${new Date(local).toISOString().slice(0, -1)}${zone}`
        expect(readIsoStamp(text, 0, 'emitted')?.stamp.epochUs).toBe(ms * 1000)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(8), (text, start) => {
        for (const read of [readIsoStamp, readSyslogStamp, readCtimeStamp, readFullStamp]) read(text, start, 'emitted')
        readAnyStamp(text, 'received')
      }),
    )
  })
})
