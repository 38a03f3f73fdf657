import { viewOf } from '../../input/bytes.ts'
import { readFully } from '../../input/journal/file.ts'
import { entryAt, type Journal, openTexts } from '../../input/journal/index.ts'
import { walkObjects } from '../../input/journal/walk.ts'
import type { Window } from '../../input/journal/window.ts'
import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { openWitness } from '../../witness/index.ts'
import { openCollector } from '../collector.ts'
import { literalsOf } from '../line-choice.ts'
import type { Literals } from '../search/literals.ts'
import { literalsOfLives } from '../search/literals-of-lives.ts'
import type { Needle } from '../search/needle.ts'
import type { Regions } from '../search/regions.ts'
import type { ScanTools } from '../tools.ts'
import { openEntryChoice } from './entry-choice.ts'
import { openKnownFields } from './known-fields.ts'
import { type Admit, openFieldJudge, openMessageJudge } from './messages.ts'
import { recordOfEntry } from './record.ts'
import { counted, warnOfJournal } from './warnings.ts'

/**
 * One pass over the file: windows of it are searched for literals, objects are told apart by their headers, and only entries that are wanted become
 * records.
 */
export function scanJournal(
  source: InputSource,
  tools: ScanTools,
  opened: Journal,
  needle: Needle,
  regions: Regions | null,
): SourceEvidence {
  const { file, header, leftOut } = opened
  const { journal, unreadable } = counted(opened)
  const collector = openCollector(source, tools)
  const witness = openWitness(source.name)
  const literals = literalsOf(tools.extractors)
  const messages = openMessageJudge(opened, literals, needle, regions, admits(tools, literals))
  const known = openKnownFields(opened, openFieldJudge(literals))
  const gate = openEntryChoice(collector, known)
  let near: Window | null = null
  const texts = openTexts(journal, () => near)
  let skipped = 0
  let skippedBytes = 0

  const take = (view: DataView, at: number, size: number, offset: number): void => {
    const entry = entryAt(journal, view, at, size, offset, texts)
    const message = entry.fields.find(([name]) => name === 'MESSAGE')
    const record = recordOfEntry(source.name, entry)
    witness.see(record.message, null, null, record.origin.cursor)
    collector.record(record, message === undefined ? [] : known.literalsIn(message[2]), offset)
    gate.taken()
  }
  const outcome = walkObjects(file, header.headerBytes, {
    memory: messages.memory,
    loaded(window) {
      near = window
      messages.loaded(window)
    },
    data(window, at, size) {
      known.note(window.base + at, messages.judge(window, at, size))
    },
    entry(window, at, size) {
      const offset = window.base + at
      if (gate.wants({ window, at, size }, offset)) {
        skippedBytes = 0
        take(viewOf(window.bytes), at, size, offset)
      } else {
        skipped = offset
        skippedBytes = size
      }
    },
  })
  if (skippedBytes > 0) take(viewOf(readFully(file, new Uint8Array(skippedBytes), skipped)), 0, skippedBytes, skipped)
  warnOfJournal(collector, source.name, header.unknownFlags, { unreadable: unreadable(), leftOut: leftOut.fields }, outcome)
  return { ...collector.evidence({ format: 'journal', lines: gate.entries(), bytes: file.size }), sightings: witness.sightings() }
}

/** Which messages are read: those of ordinary lives as text is (`LifeLines`), counted from the first message on, since large tables stand before it. */
function admits({ reading, extractors }: ScanTools, { livesFrom, sampledFrom }: Literals): Admit | undefined {
  if (reading === undefined) return undefined
  const ofLives = literalsOfLives(extractors)
  let first = -1
  return (found, bytes, begin, end, offset) => {
    if (first === -1) first = offset
    const isLife = (literal: number): boolean => literal >= livesFrom && literal < sampledFrom
    if (found.every(isLife)) return reading.lives.wants(bytes, begin, end, offset - first, 0)
    return !reading.again || found.some((literal) => ofLives[literal] === 1)
  }
}
