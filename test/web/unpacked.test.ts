import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packText } from '../../scripts/pack-text.mjs'
import { bytesOf } from '../../src/web/page/unpacked.ts'

test('bytes come back from their letters, whatever their number', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect([...bytesOf(packText(bytes))]).toEqual([...bytes])
    }),
  )
  const all = Uint8Array.from({ length: 65_536 }, (_, at) => (at % 2 === 0 ? at >> 8 : at & 255))
  expect(bytesOf(packText(all))).toEqual(all)
})

test('no letter is one that HTML or a script takes for its own', () => {
  const text: string = packText(Uint8Array.from({ length: 4096 }, (_, at) => (at * 31) & 255))
  expect(text).toMatch(/^[!-~]+$/)
  expect(text).not.toMatch(/[<&"'`\\]/)
  expect(new Set(text.slice(0, 88)).size).toBe(88)
})
