import type { WarningCode } from '../../warnings.ts'
import type { Budget } from '../budget.ts'
import type { ByteReader, Bytes } from '../bytes.ts'
import type { Engines } from '../engines.ts'
import type { PlainFile } from '../file.ts'

/** One regular file in an archive. */
export interface Member {
  /** As stored; `paths.ts` makes a label of it. */
  readonly rawPath: string
  readonly size: number | null
  readonly modifiedMs: number | null
  /** How the archive packs this member, or `null` (stored, or the archive is packed as a whole). */
  readonly codec: string | null
  /** To be read before the next member is asked for, or not at all. Throws a `Trouble` where it cannot go on. */
  bytes(): Bytes
}

/** Where an archive's bytes are. */
export interface ArchiveInput {
  readonly reader: ByteReader
  /** The archive where it is a plain file, so that it can be read at any place. */
  readonly file: PlainFile | null
  readonly budget: Budget
  readonly engines: Engines
  /** Tells of a member that is left out or incomplete; `rawPath` is `null` for the archive as a whole. */
  readonly report: (code: WarningCode, rawPath: string | null, args?: Readonly<Record<string, string | number>>) => void
}

/** An archive format, read as a stream. One file a format; `index.ts` lists them. */
export interface Container {
  readonly id: string
  readonly title: string
  sniff(head: Uint8Array): boolean
  /** Regular files in stored order. Links, devices and folders are passed over. */
  members(input: ArchiveInput): AsyncIterable<Member>
}
