import type { Stats } from 'node:fs'
import { close, constants, open, read, statSync } from 'node:fs'
import { withoutEnd } from '../text/ends.ts'
import { budgetOf, type RunTotal } from './budget.ts'
import type { Bytes } from './bytes.ts'
import { isBarren, isBarrenFolder } from './layouts/barren.ts'
import { argumentName } from './paths.ts'
import { smallFile } from './small-file.ts'
import { sniff } from './sniff.ts'
import type { InputLimits, InputOptions, InputSource, OpenedInputs } from './source.ts'
import { troubleLog } from './trouble.ts'
import { type Opened, type Run, unpack } from './unpack.ts'
import { type FoundFile, filesBelow } from './walk.ts'

const readSize = 512 * 1024
/** Files may grow, and those of /proc say 0. */
const leastRead = 16 * 1024

/** Everything readable under the arguments: files, folders, archives in archives, `-` for standard input. */
export function openInputs(paths: readonly string[], options: InputOptions): OpenedInputs {
  const log = troubleLog()
  const run: Inputs = { log, isQuiet: options.isQuiet, limits: options.limits, total: { bytes: 0 } }
  let unreadable = 0
  const sources = async function* (): AsyncIterable<InputSource> {
    for (const path of paths) {
      if (!log.nextInput()) return
      const before = log.count()
      let found = 0
      for await (const source of argument(path, options, run)) {
        found += 1
        yield source
      }
      if (found === 0 && log.count() > before) unreadable += 1
    }
  }
  return { sources: sources(), outcome: () => ({ warnings: log.warnings(), inputs: paths.length, unreadable }) }
}

async function* argument(path: string, options: InputOptions, run: Inputs): AsyncIterable<InputSource> {
  const name = argumentName(path)
  try {
    if (path === '-') {
      if (options.stdin === null) run.log.report('input-unreadable', '-', { reason: 'there is no standard input' })
      else yield* input(loose('-', options.stdin, null, null), run)
      return
    }
    const stats = statSync(path)
    if (stats.isDirectory()) yield* folder(path, name, options, run)
    else if (stats.isFile() || isHandedOver(path))
      yield* input(loose(name, fileBytes(path, stats.size), stats, stats.isFile() ? path : null), run)
    else run.log.report('input-unreadable', name, { reason: 'it is a pipe, socket or device; pipe it in and give - instead' })
  } catch (error) {
    run.log.caught(error, name)
  }
}

/** What all inputs share. */
type Inputs = Omit<Run, 'budget'> & { readonly limits: InputLimits; readonly total: RunTotal }

/** One file or stream with all that is nested in it: it has a budget of its own, so that a bomb costs its own input and not the others. */
function input(opened: Opened, { limits, total, ...run }: Inputs): AsyncIterable<InputSource> {
  const budget = budgetOf(limits, total, opened.size)
  return unpack(opened.size === null ? { ...opened, bytes: counted(opened.bytes, budget.read) } : opened, { ...run, budget })
}

async function* counted(bytes: Bytes, read: (bytes: number) => void): Bytes {
  for await (const piece of bytes) {
    read(piece.length)
    yield piece
  }
}

/** A shell's `<(command)`: a pipe that somebody surely writes to. Other pipes might never be written to. */
const isHandedOver = (path: string): boolean => /^\/(?:dev\/fd|proc\/self\/fd)\/\d+$|^\/dev\/stdin$/.test(path)

async function* folder(path: string, name: string, options: InputOptions, run: Inputs): AsyncIterable<InputSource> {
  const root = path.length > 1 ? withoutEnd(path, (code) => code === 0x2f) : path
  for (const found of filesBelow(root, name, run.log, (inner) => isLeftOut(inner, name, options))) {
    if (options.isQuiet !== undefined && toldQuiet(found, name, options.isQuiet)) continue
    const stats = statsOf(found, name, run)
    if (stats === null) continue
    const label = name === '.' ? found.path : `${name === '/' ? '' : name}/${found.path}`
    yield* input(
      {
        ...loose(label, fileBytes(found.raw, stats.size), stats, found.raw),
        path: found.path,
        bundle: name,
        silentWhenEmpty: true,
      },
      run,
    )
    if (!run.log.nextInput()) return
  }
}

function isLeftOut(path: string, name: string, { isQuiet }: InputOptions): boolean {
  return isQuiet !== undefined && isBarrenFolder(path) && isQuiet(name, `${path}/`, null)
}

/** A file of a bundle that is known by its place, or at a glance, to tell nothing: it costs no more than that. */
function toldQuiet({ raw, path }: FoundFile, name: string, isQuiet: NonNullable<InputOptions['isQuiet']>): boolean {
  if (isBarren(path)) return isQuiet(name, path, null)
  const bytes = smallFile(raw)
  return bytes !== null && (bytes.length === 0 || (sniff(bytes).kind === 'data' && isQuiet(name, path, bytes)))
}

function statsOf(found: FoundFile, name: string, run: Inputs): Stats | null {
  try {
    return found.stats()
  } catch (error) {
    run.log.caught(error, `${name}/${found.path}`)
    return null
  }
}

function loose(name: string, bytes: Bytes, stats: Stats | null, file: string | Buffer | null): Opened {
  return {
    name,
    path: name.slice(name.lastIndexOf('/') + 1),
    bundle: name,
    modifiedMs: stats?.isFile() === true ? stats.mtimeMs : null,
    // Files of /proc say 0 and hold something.
    size: stats?.isFile() === true && stats.size > 0 ? stats.size : null,
    bytes,
    lend: null,
    file,
    codecs: [],
    archives: 0,
    layers: 0,
    silentWhenEmpty: false,
  }
}

/**
 * Opened without waiting for a writer, should it have become a pipe meanwhile. `size` is what it is thought to have: bundles hold thousands of small files, for
 * which memory for a large one would be fetched and thrown away. By callbacks: `node:fs/promises` takes some milliseconds to load.
 */
async function* fileBytes(path: string | Buffer, size: number): Bytes {
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
    }
  } finally {
    await called<void>((done) => close(fd, done))
  }
}

const called = <T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error === null ? resolve(value) : reject(error))))
