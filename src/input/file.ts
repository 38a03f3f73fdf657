/** Bytes that can be read at any place. Reading blocks: for page-cache speed there is nothing to wait for. */
export interface FileBytes {
  readonly size: number
  /** Reads into `target` from `offset` on; the number of bytes read, 0 at the end. */
  read(target: Uint8Array, offset: number): number
  close(): void
}

/** A plain file as it lies there: what is handed on where a stream will not do. */
export interface PlainFile {
  /** Its path on disk, for other threads; `null` where they cannot open it (a name that is no UTF-8, a file in a browser). */
  readonly path: string | null
  /** Throws as the system does: the caller makes it a warning. */
  open(): FileBytes
}
