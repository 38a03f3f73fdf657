import { type Journal, type JournalEntry, readEntries } from '../../input/journal/index.ts'
import type { WalkOutcome } from '../../input/journal/walk.ts'
import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { openWitness } from '../../witness/index.ts'
import { openCollector } from '../collector.ts'
import { literalsOf } from '../line-choice.ts'
import type { ScanTools } from '../tools.ts'
import { openEntryChoice } from './entry-choice.ts'
import { openFieldJudge } from './messages.ts'
import { recordOfEntry } from './record.ts'
import { counted, warnOfJournal } from './warnings.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The gate entry by entry, every field of every one read: what the tests compare `scanJournal` with. */
export function scanJournalSlowly(source: InputSource, tools: ScanTools, opened: Journal): SourceEvidence {
  const collector = openCollector(source, tools)
  const witness = openWitness(source.name)
  const judge = openFieldJudge(literalsOf(tools.extractors))
  const { journal, unreadable } = counted(opened)
  const gate = openEntryChoice<JournalEntry>(collector, {
    holdsLiteral: ({ fields }) => fields.some((field) => Array.isArray(judge(field))),
    fromKernel: ({ fields }) => fields.some((field) => judge(field) === 'kernel'),
  })
  let outcome: WalkOutcome = { damagedBytes: 0, cut: false }
  let skipped = null as (() => void) | null
  const now = () => ({ unreadable: unreadable(), leftOut: opened.leftOut.fields })
  let before = now()
  const lost = { unreadable: 0, leftOut: 0 }
  for (const entry of readEntries(journal, (met) => (outcome = met))) {
    const missing = { unreadable: unreadable() - before.unreadable, leftOut: opened.leftOut.fields - before.leftOut }
    before = now()
    const take = () => {
      lost.unreadable += missing.unreadable
      lost.leftOut += missing.leftOut
      const texts = entry.fields.map(([name, value]) => [name, utf8.decode(value), 0] as const)
      const record = recordOfEntry(source.name, { ...entry, fields: texts })
      witness.see(record.message, null, null, record.origin.cursor)
      collector.record(record)
      gate.taken()
    }
    const wanted = gate.wants(entry, entry.offset)
    skipped = wanted ? null : take
    if (wanted) take()
  }
  skipped?.()
  warnOfJournal(collector, source.name, journal.header.unknownFlags, lost, outcome)
  return { ...collector.evidence({ format: 'journal', lines: gate.entries(), bytes: journal.file.size }), sightings: witness.sightings() }
}
