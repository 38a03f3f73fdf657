import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { FileBytes } from '../input/file.ts'

/** Opens a file. Throws as `fs.openSync` does. */
export function openFileBytes(path: string | Buffer): FileBytes {
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
