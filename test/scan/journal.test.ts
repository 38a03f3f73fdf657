import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Extractor } from '../../src/extract/define-extractor.ts'
import { openJournal } from '../../src/input/journal/index.ts'
import { openFileBytes } from '../../src/node/file-bytes.ts'
import { scanSource } from '../../src/scan/index.ts'
import { scanJournal } from '../../src/scan/journal/scan-journal.ts'
import { literalsOf } from '../../src/scan/line-choice.ts'
import { openJsNeedle } from '../../src/scan/search/needle-js.ts'
import { openRegions, openSearcher, type PlanOptions, planOf, searchRegions } from '../../src/scan/search/regions.ts'
import { type EntryToWrite, plainEntry, writeJournalFile } from '../input/journal/journal-writer.ts'
import { damagedJournals, journals } from './journals.ts'
import { sourceOf, toolsOf } from './tools.ts'

const sample = (name: string) => new Uint8Array(gunzipSync(readFileSync(`samples/journal/${name}.gz`)))
const literals = ['Killed process', 'invoked oom-killer', 'dump 3']

/** Shown only records with its literal, and tells how many: what the search has found decides that. */
const picky: Extractor = {
  id: 'picky',
  literals: ['Killed process'],
  open() {
    let seen = 0
    return {
      wantsNext: false,
      push() {
        seen += 1
      },
      end: (sink) => sink.warn({ code: 'seen', source: 'picky', line: null, args: { seen } }),
    }
  },
}

function journalTools(slow: boolean) {
  const tools = toolsOf([], literals, { slow })
  return { ...tools, extractors: [...tools.extractors, picky] }
}

async function evidenceOf(bytes: Uint8Array, slow: boolean) {
  const [evidence] = await scanSource(sourceOf(bytes, [70_000], 'system.journal'), journalTools(slow))
  return evidence
}

const folder = mkdtempSync(join(tmpdir(), 'oom-report-journal-'))
const path = join(folder, 'system.journal')
afterAll(() => rmSync(folder, { recursive: true }))
const tools = journalTools(false)
const own = literalsOf(tools.extractors)

/** Searched ahead in small regions: all by another, or some that others have taken and do not give back, or could not search. */
async function evidenceByRegions(bytes: Uint8Array, byOther: boolean, sizes: PlanOptions = { blockBytes: 256, mostHits: 4 }) {
  writeFileSync(path, bytes)
  const file = openFileBytes(path)
  const journal = await openJournal(file)
  if (journal === null) throw new Error('no journal')
  const plan = planOf(path, bytes.length, own, { ...sizes, sampled: false })
  if (byOther) searchRegions(plan, openFileBytes(path), openJsNeedle(own.all))
  else for (let region = 0; region < plan.states.length - 1; region += 7) plan.states[region] = region % 2 === 0 ? 3 : 1
  const regions = openRegions(plan, openSearcher(plan, openFileBytes(path), openJsNeedle(own.all)), 1)
  try {
    return scanJournal(sourceOf(bytes, [70_000], 'system.journal'), tools, journal, openJsNeedle(own.all), regions)
  } finally {
    regions.close()
    file.close()
  }
}

async function fastAsSlow(bytes: Uint8Array) {
  const fast = await evidenceOf(bytes, false)
  expect(fast).toEqual(await evidenceOf(bytes, true))
  for (const byOther of [true, false]) expect(await evidenceByRegions(bytes, byOther)).toEqual(fast)
  return fast
}

test.each(['xz-compact', 'regular-zstd', 'compact-keyed-two-boots', 'lz4-regular', 'cut', 'damaged'])('%s: fast as slow', async (name) => {
  const fast = await fastAsSlow(sample(`${name}.journal`))
  expect(fast?.source.format).toBe('journal')
  expect(fast?.source.hasKernel).toBe(true)
  expect(fast?.snapshots.length).toBeGreaterThan(10)
  expect(fast?.anchors.length).toBeGreaterThan(1)
})

test('an entry is quoted by its cursor and dated by both clocks', async () => {
  const [evidence] = await scanSource(sourceOf(sample('regular-zstd.journal'), [70_000], 'system.journal'), toolsOf([], literals))
  expect(evidence?.source.lines).toBe(38)
  expect(evidence?.source.first?.wall?.epochUs).toBeGreaterThan(1.7e15)
  expect(evidence?.source.bootId).toMatch(/^[0-9a-f]{32}$/)
  expect(evidence?.anchors[0]?.via).toBe('journal')
  const snapshot = evidence?.snapshots[0]
  const quote = snapshot?.kind === 'setting' ? snapshot.values['message']?.quote : null
  expect(quote?.line).toBeNull()
  expect(quote?.cursor).toMatch(/^s=[0-9a-f]{32};i=[0-9a-f]+;b=/)
})

