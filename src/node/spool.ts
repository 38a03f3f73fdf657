import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bytes } from '../input/bytes.ts'
import type { FileBytes } from '../input/file.ts'
import { Trouble } from '../input/trouble.ts'
import { fileBytesOf } from './file-bytes.ts'

/**
 * Lays a stream in a temporary file, readable by the user only, that has no name from the moment it is open: it is gone on every exit,
 * even on a kill. (Where an open file cannot be unlinked, it is removed on close.) Throws `bound-spool` past the limit.
 */
export async function spoolOf(bytes: Bytes, limit: number): Promise<FileBytes> {
  const folder = mkdtempSync(join(tmpdir(), 'oom-report-spool-'))
  const path = join(folder, 'spool')
  const fd = openSync(path, 'wx+', 0o600)
  const remove = (): boolean => {
    try {
      unlinkSync(path)
      rmdirSync(folder)
      return true
    } catch {
      return false
    }
  }
  const gone = remove()
  const close = (): void => {
    closeSync(fd)
    if (!gone) remove()
  }
  try {
    await filled(fd, bytes, limit)
    return { ...fileBytesOf(fd), close }
  } catch (error) {
    close()
    throw error
  }
}

async function filled(fd: number, bytes: Bytes, limit: number): Promise<void> {
  const { write } = await import('node:fs')
  const { promisify } = await import('node:util')
  const writeAt = promisify(write)
  let size = 0
  for await (const piece of bytes) {
    if (size + piece.length > limit) throw new Trouble('bound-spool', { limit })
    for (let at = 0; at < piece.length; ) {
      const { bytesWritten } = await writeAt(fd, piece, at, piece.length - at, size + at)
      at += bytesWritten
    }
    size += piece.length
  }
}
