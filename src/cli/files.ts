import { randomBytes } from 'node:crypto'
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { UsageError } from './errors.ts'

/** A file that is written whole or not at all: opened early under a temporary name (a bad path fails before the long read), renamed at the end. */
export interface WholeFile {
  readonly path: string
  commit(text: string): void
  discard(): void
}

const open = new Set<WholeFile>()

/** Opens a file to be written at the end. Throws a `UsageError` where nothing can be written. */
export function openWhole(target: string): WholeFile {
  try {
    const there = statSync(target, { throwIfNoEntry: false })
    if (there?.isDirectory() === true) throw new Error('it is a folder')
    // A device or pipe (/dev/null, /dev/stdout) is written to, never replaced; behind a link, the file that it leads to is.
    const file =
      there !== undefined && !there.isFile() ? inPlace(target) : beside(target, there === undefined ? target : realpathSync(target))
    open.add(file)
    return file
  } catch (error) {
    throw unwritable(target, error)
  }
}

function beside(target: string, final: string): WholeFile {
  const temporary = path.join(path.dirname(final), `.${path.basename(final)}.${randomBytes(4).toString('hex')}.tmp`)
  const fd = openSync(temporary, 'wx')
  const file: WholeFile = {
    path: target,
    commit(text) {
      try {
        writeWhole(fd, text)
        renameSync(temporary, final)
        open.delete(file)
        closeSync(fd)
      } catch (error) {
        file.discard()
        throw unwritable(target, error)
      }
    },
    discard() {
      if (!open.delete(file)) return
      closeSync(fd)
      rmSync(temporary, { force: true })
    },
  }
  return file
}

function inPlace(target: string): WholeFile {
  const fd = openSync(target, 'w')
  const file: WholeFile = {
    path: target,
    commit(text) {
      try {
        writeWhole(fd, text)
      } catch (error) {
        throw unwritable(target, error)
      } finally {
        file.discard()
      }
    },
    discard() {
      if (open.delete(file)) closeSync(fd)
    },
  }
  return file
}

/** Writes all of it, in as many parts as it takes. */
export function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

const unwritable = (target: string, error: unknown): UsageError =>
  new UsageError(`cannot write ${target}: ${error instanceof Error ? error.message : String(error)}`)

/** Removes what was begun and not finished, on Ctrl-C and on errors. */
export function discardUnfinished(): void {
  for (const file of [...open]) file.discard()
}
