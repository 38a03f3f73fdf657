import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { journalInMemory, openJournal, readEntries } from '../../../src/input/journal/index.ts'
import { unpackLz4 } from '../../../src/input/journal/lz4.ts'
import type { WalkOutcome } from '../../../src/input/journal/walk.ts'
import { counted } from '../../../src/scan/journal/warnings.ts'
import { exported } from './export-writer.ts'

const sample = (name: string) => new Uint8Array(gunzipSync(readFileSync(`samples/journal/${name}.gz`)))

async function read(bytes: Uint8Array) {
  const opened = await openJournal(journalInMemory(bytes))
  if (opened === null) throw new Error('no journal')
  const { journal, unreadable } = counted(opened)
  let outcome: WalkOutcome | null = null
  const entries = [
    ...readEntries(journal, (met) => {
      outcome = met
    }),
  ]
  return { entries, outcome: outcome as WalkOutcome | null, unreadable: unreadable() }
}

const joined = (pieces: readonly Uint8Array[]) => Buffer.concat(pieces).toString('latin1')

describe('what journalctl exports, byte for byte', () => {
  test.each(['xz-compact', 'regular-zstd', 'compact-keyed-two-boots', 'lz4-regular'])('%s', async (name) => {
    const { entries, outcome, unreadable } = await read(sample(`${name}.journal`))
    expect(joined(entries.flatMap(exported))).toBe(Buffer.from(sample(`${name}.export`)).toString('latin1'))
    expect(unreadable).toBe(0)
    expect(outcome).toEqual({ damagedBytes: 0, cut: false })
  })
})

describe('damage', () => {
  const whole = sample('compact-keyed-two-boots.journal')

  test('a cut file gives all entries before the cut', async () => {
    const { entries } = await read(sample('cut.journal'))
    const { entries: all } = await read(whole)
    expect(entries).toHaveLength(40)
    expect(joined(entries.flatMap(exported))).toBe(joined(all.slice(0, 40).flatMap(exported)))
  })

  test('an overwritten entry array and entry: all others are read', async () => {
    const { entries, outcome } = await read(sample('damaged.journal'))
    const { entries: all } = await read(whole)
    expect(entries.map((entry) => entry.cursor)).toEqual(all.map((entry) => entry.cursor).filter((_, index) => index !== 30))
    expect(outcome?.damagedBytes).toBeGreaterThan(0)
  })

  test('any bytes overwritten or cut off: it ends, and throws nothing', async () => {
    const small = whole.slice(0, 3_800_000)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(small.length),
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.nat(small.length),
        async (at, noise, end) => {
          const bytes = small.slice(0, Math.max(end, 300))
          bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length))
          const journal = await openJournal(journalInMemory(bytes))
          if (journal !== null) expect([...readEntries(journal)].length).toBeLessThanOrEqual(77)
        },
      ),
      { numRuns: 25 },
    )
  }, 60_000)
})

describe('LZ4 blocks', () => {
  test('literals, a long literal run, an overlapping match', () => {
    expect(Buffer.from(unpackLz4(Uint8Array.of(0x30, 97, 98, 99), 3)).toString()).toBe('abc')
    expect(Buffer.from(unpackLz4(Uint8Array.of(0x1f, 97, 1, 0, 6, 0x10, 98), 27)).toString()).toBe(`${'a'.repeat(26)}b`)
    const long = new Uint8Array([0xf0, 255, 5, ...Array.from({ length: 275 }, () => 120)])
    expect(Buffer.from(unpackLz4(long, 275)).toString()).toBe('x'.repeat(275))
  })

  test('broken blocks throw and never write outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(500), (bytes, size) => {
        try {
          expect(unpackLz4(bytes, size)).toHaveLength(size)
        } catch (error) {
          expect(String(error)).toContain('broken LZ4 block')
        }
      }),
      { numRuns: 2000 },
    )
  })
})
