import type { Warning } from '../model/warning.ts'
import type { PlainFile } from './file.ts'

/** Where something stands, and of when it is. */
export interface SourceName {
  /** As the user would find it: `bundle.tar.gz!var/log/kern.log`, `!` between an archive and its member, `-` for standard input. */
  readonly name: string
  /** Path inside the innermost archive, or relative to the folder argument; `/`-separated, without `./`, a leading `/` or `..`. */
  readonly path: string
  /** The argument it came from; for a member of an archive the archive's own name (`case.zip!must-gather.tar.gz`). A loose file is its own. */
  readonly bundle: string
  readonly modifiedMs: number | null
}

/** One readable thing: a file, a member of an archive, standard input. What a reader gets to see of the outside world. */
export interface InputSource extends SourceName {
  /** Uncompressed size in bytes where it is known without reading. */
  readonly size: number | null
  /** A plain uncompressed regular file: a reader may open it by itself (in a worker, by segments). `null` otherwise. */
  readonly file: PlainFile | null
  /** How its bytes were packed, outermost first: `gzip`, `gzip+gzip`; `null` when they were not. */
  readonly codec: string | null
  /**
   * The unpacked bytes; a piece is void when the third after it is asked for. May be called once; must be consumed or abandoned before the
   * next source is asked for. Broken packing ends it early, with a warning in the outcome: it does not throw for bad data.
   */
  chunks(): AsyncIterable<Uint8Array>
}

/** Bounds on what unpacking may cost. All sizes are bytes. */
export interface InputLimits {
  /** Unpacked bytes in one run, over all inputs and all levels. */
  readonly totalBytes: number
  /** Members of archives in one input, nested ones among them. */
  readonly members: number
  /** How many archives may stand inside one another; compression alone (`.gz` of a `.gz`) counts too. */
  readonly depth: number
  /** A packed stream, and an input as a whole, may grow by more than this factor only up to `ratioFloorBytes`. */
  readonly ratio: number
  readonly ratioFloorBytes: number
  /** How long the unpacking of one input, and the reading of what comes out, may take. */
  readonly seconds: number
  /** Size of the temporary file that a nested or piped zip is laid in. */
  readonly spoolBytes: number
}

export interface InputOptions {
  readonly limits: InputLimits
  /** Read for the argument `-`. */
  readonly stdin: AsyncIterable<Uint8Array> | null
  /**
   * Asked of each file below a folder: whether it need be no source, since it tells nothing, or what it tells was read of `bytes`: all that it holds, void after the
   * call; `null` where its place alone says so. `source`: its name as one; `null` where it cannot be looked at.
   */
  readonly isDone?: (bundle: string, path: string, bytes: Uint8Array | null, source: () => SourceName | null) => boolean
}

/** What became of the inputs, apart from their contents. */
export interface InputOutcome {
  readonly warnings: readonly Warning[]
  /** Arguments given. */
  readonly inputs: number
  /** Arguments of which nothing could be read (exit code 3 when it is all of them, 4 when some). */
  readonly unreadable: number
}

export interface OpenedInputs {
  /** One at a time: the source before must be consumed or abandoned. Its order is the archive's, or bytewise for a folder. */
  readonly sources: AsyncIterable<InputSource>
  /** Complete once `sources` is exhausted. */
  outcome(): InputOutcome
}
