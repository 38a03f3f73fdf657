import { expect, test } from 'vitest'
import { extractors } from '../../src/extract/index.ts'
import { spreadFragments } from '../../src/scan/fragments.ts'
import { literalsOf } from '../../src/scan/gate.ts'
import { packFragments, unpackFragments } from '../../src/scan/ready-fragments.ts'

const { all } = literalsOf(extractors)

test('what the build keeps is what is computed, and is for these literals only', () => {
  const spread = spreadFragments(all)
  const packed = JSON.parse(JSON.stringify(packFragments(spread, all)))
  expect(unpackFragments(packed, all)).toEqual(spread)
  expect(unpackFragments(packed, all.slice(1))).toBeNull()
})

test('each literal passes the tables at its fragment', () => {
  const { fragments, tables } = spreadFragments(all)
  for (const { bytes } of fragments) {
    const buckets = [0, 1, 2, 3, 4, 5].reduce((left, place) => {
      const byte = bytes[place]
      return byte === undefined ? left : left & (tables[place * 32 + (byte & 15)] ?? 0) & (tables[place * 32 + 16 + (byte >> 4)] ?? 0)
    }, 255)
    expect(buckets).toBeGreaterThan(0)
  }
})
