import fc from 'fast-check'
import { type EntryToWrite, type WriterOptions, writeJournalFile } from '../input/journal/journal-writer.ts'

const bootId = '0123456789abcdef0123456789abcdef'

/** Messages of applications and of the kernel: some come again, some are large enough to be packed, some to fill more than a window. */
const text = fc.oneof(
  { weight: 20, arbitrary: fc.nat(99).map((k) => `bloom filter consulted in room ${k}`) },
  { weight: 6, arbitrary: fc.nat(9999).map((k) => `Memory cgroup out of memory: Killed process ${k} (java)`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('dump 3', 'Killed proces', 'x invoked oom-killer', '', 'ä Killed process', '=', 'Killed process dump 3'),
  },
  { weight: 3, arbitrary: fc.tuple(fc.nat(3000), fc.nat(3000)).map(([a, b]) => `${'a'.repeat(a)}invoked oom-killer${'b'.repeat(b)}`) },
  // Long ones are searched in pieces once they are unpacked: where one of those ends is a place like any other.
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(65_500, 300_000), fc.nat(99)).map(([a, b]) => `${'y'.repeat(a + b)}Killed process 1`) },
)

interface Said {
  readonly kernel: boolean
  readonly messages: readonly string[]
  readonly pid: number
  readonly gap: number
}

const said = fc.record({
  kernel: fc.boolean(),
  messages: fc.array(text, { minLength: 1, maxLength: 2, size: 'small' }),
  pid: fc.nat(500),
  gap: fc.nat(5_000_000),
})

const options = fc.record({
  compact: fc.boolean(),
  packing: fc.constantFrom('lz4' as const, 'zstd' as const, null),
  slots: fc.constantFrom(7, 2047, 40_000),
  unusedBytes: fc.constantFrom(0, 8, 4096, 700_000),
})

/** 400 entries go before, so that the head is over when the others come. */
function journalOf(entries: readonly Said[], how: WriterOptions): Uint8Array {
  let us = 0
  const head = Array.from({ length: 400 }, (_, k) => ({ kernel: k % 9 === 0, messages: [`started ${k % 7}`], pid: k % 5, gap: 1000 }))
  const written = [...head, ...entries].map(({ kernel, messages, pid, gap }): EntryToWrite => {
    us += gap
    const common = [
      ['_BOOT_ID', bootId],
      ['_HOSTNAME', 'worker-1'],
      ['_TRANSPORT', kernel ? 'kernel' : 'stdout'],
    ] as const
    const own = kernel
      ? ([['_SOURCE_MONOTONIC_TIMESTAMP', `${us}`]] as const)
      : ([
          ['_PID', `${pid}`],
          ['_CMDLINE', 'app --serve'],
        ] as const)
    const fields = [...common, ...own, ...messages.map((message) => ['MESSAGE', message] as const)]
    return { realtimeUs: 1.8e15 + us, monotonicUs: 1e9 + us, bootId, fields }
  })
  return writeJournalFile(written, how)
}

/** Whole journals, and how many entries they hold. */
export const journals = fc
  .tuple(fc.array(said, { maxLength: 60, size: 'max' }), options)
  .map(([entries, how]) => ({ bytes: journalOf(entries, how), entries: 400 + entries.length, compact: how.compact }))

/** Damage to one of the last objects: bytes of its header or its begin overwritten, or, of an entry, a field replaced by any object's place. */
const wound = fc.record({
  object: fc.nat(400),
  at: fc.oneof(fc.constantFrom(0, 1, 8, 9), fc.nat(100)),
  bytes: fc.oneof(fc.constantFrom([0], [1], [2], [3], [255]), fc.array(fc.nat(255), { minLength: 1, maxLength: 30 })),
  target: fc.option(fc.nat(1000)),
  off: fc.constantFrom(0, 0, 0, 1, 8),
})

/** Journals with damage, cut, or written to without end. */
export const damagedJournals = fc
  .tuple(journals, fc.array(wound, { minLength: 1, maxLength: 6 }), fc.constantFrom(1, 1, 1, 0.9999, 0.9))
  .map(([{ bytes: whole, compact }, wounds, kept]) => {
    const objects = objectsOf(whole)
    const bytes = whole.slice(0, Math.floor(whole.length * kept))
    const view = new DataView(bytes.buffer)
    for (const { object, at, bytes: wrong, target, off } of wounds) {
      const place = objects.at(-1 - (object % objects.length)) ?? 0
      const other = objects.at(-1 - ((target ?? 0) % objects.length)) ?? 0
      if (target !== null && bytes[place] === 3 && place + 128 < bytes.length) {
        const items = (view.getUint32(place + 8, true) - 64) / (compact ? 4 : 16)
        view.setUint32(place + 64 + (compact ? 4 : 16) * (at % Math.max(1, Math.floor(items))), other + off, true)
      } else if (place + at + wrong.length < bytes.length) bytes.set(wrong, place + at)
    }
    return bytes
  })

/** Places of all objects of a journal without damage. */
function objectsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer)
  const objects: number[] = []
  for (let at = 256; at + 16 <= bytes.length && bytes[at] !== 0; ) {
    objects.push(at)
    const size = view.getUint32(at + 8, true)
    at += size + (-size & 7)
  }
  return objects
}
