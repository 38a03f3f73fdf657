import { accessSync, closeSync, constants, openSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { OutputError, UsageError } from './errors.ts'
import { onSignals } from './signals.ts'

/**
 * A file that is written whole or not at all: whether it can be is looked at early (a bad path fails before the long read); it is written beside under a temporary
 * name and renamed at the end. The temporary file lives for that moment only, so that a run that is killed leaves none; one that it does leave goes with the next run.
 */
export interface WholeFile {
  readonly path: string
  /** Takes the text in pieces, and lets signals through between them. */
  commit(pieces: Iterable<string>): Promise<void>
  discard(): void
}

const open = new Set<WholeFile>()

/** Prepares a file to be written at the end. `mode`: of a new file. Throws a `UsageError` for a folder, an `OutputError` where nothing can be written. */
export function openWhole(target: string, mode = 0o666): WholeFile {
  try {
    const there = statSync(target, { throwIfNoEntry: false })
    if (there?.isDirectory() === true) throw new UsageError(`cannot write ${target}: it is a folder`)
    // A device or pipe (/dev/null, /dev/stdout) is written to, never replaced; behind a link, the file that it leads to is.
    const file =
      there !== undefined && !there.isFile() ? inPlace(target) : beside(target, there === undefined ? target : realpathSync(target), mode)
    open.add(file)
    return file
  } catch (error) {
    throw error instanceof UsageError ? error : new OutputError(target, error)
  }
}

function beside(target: string, final: string, mode: number): WholeFile {
  const folder = path.dirname(final)
  accessSync(folder, constants.W_OK | constants.X_OK)
  const front = `.${path.basename(final)}.`
  removeLeftovers(folder, front)
  const temporary = path.join(folder, `${front}${randomHex()}.tmp`)
  let fd: number | null = null
  const file: WholeFile = {
    path: target,
    async commit(pieces) {
      const off = onSignals(discardUnfinished)
      try {
        fd = openSync(temporary, 'wx', mode)
        await writePieces(fd, pieces)
        closeSync(fd)
        fd = null
        renameSync(temporary, final)
        open.delete(file)
      } catch (error) {
        file.discard()
        throw asOutputError(target, error)
      } finally {
        off()
      }
    },
    discard() {
      if (!open.delete(file)) return
      if (fd !== null) closeSync(fd)
      rmSync(temporary, { force: true })
    },
  }
  return file
}

/** Eight digits. Whoever guesses them wins nothing: the file is made anew or not at all (`wx`). */
const randomHex = (): string =>
  Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

/** How old a temporary file must be to be nobody's any more. */
const leftoverMs = 3_600_000

/** What a run left that was killed while it wrote this very file. */
function removeLeftovers(folder: string, front: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith(front) && /^[0-9a-f]{8}\.tmp$/.test(each.slice(front.length)))) {
    const age = Date.now() - (statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > leftoverMs) rmSync(path.join(folder, name), { force: true })
  }
}

function inPlace(target: string): WholeFile {
  const fd = openSync(target, 'w')
  const file: WholeFile = {
    path: target,
    async commit(pieces) {
      try {
        await writePieces(fd, pieces)
      } catch (error) {
        throw asOutputError(target, error)
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

/** What makes the pieces says by itself why it could not. */
const asOutputError = (target: string, error: unknown): Error =>
  error instanceof OutputError || error instanceof UsageError ? error : new OutputError(target, error)

/** So much is written before somebody else is let in. */
const TURN_BYTES = 4_194_304

/** Writes one piece after another, and lets what waits (a signal) have its turn. */
async function writePieces(fd: number, pieces: Iterable<string>): Promise<void> {
  let since = 0
  for (const piece of pieces) {
    writeWhole(fd, piece)
    since += piece.length
    if (since < TURN_BYTES) continue
    since = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Writes all of it, in as many parts as it takes. What takes nothing at all (a file system that is gone) would be asked for ever. */
export function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const written = writeSync(fd, bytes, at)
    if (written === 0) throw new Error('EIO: it takes no more bytes, write')
    at += written
  }
}

/** Removes what was begun and not finished, on Ctrl-C and on errors. */
export function discardUnfinished(): void {
  for (const file of [...open]) file.discard()
}
