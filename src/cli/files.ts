import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { UsageError } from './errors.ts'

/** A file that is written whole or not at all: opened early under a temporary name (a bad path fails before the long read), renamed at the end. */
export interface WholeFile {
  readonly path: string
  commit(text: string): void
  discard(): void
}

const open = new Set<WholeFile>()

export function openWhole(target: string): WholeFile {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(4).toString('hex')}.tmp`)
  let fd: number
  try {
    fd = openSync(temporary, 'wx')
  } catch (error) {
    throw new UsageError(`cannot write ${target}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const file: WholeFile = {
    path: target,
    commit(text) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      closeSync(fd)
      renameSync(temporary, target)
      open.delete(file)
    },
    discard() {
      if (!open.delete(file)) return
      closeSync(fd)
      rmSync(temporary, { force: true })
    },
  }
  open.add(file)
  return file
}

/** Removes what was begun and not finished, on Ctrl-C and on errors. */
export function discardUnfinished(): void {
  for (const file of [...open]) file.discard()
}
