import { close, open, read, type Stats, statSync } from 'node:fs'
import type { Bytes } from '../input/bytes.ts'
import { type FolderFile, folderSources, type Inputs, isLeftOut, looseInput, type OpenedFile, readInputs } from '../input/inputs.ts'
import { argumentName } from '../input/paths.ts'
import type { InputOptions, InputSource, OpenedInputs } from '../input/source.ts'
import { withoutEnd } from '../text/ends.ts'
import { SLASH } from '../units/characters.ts'
import { enginesWith } from './engines.ts'
import { called, followed, type OnBytes } from './file-bytes.ts'
import { type HandyFile, handyFile } from './handy-file.ts'
import { filesBelow } from './walk.ts'

const PIECE_BYTES = 64 * 1024

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
    else if (stats.isFile()) yield* plainInput(path, name, stats, run)
    else if (isHandedOver(path))
      yield* looseInput(name, { bytes: toldBytes(pipeBytes(path), stats.size, run.onBytes), modifiedMs: null, size: null, file: null }, run)
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

async function* plainInput(path: string, name: string, stats: Stats, run: Reading): AsyncIterable<InputSource> {
  const file = handyFile(path)
  try {
    yield* looseInput(name, plainFile(file, path, stats, run.onBytes), run)
  } finally {
    file.letGo()
  }
}

function* folderFiles(root: string, name: string, run: Reading): Iterable<FolderFile> {
  for (const { raw, path, stats } of filesBelow(root, name, run.log, (inner) => isLeftOut(inner, name, run))) {
    const file = handyFile(raw)
    const open = (): OpenedFile => {
      file.keep()
      return plainFile(file, raw, stats(), run.onBytes)
    }
    try {
      yield { path, small: file.look, open }
    } finally {
      file.letGo()
    }
  }
}

function plainFile(file: HandyFile, path: string | Buffer, stats: Stats, onBytes: OnBytes | null): OpenedFile {
  return {
    bytes: toldBytes(file.bytes(stats.size), stats.size, onBytes),
    modifiedMs: stats.isFile() ? stats.mtimeMs : null,
    // Files of /proc say 0 and hold something.
    size: stats.isFile() && stats.size > 0 ? stats.size : null,
    file: { path: typeof path === 'string' ? path : null, open: () => followed(file.open(), onBytes) },
  }
}

async function* toldBytes(bytes: Bytes, size: number, onBytes: OnBytes | null): Bytes {
  let done = 0
  for await (const piece of bytes) {
    yield piece
    done += piece.length
    onBytes?.(done, size)
  }
}

async function* pipeBytes(path: string): Bytes {
  const fd = await called<number>((done) => open(path, done))
  try {
    for (;;) {
      const buffer = new Uint8Array(PIECE_BYTES)
      const length = await called<number>((done) => read(fd, buffer, 0, buffer.length, null, done))
      if (length === 0) return
      yield buffer.subarray(0, length)
    }
  } finally {
    await called<void>((done) => close(fd, done))
  }
}
