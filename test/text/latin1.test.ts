import { expect, it } from 'vitest'
import { decodedLatin1, holdsAny, latin1Text } from '../../src/text/latin1.ts'

const all = Uint8Array.from({ length: 256 }, (_, i) => i)

it('every byte is the character of its number, whoever decodes it', () => {
  const expected = Array.from(all, (byte) => String.fromCharCode(byte)).join('')
  expect(latin1Text(all)).toBe(expected)
  expect(decodedLatin1(all)).toBe(expected)
  expect(decodedLatin1(all.subarray(0x41, 0x45))).toBe('ABCD')
})

it('words are found in bytes', () => {
  const bytes = new TextEncoder().encode('näher: Killed process 7')
  expect(holdsAny(bytes, ['absent', 'Killed'])).toBe(true)
  expect(holdsAny(bytes.subarray(0, 12), ['Killed'])).toBe(false)
})
