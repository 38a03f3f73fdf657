import { together } from '../../input/bytes.ts'
import type { PlainFile } from '../../input/file.ts'
import { type JournalFile, journalInMemory, openJournal } from '../../input/journal/index.ts'
import { defaultLimits } from '../../input/limits.ts'
import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { readWhole } from '../documents.ts'
import { openEventLog } from '../event-log.ts'
import { joined } from '../later.ts'
import { openFirstLives, openLivesOf } from '../life-lines.ts'
import { literalsOf } from '../line-choice.ts'
import { borrowNeedle } from '../search/needles.ts'
import { allOf, type SourceBytes } from '../source-bytes.ts'
import type { ScanTools } from '../tools.ts'
import { scanJournal } from './scan-journal.ts'
import { scanJournalSlowly } from './slow-journal.ts'

/** Packed journals up to this size are read into memory, larger ones into a temporary file without a name. */
const MEMORY_BYTES = 32 * 1024 * 1024

/** Reads a binary journal, for which any place of it must be at hand. `null`: it has the magic of one, but not even a header. */
export async function readJournal(source: InputSource, tools: ScanTools, input: SourceBytes): Promise<SourceEvidence | null> {
  if (source.file !== null) {
    return scanFile(source, source.file, tools)
  }
  const { pieces, whole } = await readWhole(input, tools.spool === undefined ? Infinity : MEMORY_BYTES)
  if (whole || tools.spool === undefined) return scan(source, tools, journalInMemory(together(pieces)))
  const spool = await tools.spool(allOf(pieces, input), defaultLimits.spoolBytes)
  try {
    return await scan(source, tools, spool)
  } finally {
    spool.close()
  }
}

/** A plain file: entries about ordinary lives that nobody is known to need yet are left out, and told of to `tools.lives`. */
async function scanFile(source: InputSource, plain: PlainFile, tools: ScanTools): Promise<SourceEvidence | null> {
  const open = async (once: ScanTools): Promise<SourceEvidence | null> => {
    const file = plain.open()
    try {
      return await scan(source, once, file)
    } finally {
      file.close()
    }
  }
  const { lives: later, extractors } = tools
  if (later === undefined || tools.slow === true) return open(tools)
  const { telling } = literalsOf(extractors)
  const lives = openFirstLives(later.from, telling, null)
  const log = openEventLog()
  const evidence = await open({ ...tools, reading: { lives, log, again: false } })
  if (evidence === null || lives.left() === 0) return evidence
  later.onLater({
    name: source.name,
    of: 'lines',
    async read(wanted) {
      const again = openEventLog()
      const second = await open({ ...tools, reading: { lives: openLivesOf(later.from, telling, wanted), log: again, again: true } })
      const isOfLives = (extractor: number): boolean => extractors[extractor]?.lives !== undefined
      return second === null ? evidence : joined({ evidence, log }, { evidence: second, log: again }, isOfLives, 0)
    },
  })
  return evidence
}

async function scan(source: InputSource, tools: ScanTools, file: JournalFile): Promise<SourceEvidence | null> {
  const journal = await openJournal(file)
  if (journal === null) return null
  if (tools.slow === true) return scanJournalSlowly(source, tools, journal)
  const literals = literalsOf(tools.extractors)
  const { needle, giveBack } = borrowNeedle(literals.all, file.size, literals.sampledFrom)
  const path = source.file?.path ?? null
  const regions = path === null ? null : (tools.threads?.(path, file.size, literals, false) ?? null)
  try {
    return scanJournal(source, tools, journal, needle, regions)
  } finally {
    regions?.close()
    giveBack()
  }
}
