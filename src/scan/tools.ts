import type { DocumentReader, Extractor } from '../extract/define-extractor.ts'
import type { LineFormat } from '../formats/define-format.ts'
import type { InputSource } from '../input/source.ts'
import type { Ahead } from './ahead.ts'

/** What the driver reads with: handed in, so that the scan room knows no format and no program by itself. */
export interface ScanTools {
  /** The registry, for `inputFormat`. */
  readonly formats: readonly LineFormat[]
  /** Judges up to 64 lines; `null` when no wrapping claims them. */
  readonly detectFormat: (head: readonly string[], fileName: string) => LineFormat | null
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
  /** Searches of large files that were begun before this was there. */
  readonly ahead?: Ahead | null
}
