import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeUnseen, jsonPieces, Lazy } from '../../src/text/json-pieces.ts'

const value = fc.jsonValue({ maxDepth: 6 })

test('pieces together are what JSON.stringify gives, at any depth and indentation', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0 as const, 2 as const), fc.nat(6), (any, indent, depth) => {
      expect([...jsonPieces(any, indent, depth)].join('')).toBe(escapeUnseen(JSON.stringify(any, null, indent)))
    }),
    { numRuns: 500, seed: 20 },
  )
})

test('what is undefined is left out, what is lazy is made when its turn comes', () => {
  const made: number[] = []
  const lazy = (n: number) =>
    new Lazy(() => {
      made.push(n)
      return { n, text: 'x'.repeat(70_000), none: undefined, right: '\u202e' }
    })
  const pieces = jsonPieces({ none: undefined, all: [lazy(1), lazy(2)] }, 2, 3)
  expect(pieces.next().value).toContain('"n": 1')
  expect(made).toEqual([1])
  expect([...pieces].join('')).toContain('"right": "\\u202e"')
  expect(made).toEqual([1, 2])
})
