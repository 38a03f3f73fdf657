import fc from 'fast-check'
import { expect, test } from 'vitest'
import { journalInMemory, openJournal, readEntries } from '../../../src/input/journal/index.ts'
import { reportOf } from '../../report-of.ts'
import { plainEntry, writeJournalFile } from './journal-writer.ts'

const ENTRY = 3
const whole = writeJournalFile(Array.from({ length: 8 }, (_, k) => plainEntry(`line ${k} ${'x'.repeat(40)}`, 'kernel', k)))

async function entriesOf(bytes: Uint8Array): Promise<{ entries: number; fields: number; bytes: number }> {
  const journal = await openJournal(journalInMemory(bytes))
  const read = { entries: 0, fields: 0, bytes: 0 }
  if (journal === null) return read
  for (const { fields } of readEntries(journal)) {
    read.entries += 1
    read.fields += fields.length
    for (const [, value] of fields) read.bytes += value.length
  }
  return read
}

/** Places of the ENTRY objects: all begin at multiples of 8. */
function entryPlaces(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const places: number[] = []
  for (let at = 256; at + 16 <= bytes.length; ) {
    const size = view.getUint32(at + 8, true)
    if (view.getUint32(at, true) === ENTRY) places.push(at)
    if (size < 16) break
    at += Math.ceil(size / 8) * 8
  }
  return places
}

test('offsets that lead nowhere, back, or to the entry itself cost their fields only', async () => {
  const places = entryPlaces(whole)
  expect(places).toHaveLength(8)
  const absurd = fc.constantFrom(
    1n,
    7n,
    8n,
    256n,
    BigInt(whole.length),
    BigInt(whole.length) - 8n,
    2n ** 32n,
    2n ** 53n,
    2n ** 64n - 8n,
    -1n,
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(7), fc.nat(2), fc.oneof(absurd, fc.constant(null)), async (entry, item, value) => {
      const hurt = Uint8Array.from(whole)
      const at = places[entry] as number
      new DataView(hurt.buffer).setBigUint64(at + 64 + 16 * item, BigInt.asUintN(64, value ?? BigInt(at)), true)
      const { entries, fields } = await entriesOf(hurt)
      expect(entries).toBe(8)
      expect(fields).toBeGreaterThanOrEqual(23)
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('any word of it may be anything: it ends, and in time', async () => {
  const started = performance.now()
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length / 8 - 1), fc.bigInt(0n, 2n ** 64n - 1n), async (word, value) => {
      const hurt = Uint8Array.from(whole)
      new DataView(hurt.buffer).setBigUint64(word * 8, value, true)
      expect((await entriesOf(hurt)).entries).toBeLessThanOrEqual(9)
    }),
    { numRuns: 200, seed: 1 },
  )
  expect(performance.now() - started).toBeLessThan(30_000)
})

/** An entry behind all others that names one large field as often as its size allows. */
function withLoop(items: number, length: number): Uint8Array {
  const base = writeJournalFile([plainEntry('y'.repeat(length), 'kernel', 0)])
  const field = new DataView(base.buffer, base.byteOffset).getBigUint64((entryPlaces(base)[0] as number) + 64 + 16 * 2, true)
  const size = 64 + 16 * items
  const end = Math.ceil(base.length / 8) * 8
  const bytes = new Uint8Array(end + size)
  bytes.set(base)
  const view = new DataView(bytes.buffer)
  bytes[end] = ENTRY
  view.setUint32(end + 8, size, true)
  for (let n = 0; n < items; n += 1) view.setBigUint64(end + 64 + 16 * n, field, true)
  return bytes
}

test('what is left out by these bounds is told', async () => {
  const told = async (bytes: Uint8Array) => (await reportOf({ 'system.journal': bytes })).warnings.filter((w) => w.includes('left out'))
  const count = 400_003 - 1024 - 3
  expect(await told(withLoop(400_000, 200))).toEqual([expect.stringMatching(new RegExp(`journal: ${count} fields of the journal`))])
  // those that are too many, and most of the others, which are too large together
  const [large = ''] = await told(withLoop(400_000, 2_000_000))
  expect(Number(/: (\d+) fields of the journal/.exec(large)?.[1])).toBeGreaterThan(400_000 - 1024 + 900)
  expect(await told(whole)).toEqual([])
}, 60_000)

test('an entry that names one field without end has as many as journald writes at most', async () => {
  expect(await entriesOf(withLoop(400_000, 200))).toMatchObject({ entries: 2, fields: 3 + 1024 })
})

test('nor do large ones take memory without bound', async () => {
  const { entries, bytes } = await entriesOf(withLoop(400_000, 2_000_000))
  expect(entries).toBe(2)
  expect(bytes).toBeLessThan(72 * 1024 * 1024)
})
