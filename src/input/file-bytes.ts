import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** A plain file opened for reading by place. All calls block: for page-cache speed there is nothing to wait for. */
export interface FileBytes {
  readonly size: number
  /** Reads into `target` from `offset` on; the number of bytes read, 0 at the end. */
  read(target: Uint8Array, offset: number): number
  close(): void
}

/** Opens a file. Throws as `fs.openSync` does: the caller makes it a warning. */
export function openFileBytes(path: string): FileBytes {
  return fileBytesOf(openSync(path, 'r'))
}

/** The same of a file that is open already, such as a spool. */
export function fileBytesOf(fd: number): FileBytes {
  return {
    size: fstatSync(fd).size,
    read: (target, offset) => readSync(fd, target, 0, target.length, offset),
    close: () => closeSync(fd),
  }
}
