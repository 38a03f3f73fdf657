import { readFully } from '../input/journal/file.ts'
import { entryAt, type Journal, type JournalEntry, readEntries } from '../input/journal/index.ts'
import { DATA, ENTRY, numberAt, payloadOffset, viewOf } from '../input/journal/layout.ts'
import { type Visited, type WalkOutcome, walkObjects } from '../input/journal/walk.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { type WarningCode, warning } from '../warnings.ts'
import { type Collector, openCollector } from './collector.ts'
import { HEAD_LINES, type Literals, literalsOf, SAMPLE_BYTES } from './gate.ts'
import { recordOfEntry } from './journal-record.ts'
import { latin1Text } from './line-text.ts'
import { openMarks } from './marks.ts'
import { type Needle, noHits } from './needle.ts'
import type { ScanTools } from './tools.ts'

/**
 * The gate for entries: one is taken that stands in the head, is the last, has a message with a literal of an extractor, is the kernel's and
 * the first such in its block of `SAMPLE_BYTES`, or comes while an extractor is hungry.
 */
interface EntryGate {
  wants(holdsLiteral: boolean, fromKernel: () => boolean, offset: number): boolean
}

function openEntryGate(collector: Collector): EntryGate {
  let seen = 0
  let sampledBlock = -1
  return {
    wants(holdsLiteral, fromKernel, offset) {
      seen += 1
      const block = Math.floor(offset / SAMPLE_BYTES)
      const sampled = block > sampledBlock && fromKernel()
      if (sampled) sampledBlock = block
      return sampled || holdsLiteral || seen <= HEAD_LINES || collector.hungry()
    },
  }
}

/** One pass over the file: whole blocks are searched for literals, and only entries that are wanted have their fields looked up. */
export function scanJournal(source: InputSource, tools: ScanTools, journal: Journal, needle: Needle): SourceEvidence {
  const { file, header } = journal
  const collector = openCollector(source, tools)
  const gate = openEntryGate(collector)
  const messages = messageJudge(journal, literalsOf(tools.extractors))
  let hits = noHits()
  let next = 0
  let kernelAt = -1
  let entries = 0
  let skipped = null as Skipped | null

  const holdsHit = (from: number, to: number): boolean => {
    while ((hits.at[next] ?? Infinity) < from) next += 1
    for (let index = next; (hits.at[index] ?? Infinity) < to; index += 1) if (messages.isOwn(hits.literal[index] ?? 0)) return true
    return false
  }
  const marks = openMarks()
  const visitData = (object: Visited): void => {
    const verdict = messages.judge(object, holdsHit)
    if (verdict === 'wanted') marks.add(object.offset)
    if (verdict === 'kernel') kernelAt = object.offset
  }
  const visitEntry = ({ view, at, size, offset }: Visited): void => {
    entries += 1
    const holds = someItem(view, at, size, header.compact, marks.has)
    const fromKernel = () => kernelAt !== -1 && someItem(view, at, size, header.compact, (item) => item === kernelAt)
    if (gate.wants(holds, fromKernel, offset)) {
      skipped = null
      collector.record(recordOfEntry(source.name, entryAt(journal, view, at, size, offset)))
    } else skipped = { offset, size }
  }
  const memory = {
    memory: needle.memory,
    loaded(from: number, to: number) {
      hits = noHits()
      next = 0
      needle.search(from, to, hits)
    },
  }
  const outcome = walkObjects(file, header.headerBytes, memory, (object) => {
    if (object.type === DATA) visitData(object)
    else if (object.type === ENTRY) visitEntry(object)
  })
  if (skipped !== null) collector.record(recordOfEntry(source.name, entryIn(journal, skipped)))
  warnOf(collector, source, journal, outcome)
  return collector.evidence({ format: 'journal', lines: entries, bytes: file.size })
}

