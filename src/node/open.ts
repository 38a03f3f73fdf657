import { close, constants, open, read, type Stats, statSync } from 'node:fs'
import type { Bytes } from '../input/bytes.ts'
import { type FolderFile, folderSources, type Inputs, isLeftOut, looseInput, type OpenedFile, readInputs } from '../input/inputs.ts'
import { argumentName } from '../input/paths.ts'
import type { InputOptions, InputSource, OpenedInputs } from '../input/source.ts'
import { withoutEnd } from '../text/ends.ts'
import { SLASH } from '../units/characters.ts'
import { enginesWith } from './engines.ts'
import { followed, type OnBytes, openFileBytes } from './file-bytes.ts'
import { smallFile } from './small-file.ts'
import { filesBelow } from './walk.ts'

const readSize = 512 * 1024
/** Files may grow, and those of /proc say 0. */
const leastRead = 16 * 1024

type Reading = Inputs & { readonly onBytes: OnBytes | null }

/** Everything readable under the arguments: files, folders, archives in archives, `-` for standard input. */
export function openInputs(paths: readonly string[], options: InputOptions, onBytes: OnBytes | null = null): OpenedInputs {
  return readInputs(paths, (path, run) => argument(path, options, { ...run, onBytes }), options, enginesWith(onBytes))
}

async function* argument(path: string, options: InputOptions, run: Reading): AsyncIterable<InputSource> {
  const name = argumentName(path)
  try {
    if (path === '-') {
      if (options.stdin === null) run.log.report('input-unreadable', '-', { reason: 'there is no standard input' })
      else yield* looseInput('-', { bytes: options.stdin, modifiedMs: null, size: null, file: null }, run)
      return
    }
    const stats = statSync(path)
    if (stats.isDirectory()) yield* folder(path, name, run)
    else if (stats.isFile()) yield* looseInput(name, plainFile(path, stats, run.onBytes), run)
    else if (isHandedOver(path))
      yield* looseInput(name, { ...plainFile(path, stats, run.onBytes), modifiedMs: null, size: null, file: null }, run)
    else run.log.report('input-unreadable', name, { reason: 'it is a pipe, socket or device; pipe it in and give - instead' })
  } catch (error) {
    run.log.caught(error, name)
  }
}

/** A shell's `<(command)`: a pipe that somebody surely writes to. Other pipes might never be written to. */
const isHandedOver = (path: string): boolean => /^\/(?:dev\/fd|proc\/self\/fd)\/\d+$|^\/dev\/stdin$/.test(path)

function folder(path: string, name: string, run: Reading): AsyncIterable<InputSource> {
  const root = path.length > 1 ? withoutEnd(path, (code) => code === SLASH) : path
  return folderSources(folderFiles(root, name, run), name, run)
}

function* folderFiles(root: string, name: string, run: Reading): Iterable<FolderFile> {
  for (const { raw, path, stats } of filesBelow(root, name, run.log, (inner) => isLeftOut(inner, name, run)))
    yield { path, small: () => smallFile(raw), open: () => plainFile(raw, stats(), run.onBytes) }
}

function plainFile(path: string | Buffer, stats: Stats, onBytes: OnBytes | null): OpenedFile {
  return {
    bytes: fileBytes(path, stats.size, onBytes),
    modifiedMs: stats.isFile() ? stats.mtimeMs : null,
    // Files of /proc say 0 and hold something.
    size: stats.isFile() && stats.size > 0 ? stats.size : null,
    file: { path: typeof path === 'string' ? path : null, open: () => followed(openFileBytes(path), onBytes) },
  }
}

/**
 * Opened without waiting for a writer, should it have become a pipe meanwhile. `size` is what it is thought to have: bundles hold thousands of small files, for
 * which memory for a large one would be fetched and thrown away. By callbacks: `node:fs/promises` takes some milliseconds to load.
 */
async function* fileBytes(path: string | Buffer, size: number, onBytes: OnBytes | null): Bytes {
  const isPath = typeof path === 'string' && isHandedOver(path)
  const fd = await called<number>((done) =>
    open(path, isPath ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), done),
  )
  try {
    for (let left = size; ; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(readSize, Math.max(left + 1, leastRead)))
      const bytesRead = await called<number>((done) => read(fd, buffer, 0, buffer.length, null, done))
      if (bytesRead === 0) return
      yield new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead)
      left -= bytesRead
      onBytes?.(size - left, size)
    }
  } finally {
    await called<void>((done) => close(fd, done))
  }
}

const called = <T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error === null ? resolve(value) : reject(error))))
