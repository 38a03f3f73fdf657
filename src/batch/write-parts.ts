import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { temporaryIn } from './state.ts'

/** Parts are gathered up to so many bytes before they are written. */
const WRITTEN_BYTES = 1 << 18

/** Writes a file part by part, whole or not at all. A target that holds the same is left as it is; returns whether it had to change. */
export function writeParts(target: string, parts: Iterable<string | Buffer>, stateDir: string): boolean {
  const temporary = temporaryIn(stateDir)
  const hash = createHash('sha256')
  const out = openSync(temporary, 'w')
  let held: Buffer[] = []
  let size = 0
  const write = (): void => {
    const bytes = Buffer.concat(held)
    hash.update(bytes)
    for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at)
    held = []
    size = 0
  }
  try {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      held.push(bytes)
      size += bytes.length
      if (size >= WRITTEN_BYTES) write()
    }
    write()
  } finally {
    closeSync(out)
  }
  if (hashOf(target) === hash.digest('hex')) {
    rmSync(temporary)
    return false
  }
  renameSync(temporary, target)
  return true
}

function hashOf(file: string): string | null {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return null
  }
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  try {
    for (let n = readSync(fd, buffer, 0, buffer.length, null); n > 0; n = readSync(fd, buffer, 0, buffer.length, null))
      hash.update(buffer.subarray(0, n))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
