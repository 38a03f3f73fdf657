import type { DocumentReader, Extractor } from '../extract/define-extractor.ts'
import type { LineFormat } from '../formats/define-format.ts'
import type { Spooler } from '../input/engines.ts'
import type { InputSource } from '../input/source.ts'
import type { DeathsRooms } from './deaths-room.ts'
import type { EventLog } from './event-log.ts'
import type { Later } from './later.ts'
import type { LifeLines } from './life-lines.ts'
import type { Literals } from './search/literals.ts'
import type { Regions } from './search/regions.ts'
import type { KeptRoom } from './text/kept-lines.ts'

/** What the driver reads with: handed in, so that the scan room knows no format and no program by itself. */
export interface ScanTools {
  /** The registry, for `inputFormat`. */
  readonly formats: readonly LineFormat[]
  /** Judges up to 64 lines; `null` when no wrapping claims them. */
  readonly detectFormat: (head: readonly string[]) => LineFormat | null
  readonly extractors: readonly Extractor[]
  readonly documentReaders: readonly DocumentReader[]
  /** Id of a format or document reader that overrides detection (`--input-format`), or `null`. */
  readonly inputFormat: string | null
  /** Reads line by line, without the literal search over whole blocks: the reference that the fast path is compared with. */
  readonly slow?: boolean
  /** Told of a source that holds nothing for anybody, which then yields no evidence; absent: all are read. */
  readonly onQuiet?: (source: InputSource, lines: number, bytes: number) => void
  /** Told of a source that is no text and tells nothing. */
  readonly onBinary?: (source: InputSource) => void
  readonly threads?: SearchThreads
  /** Lays down a packed journal that is too large for memory; absent: memory takes it. */
  readonly spool?: Spooler
  /** Keeps what many deaths take in bounds; absent: all is kept. */
  readonly deaths?: DeathsRooms
  /** Told of a document that is read piece by piece and is large. */
  readonly onMuch?: () => void
  /** Lets lines of ordinary lives be left out at first; absent: all are read. */
  readonly lives?: LivesLater
  /** How this source is read, when that is not as a whole. */
  readonly reading?: Reading
}

/** Who takes what is left out of large sources. */
export interface LivesLater {
  /** Lines behind this offset are left out. */
  readonly from: number
  /** Where lines of sources that cannot be read again are kept. */
  readonly room: KeptRoom
  /** Told of each source of which lines were left out. */
  readonly onLater: (later: Later) => void
}

export interface Reading {
  readonly lives: LifeLines
  readonly log: EventLog
  /** Only those who read of lives are shown anything: what the others say is known. */
  readonly again: boolean
}

/** Searches a large file beside its reader, by its path; `null`: it is not large. `sampled`: literals of sampled search are wanted, too. Absent: nobody does. */
export type SearchThreads = (path: string, size: number, literals: Literals, sampled: boolean) => Regions | null
