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

/** Told how far the file in hand is read: bytes of the file itself, packed or not, of how many. */
export type OnBytes = (done: number, size: number) => void

/** The same file, whose reader is followed. */
export const followed = (file: FileBytes, onBytes: OnBytes | null): FileBytes =>
  onBytes === null
    ? file
    : {
        ...file,
        read(target, offset) {
          const bytes = file.read(target, offset)
          onBytes(offset + bytes, file.size)
          return bytes
        },
      }

/** A call with a callback, waited for: `node:fs/promises` takes some milliseconds to load. */
export const called = <T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error === null ? resolve(value) : reject(error))))
