import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { isJournal } from '../input/journal/layout.ts'

/** From this size on threads help with a file: smaller ones are read before a thread has begun. */
export const LARGE_BYTES = 64 * 1024 * 1024

/** The size of a large file; `null` for all else, and what cannot be looked at. */
export function largeSize(file: string): number | null {
  try {
    const stats = statSync(file)
    return stats.isFile() && stats.size >= LARGE_BYTES ? stats.size : null
  } catch {
    return null
  }
}

export interface LargeFile {
  readonly file: string
  readonly size: number
  readonly kind: 'text' | 'journal'
}

/** A large file by its first bytes; `null` for an archive and what is packed, which hold some that no text has. */
export function largeFile(file: string): LargeFile | null {
  const size = largeSize(file)
  if (size === null) return null
  const head = new Uint8Array(512)
  try {
    const fd = openSync(file, 'r')
    try {
      readSync(fd, head, 0, head.length, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
  if (isJournal(head)) return { file, size, kind: 'journal' }
  return head.every((byte) => byte > 8) ? { file, size, kind: 'text' } : null
}