/** The same gate entry by entry, every one decoded: what the tests compare `scanJournal` with. */
export function scanJournalSlowly(source: InputSource, tools: ScanTools, journal: Journal): SourceEvidence {
  const collector = openCollector(source, tools)
  const gate = openEntryGate(collector)
  const { all, sampledFrom } = literalsOf(tools.extractors)
  let entries = 0
  let skipped: JournalEntry | null = null
  let outcome: WalkOutcome = { damagedBytes: 0, cut: false }
  for (const entry of readEntries(journal, (met) => (outcome = met))) {
    entries += 1
    const text = entry.fields.filter(([name]) => name === 'MESSAGE').map(([, value]) => latin1Text(value))
    const holds = all.slice(0, sampledFrom).some((literal) => text.some((message) => message.includes(literal)))
    const fromKernel = () => entry.fields.some(([name, value]) => name === '_TRANSPORT' && latin1Text(value) === 'kernel')
    const wanted = gate.wants(holds, fromKernel, entry.offset)
    skipped = wanted ? null : entry
    if (wanted) collector.record(recordOfEntry(source.name, entry))
  }
  if (skipped !== null) collector.record(recordOfEntry(source.name, skipped))
  warnOf(collector, source, journal, outcome)
  return collector.evidence({ format: 'journal', lines: entries, bytes: journal.file.size })
}

interface Skipped {
  readonly offset: number
  readonly size: number
}

function entryIn(journal: Journal, { offset, size }: Skipped): JournalEntry {
  return entryAt(journal, viewOf(readFully(journal.file, new Uint8Array(size), offset)), 0, size, offset)
}

function warnOf(collector: Collector, source: InputSource, { header, unreadable }: Journal, { damagedBytes, cut }: WalkOutcome): void {
  const warn = (code: WarningCode, args: Record<string, number>) => collector.sink.warn(warning(code, source.name, null, args))
  if (header.unknownFlags !== 0) warn('journal-flags-unknown', { flags: header.unknownFlags })
  if (damagedBytes > 0) warn('journal-damaged', { bytes: damagedBytes })
  if (cut) warn('journal-cut', {})
  if (unreadable() > 0) warn('journal-fields-unreadable', { count: unreadable() })
}

type Verdict = 'wanted' | 'kernel' | 'other'

/** Tells of a DATA object whether it is a message with a literal, or the kernel's transport. */
function messageJudge({ header, unpack }: Journal, { all, sampledFrom }: Literals) {
  const start = payloadOffset(header.compact)
  const own = all.slice(0, sampledFrom)
  const kernel = '_TRANSPORT=kernel'
  const begins = ({ view, at, size }: Visited, text: string): boolean => {
    if (size < start + text.length) return false
    for (let k = 0; k < text.length; k += 1) if (view.getUint8(at + start + k) !== text.charCodeAt(k)) return false
    return true
  }
  const judgePacked = ({ view, at, size, flag }: Visited): Verdict => {
    const packed = new Uint8Array(view.buffer, view.byteOffset + at + start, size - start)
    const payload = unpack(flag, packed)
    if (payload === null) return 'other'
    const text = latin1Text(payload)
    return text.startsWith('MESSAGE=') && own.some((literal) => text.includes(literal)) ? 'wanted' : 'other'
  }
  return {
    isOwn: (literal: number) => literal < sampledFrom,
    judge(object: Visited, holdsHit: (from: number, to: number) => boolean): Verdict {
      if (object.flag !== 0) return judgePacked(object)
      const { view, at, size } = object
      if (size === start + kernel.length && begins(object, kernel)) return 'kernel'
      // `M`: nearly all others end here.
      if (view.getUint8(at + start) !== 0x4d || !begins(object, 'MESSAGE=')) return 'other'
      return holdsHit(at + start, at + size) ? 'wanted' : 'other'
    },
  }
}

function someItem(view: DataView, at: number, size: number, compact: boolean, is: (item: number) => boolean): boolean {
  const end = at + size
  if (compact) for (let place = at + 64; place + 4 <= end; place += 4) if (is(view.getUint32(place, true))) return true
  if (!compact) for (let place = at + 64; place + 16 <= end; place += 16) if (is(numberAt(view, place))) return true
  return false
}
