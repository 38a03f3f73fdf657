import fc from 'fast-check'
import { expect, it } from 'vitest'
import { oneLine } from '../../src/text/one-line.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { bytes, code, say } from '../../src/text/say.ts'

const line = (comm: string, place: string) => say`${code(comm)} killed in ${code(place)}: container limit of ${bytes(80 * 2 ** 20)}`

it('leaves a line alone that fits', () => {
  const short = line('java', 'shop/cart-6d5/app')
  expect(oneLine(short, 90)).toBe(short)
})

it('takes the middle out of names, never out of numbers', () => {
  const text = plainPhrase(oneLine(line('java', `team-with-a-long-name/${'checkout-'.repeat(8)}7c9d6f5b84-q8x2m/app`), 90))
  expect(text).toBe('java killed in team-with-a-long-name/…-7c9d6f5b84-q8x2m/app: container limit of 80 MiB')
})

it('holds whatever a log calls things', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 16 }), fc.string({ unit: 'binary', maxLength: 300 }), (comm, place) => {
      const text = plainPhrase(oneLine(line(comm, place), 90))
      expect(text.length).toBeLessThanOrEqual(90)
      expect(text).toContain('container limit of 80 MiB')
      expect(text).not.toMatch(/\n/)
    }),
  )
})
