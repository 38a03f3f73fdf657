import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { bytes, code, count, instant, percent, say, seconds } from '../../src/text/say.ts'
import { bytesText, instantOf, instantText, percentText, rfc3339, secondsText } from '../../src/text/values.ts'
import { visible } from '../../src/text/visible.ts'

describe('plainPhrase', () => {
  it('prints every kind of value', () => {
    const phrase = say`${code('java')} held ${bytes(83_449_856)} (${percent(0.9947)}) of ${bytes(83_886_080)} after ${seconds(1.43)}, ${count(8123)} lines, at ${instant(1_795_502_325_123_456, 6)}`
    expect(plainPhrase(phrase)).toBe('java held 79.6 MiB (99 %) of 80 MiB after 1.43 s, 8,123 lines, at 2026-11-24 06:38:45.123456 UTC')
  })

  it('shows what is hidden', () => {
    expect(plainPhrase(say`${code('a\x1b[31m\u202eb\nc\u009b')}`)).toBe('a\\x1b[31m<U+202E>b\\nc\\x9b')
  })
})

describe('values', () => {
  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [1023, '1023 B'],
    [536_870_912, '512 MiB'],
    [83_449_856, '79.6 MiB'],
    [1_047_552 + 900, '1.00 MiB'],
    [1_044_480, '1020 KiB'],
    [1_044_481, '1020 KiB'],
    [8_643_936_256, '8.05 GiB'],
    [-4096, '−4 KiB'],
  ])('%d bytes is %s', (value, text) => expect(bytesText(value)).toBe(text))

  it.each([
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.996, '99.6 %'],
    [0.971, '97 %'],
    [0.018, '1.8 %'],
    [0.0001, '< 0.1 %'],
    [0, '0 %'],
  ])('share %d is %s', (value, text) => expect(percentText(value)).toBe(text))

  it.each([
    [0, '0 s'],
    [0.432, '0.43 s'],
    [12.62, '12.6 s'],
    [59.97, '1 min'],
    [2400, '40 min'],
    [95, '1 min 35 s'],
    [12_000, '3 h 20 min'],
    [187_200, '2 d 4 h'],
  ])('%d seconds is %s', (value, text) => expect(secondsText(value)).toBe(text))

  it('keeps the digits of a time both ways', () => {
    expect(instantOf('2026-11-24T06:38:45.123456Z')).toEqual({ us: 1_795_502_325_123_456, digits: 6 })
    expect(instantOf('2026-11-24T06:38:45Z')).toEqual({ us: 1_795_502_325_000_000, digits: 0 })
    expect(instantOf('Nov 24 06:38:45')).toBeNull()
    expect(instantText(1_795_502_325_000_000, 0)).toBe('2026-11-24 06:38:45 UTC')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (us) => {
        expect(instantOf(rfc3339(us, 6) ?? '')?.us).toBe(us)
      }),
    )
  })

  it('leaves nothing invisible, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b]/u)
        expect(visible(visible(text))).toBe(visible(text))
      }),
    )
  })
})