describe('generated journals', () => {
  test('whole: fast as slow', async () => {
    const run = async ({ bytes, entries }: { bytes: Uint8Array; entries: number }) => {
      const evidence = await fastAsSlow(bytes)
      expect(evidence?.source.lines).toBe(entries)
      expect(evidence?.warnings.filter(({ code }) => code !== 'seen')).toEqual([])
    }
    await fc.assert(fc.asyncProperty(journals, run), { numRuns: 20 })
  }, 120_000)

  test('damaged: fast as slow', async () => {
    const run = async (bytes: Uint8Array) => void (await fastAsSlow(bytes))
    await fc.assert(fc.asyncProperty(damagedJournals, run), { numRuns: 60 })
  }, 120_000)
})

describe('an entry that damage makes name', () => {
  /** 500 entries of the same words, so that the head is over; then the ones that matter; then some more. */
  const journalOf = (entries: readonly EntryToWrite[]) =>
    writeJournalFile([
      ...Array.from({ length: 500 }, (_, k) => plainEntry(`quiet ${k % 7}`, 'stdout', k)),
      ...entries,
      ...Array.from({ length: 20 }, (_, k) => plainEntry(`quiet ${k % 7}`, 'stdout', 600 + k)),
    ])
  const placeOf = (bytes: Uint8Array, payload: string) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(payload) - 64
  /** Names `target` instead of the message in the entry that has that message. */
  const misled = (bytes: Uint8Array, message: string, target: number): Uint8Array => {
    const view = new DataView(bytes.buffer)
    const own = placeOf(bytes, `MESSAGE=${message}`)
    for (let at = own; at + 8 <= bytes.length; at += 8) {
      // In an entry, not in the arrays and tables that know the message too: its own type stands some items before.
      if (view.getUint32(at, true) !== own || bytes[at - 64 - 32] !== 3) continue
      view.setUint32(at, target, true)
      return bytes
    }
    throw new Error('no entry names the message')
  }
  const messagesOf = (evidence: Awaited<ReturnType<typeof evidenceOf>>) =>
    evidence?.snapshots.flatMap((s) => (s.kind === 'setting' ? [String(s.values['message']?.value)] : [])) ?? []

  test('the kernel’s transport, written behind it, is the kernel’s', async () => {
    const bytes = journalOf([plainEntry('misled', 'stdout', 501), plainEntry('from the kernel', 'kernel', 502)])
    const whole = await fastAsSlow(bytes.slice())
    expect(messagesOf(whole)).toContain('from the kernel')
    const evidence = await fastAsSlow(misled(bytes, 'misled', placeOf(bytes, '_TRANSPORT=kernel')))
    // The first of the kernel's in its block, so the other is not.
    expect(messagesOf(evidence)).not.toContain('from the kernel')
  })

  test('a message with a literal, written behind it, has that', async () => {
    const bytes = journalOf([plainEntry('misled', 'stdout', 501), plainEntry('Killed process 7', 'stdout', 502)])
    const evidence = await fastAsSlow(misled(bytes, 'misled', placeOf(bytes, 'MESSAGE=Killed process 7')))
    expect(messagesOf(evidence).filter((message) => message === 'Killed process 7')).toHaveLength(2)
  })

  test.each([1, 2, 4, 7])('a place %d bytes behind a message, names nothing', async (off) => {
    const bytes = journalOf([plainEntry('Killed process 7', 'stdout', 501), plainEntry('misled', 'stdout', 502)])
    const evidence = await fastAsSlow(misled(bytes, 'misled', placeOf(bytes, 'MESSAGE=Killed process 7') + off))
    expect(messagesOf(evidence).filter((message) => message === 'Killed process 7')).toHaveLength(1)
  })
})

test('a message that holds more literals than a region keeps', async () => {
  const bytes = writeJournalFile([plainEntry('Killed process '.repeat(400_000), 'stdout', 0)])
  expect(await evidenceByRegions(bytes, false, {})).toEqual(await evidenceOf(bytes, true))
})

test('damaged samples: fast as slow', async () => {
  const samples = ['xz-compact', 'regular-zstd', 'compact-keyed-two-boots', 'lz4-regular'].map((name) => sample(`${name}.journal`))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 40 }),
      fc.nat(255),
      async (from, places, byte) => {
        // Objects stand in the first part, behind the tables.
        const bytes = from.slice()
        const last = bytes.findLastIndex((value) => value !== 0)
        for (const place of places) bytes[last - (place % Math.min(last, 200_000))] = byte
        await fastAsSlow(bytes)
      },
    ),
    { numRuns: 10 },
  )
}, 120_000)
