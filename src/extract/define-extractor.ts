import type { ClockAnchor, Event } from '../model/event.ts'
import type { Document, LogRecord } from '../model/record.ts'
import type { DocumentFacts, Snapshot } from '../model/snapshot.ts'
import type { Warning } from '../model/warning.ts'

export interface ExtractSink {
  event(event: Event): void
  anchor(anchor: ClockAnchor): void
  snapshot(snapshot: Snapshot): void
  warn(warning: Warning): void
}

/**
 * Reads records of any wrapping into events. Bytes first: a record reaches an extractor when its raw text or its message holds one of the
 * literals of any extractor, or while this one is `wantsNext`; one that `readsAll` is shown the head and tail of a source, too, and what stands between.
 */
export interface Extractor {
  readonly id: string
  /**
   * Plain ASCII substrings (5 bytes or longer, as long and rare as can be, at most 40 per extractor) at least one of which every line holds that may *begin* something
   * here. Case matters. Words that ordinary lines hold (`oom` in `room`) are forbidden.
   */
  readonly literals: readonly string[]
  /**
   * Those of `literals` that tell of ordinary lives: a container was made, started, ended. A busy node's log is full of them, each of another container, and they
   * matter only where a death makes their container or pod matter. `telling`: words by which such a line matters to anybody (an exit code, a reason).
   */
  readonly lives?: { readonly literals: readonly string[]; readonly telling?: readonly string[] }
  /** Shown every record that is read at all, not only those with one of its literals: what stands around a report tells of it. */
  readonly readsAll?: boolean
  open(source: string): ExtractorSession
}

export interface ExtractorSession {
  push(record: LogRecord, sink: ExtractSink): void
  /**
   * True while an open dump or block wants the following records whatever they say. Bounded by the extractor's own line budget. A getter where it
   * changes; a plain `false` says never.
   */
  readonly wantsNext: boolean
  /** The source ended: close what is open. */
  end(sink: ExtractSink): void
}

/** Reads a whole document (manifest, describe output, /proc file). `sniff` is by content first, by path as a tie-break. */
export interface DocumentReader {
  readonly id: string
  readonly title: string
  readonly writtenBy: string
  readonly seen: 'real' | 'documented'
  /** The file may hold log lines too (a supportconfig, `systemctl status`, a cluster-info dump): the log path reads it as well. */
  mixed?(text: string): boolean
  sniff(head: string, path: string): 'none' | 'weak' | 'strong'
  /** Loads what `read` needs (a parser library), once; awaited by the scan layer before the first `read`. */
  prepare?(): Promise<void>
  read(document: Document): DocumentFacts
  /** Takes the text in pieces, in bounded memory: documents of this kind are read so at any size. */
  readonly stream?: (source: string, path: string) => DocumentStream
  /** For what is too large to be read whole: piece by piece; smaller ones are `read`. */
  readonly large?: PieceReader
}

/** Reads a large document in pieces, each of which can be read without the others, and read again. */
export interface PieceReader {
  /** Cuts the text, which comes in steps of any length. */
  cut(give: (piece: DocumentPiece) => void): PieceCutter
  /** Hands over what the objects of a piece tell, as they come. */
  read(piece: PlacedPiece, document: Pick<Document, 'source' | 'path'>, take: (facts: DocumentFacts) => void): void
}

export interface PieceCutter {
  push(text: string): void
  end(): void
  /** Whether the text is broken so, or so many times (`cuts`), that it tells something else when it is read as a whole. */
  isAstray?(cuts: number): boolean
}

/** A run of whole objects of a document. */
export interface DocumentPiece {
  /** As it stands. */
  readonly text: string
  /** Begins and ends of its objects, by turns, where what is between them has to be passed over (the head of a list, commas, its end). */
  readonly spans?: Int32Array
  /** The document is cut off behind its last whole item: where what is left of it begins, and what would have come. */
  readonly rest?: { readonly at: number; readonly of: 'items' | 'end' | 'keys' }
  /** The first characters of what stands behind it, where its lines are quoted in excerpts. */
  readonly beyond?: string
  /** It goes on with a list that began in a piece before. */
  readonly goesOn?: boolean
}

export interface PlacedPiece extends DocumentPiece {
  readonly firstLine: number
  /** Bytes before it. */
  readonly firstByte: number
  /** It begins a line. */
  readonly beginsLine: boolean
}

/** A document that is read as it comes. */
export interface DocumentStream {
  push(piece: string): void
  end(): DocumentFacts
}
