import { budgetOf, type RunTotal } from './budget.ts'
import type { Bytes } from './bytes.ts'
import type { Engines } from './engines.ts'
import { isBarren, isBarrenFolder } from './layouts/barren.ts'
import { sniff } from './sniff.ts'
import type { InputLimits, InputOptions, InputSource, OpenedInputs, SourceName } from './source.ts'
import { troubleLog } from './trouble.ts'
import { none, type Opened, type Run, unpack } from './unpack.ts'

/** What all inputs share. */
export type Inputs = Omit<Run, 'budget'> & { readonly limits: InputLimits; readonly total: RunTotal }

/** A file as whoever opens it knows it: on a disk, or handed to a page. */
export type OpenedFile = Pick<Opened, 'bytes' | 'modifiedMs' | 'size' | 'file'>

/** One argument after another; `sourcesOf` opens it, and tells what is wrong with it in the run's log. */
export function readInputs<Argument>(
  all: readonly Argument[],
  sourcesOf: (argument: Argument, run: Inputs) => AsyncIterable<InputSource>,
  { isDone, limits }: InputOptions,
  engines: Engines,
): OpenedInputs {
  const log = troubleLog()
  const run: Inputs = { log, isDone, limits, engines, total: { bytes: 0 } }
  let unreadable = 0
  const sources = async function* (): AsyncIterable<InputSource> {
    for (const argument of all) {
      if (!log.nextInput()) return
      const before = log.count()
      let found = 0
      for await (const source of sourcesOf(argument, run)) {
        found += 1
        yield source
      }
      if (found === 0 && log.count() > before) unreadable += 1
    }
  }
  return { sources: sources(), outcome: () => ({ warnings: log.warnings(), inputs: all.length, unreadable }) }
}

/** One file or stream with all that is nested in it. */
export function looseInput(name: string, file: OpenedFile, run: Inputs): AsyncIterable<InputSource> {
  return input(loose(name, file), run)
}

/** It has a budget of its own, so that a bomb costs its own input and not the others. */
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

/** A regular file below a folder. */
export interface FolderFile {
  /** Relative to the folder, `/`-separated. */
  readonly path: string
  /** All its bytes where they are few, void with the next call; `null`: there are more, or it cannot be read: then it goes the long way, which tells why. */
  small(): Uint8Array | null
  /** Throws as the system does. */
  open(): OpenedFile
}

/** What the files of a folder hold, in their order. `name`: the folder's as an argument. */
export async function* folderSources(files: Iterable<FolderFile>, name: string, run: Inputs): AsyncIterable<InputSource> {
  const above = name === '.' ? '' : name === '/' ? '/' : `${name}/`
  for (const found of files) {
    if (run.isDone !== undefined && isToldDone(found, name, above, run, run.isDone)) continue
    const file = openedOf(found, name, run)
    if (file === null) continue
    yield* input({ ...loose(above + found.path, file), path: found.path, bundle: name, silentWhenEmpty: true }, run)
    if (!run.log.nextInput()) return
  }
}

/** A folder whose files are not even listed, which is told. */
export function isLeftOut(path: string, name: string, { isDone }: Pick<Inputs, 'isDone'>): boolean {
  return isDone !== undefined && isBarrenFolder(path) && isDone(name, `${path}/`, null, none)
}

/** A file of a bundle that is known by its place, or at a glance, to tell nothing, or small and at once read: it costs no more than that. */
function isToldDone(found: FolderFile, bundle: string, above: string, run: Inputs, isDone: NonNullable<InputOptions['isDone']>): boolean {
  const { path } = found
  if (isBarren(path)) return isDone(bundle, path, null, none)
  const bytes = found.small()
  if (bytes === null) return false
  const source = (): SourceName | null => {
    const file = openedOf(found, bundle, run)
    return file === null ? null : { name: above + path, path, bundle, modifiedMs: file.modifiedMs }
  }
  return bytes.length === 0 || (sniff(bytes).kind === 'data' && isDone(bundle, path, bytes, source))
}

function openedOf(found: FolderFile, name: string, run: Inputs): OpenedFile | null {
  try {
    return found.open()
  } catch (error) {
    run.log.caught(error, `${name}/${found.path}`)
    return null
  }
}

const loose = (name: string, file: OpenedFile): Opened => ({
  name,
  path: name.slice(name.lastIndexOf('/') + 1),
  bundle: name,
  ...file,
  lend: null,
  codecs: [],
  archives: 0,
  layers: 0,
  silentWhenEmpty: false,
})
