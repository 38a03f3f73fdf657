import { expect, test } from 'vitest'
import { fieldOf, openReader } from '../../../src/input/journal/fields.ts'
import { journalInMemory } from '../../../src/input/journal/index.ts'
import { plainEntry, writeJournalFile } from './journal-writer.ts'

const MiB = 1024 ** 2
const bytes = writeJournalFile([plainEntry(`line ${'x'.repeat(40)}`, 'kernel', 0)])

/** The first DATA object (type 1), marked as packed by zstd (flag 4). */
function packedField(): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 256; at + 16 <= bytes.length; at += Math.ceil(view.getUint32(at + 8, true) / 8) * 8)
    if (bytes[at] === 1) {
      bytes[at + 1] = 4
      return at
    }
  throw new Error('a journal has fields')
}

test('a field that unpacks to far more than the file is read again and again to a bound only, and what is left out is counted', () => {
  const offset = packedField()
  const large = new Uint8Array(MiB).fill(0x78)
  large.set(new TextEncoder().encode('MESSAGE='))
  const leftOut = { fields: 0 }
  let unpacked = 0
  const read = openReader(
    journalInMemory(bytes),
    false,
    () => {
      unpacked += 1
      return large
    },
    fieldOf,
    leftOut,
  )
  const given = Array.from({ length: 300 }, () => read(offset) !== null).filter((isThere) => isThere).length
  // 256 MiB are let pass whatever the size of the file.
  expect(given).toBe(257)
  expect(unpacked).toBe(257)
  expect(leftOut.fields).toBe(300 - 257)
})
