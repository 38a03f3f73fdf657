import type { LogRecord } from '../model/record.ts'

/** One physical line as the cutter made it: no line ending, charset decoded; `number` from 1, `offset` in bytes. */
export interface Line {
  readonly text: string
  readonly number: number
  readonly offset: number
}

/** What a decoder may know of its source besides the lines. */
export interface FormatContext {
  readonly source: string
  /** Host known from the place in the bundle, for wrappings that print none. */
  readonly host: string | null
  /** Names of the container whose output the file is, where its path tells them (`namespace`, `pod`, `container` …). */
  readonly container?: Readonly<Record<string, string>>
}

/**
 * A wrapping of log lines. Decoders are synchronous and keep only what the next line needs; they may hold a record back until
 * the next line shows that it is complete (indented continuations), so `push` may emit none, one or several records.
 */
export interface LineFormat {
  /** Stable id, shown in `sources[].format`: `dmesg-iso`, `journal-json`, `klog`. */
  readonly id: string
  readonly title: string
  /** Program and mode that writes it: `journalctl -o short-iso`. */
  readonly writtenBy: string
  /** `real`: its samples are real output; `documented`: from documentation only. */
  readonly seen: 'real' | 'documented'
  /** Judges up to 64 lines from the head (or from where detection starts again). Content only. */
  sniff(head: readonly string[]): 'none' | 'weak' | 'strong'
  decoder(context: FormatContext): LineDecoder
  /**
   * How records lie in the text: `lines`: each line may be decoded alone when the gate picks it (plus indented continuations after it);
   * `all`: every line must be decoded, for a record spans lines that only the decoder can join (verbose, export, pretty JSON, deltas).
   */
  readonly framing: 'lines' | 'all'
}

export interface LineDecoder {
  /** `false`: the line is not of this wrapping (a run of misses makes the reader sniff again). */
  push(line: Line, emit: (record: LogRecord) => void): boolean
  /** The source ended or jumped to a place further down: give out what is held back. */
  flush(emit: (record: LogRecord) => void): void
}
