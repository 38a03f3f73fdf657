import type { Bytes } from '../input/bytes.ts'
import type { Engines } from '../input/engines.ts'
import { type FolderFile, folderSources, type Inputs, isLeftOut, looseInput, type OpenedFile, readInputs } from '../input/inputs.ts'
import { argumentName, labelOf } from '../input/paths.ts'
import type { InputOptions, InputSource, OpenedInputs } from '../input/source.ts'
import { Trouble } from '../input/trouble.ts'
import { blobBytes, openBlob, type ReadPart } from './blob-file.ts'
import { inflating } from './inflate.ts'

/** A file as the page was handed it. */
export interface GivenFile {
  /** Below its folder, `/`-separated; the name of a file that is an input by itself. */
  readonly path: string
  readonly blob: Blob
  /** ms since the epoch; `null` for what was pasted. */
  readonly modifiedMs: number | null
}

/** What the command line has as an argument: a file, or a folder with all below it. */
export type GivenInput =
  | { readonly kind: 'file'; readonly name: string; readonly file: GivenFile }
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly GivenFile[] }

/** Files up to this many bytes are read whole in one call, as `node/handy-file.ts` does. */
const SMALL_BYTES = 65_536

/** Opens what a page was handed as `node/open.ts` opens paths: the same order, the same names. */
export function openGiven(inputs: readonly GivenInput[], options: InputOptions, read: ReadPart): OpenedInputs {
  return readInputs(inputs, (input, run) => sourcesOf(input, run, read), options, enginesOf(read))
}

export const enginesOf = (read: ReadPart): Engines => ({
  ...inflating,
  spool: (bytes, limit) => spoolOf(bytes, limit, read),
  decodedAhead: () => null,
})

async function* sourcesOf(input: GivenInput, run: Inputs, read: ReadPart): AsyncIterable<InputSource> {
  const name = argumentName(input.name)
  try {
    if (input.kind === 'file') yield* looseInput(name, opened(input.file, read), run)
    else yield* folderSources(filesOf(input.files, name, run, read), name, run)
  } catch (error) {
    run.log.caught(error, name)
  }
}

function* filesOf(files: readonly GivenFile[], name: string, run: Inputs, read: ReadPart): Iterable<FolderFile> {
  const leftOut = new Map<string, boolean>()
  const isOut = (folder: string): boolean => {
    const known = leftOut.get(folder)
    if (known !== undefined) return known
    const above = folder.lastIndexOf('/')
    const out = (above > 0 && isOut(folder.slice(0, above))) || isLeftOut(folder, name, run)
    leftOut.set(folder, out)
    return out
  }
  for (const file of inByteOrder(files)) {
    const path = labelOf(file.path)
    const folder = path.lastIndexOf('/')
    if (folder > 0 && isOut(path.slice(0, folder))) continue
    yield { path, small: () => smallOf(file.blob, read), open: () => opened(file, read) }
  }
}

/** Folder by folder, names as UTF-8 has them in order: that of the code points, and a `/` before all. */
function inByteOrder(files: readonly GivenFile[]): readonly GivenFile[] {
  const keyed = files.map((file) => ({ file, key: Array.from(file.path.replaceAll('/', '\0'), (char) => char.codePointAt(0) ?? 0) }))
  return keyed.sort((a, b) => compared(a.key, b.key)).map(({ file }) => file)
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((point, i) => point !== b[i])
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}

function smallOf(blob: Blob, read: ReadPart): Uint8Array | null {
  if (blob.size > SMALL_BYTES) return null
  try {
    return read(blob, 0, blob.size)
  } catch {
    return null
  }
}

const opened = ({ blob, modifiedMs }: GivenFile, read: ReadPart): OpenedFile => ({
  bytes: blobBytes(blob, read),
  modifiedMs,
  size: blob.size === 0 ? null : blob.size,
  file: { path: null, open: () => openBlob(blob, read) },
})

/** Pieces up to this many bytes are handed to the browser together. */
const SPOOL_BYTES = 8 * 1024 * 1024

/** A blob of blobs: the browser keeps large ones on disk, outside of this process. */
async function spoolOf(bytes: Bytes, limit: number, read: ReadPart): Promise<ReturnType<typeof openBlob>> {
  const held = new Uint8Array(SPOOL_BYTES)
  const blobs: Blob[] = []
  let size = 0
  let at = 0
  const lay = async (): Promise<void> => {
    blobs.push(await laidDown(held.subarray(0, at)))
    at = 0
  }
  for await (const piece of bytes) {
    size += piece.length
    if (size > limit) throw new Trouble('bound-spool', { limit })
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + SPOOL_BYTES - at)
      held.set(part, at)
      at += part.length
      from += part.length
      if (at === SPOOL_BYTES) await lay()
    }
  }
  await lay()
  return openBlob(new Blob(blobs), read)
}

/** Firefox puts the blob of a response into a file; one that a script makes of bytes stays in the process of the page. */
const laidDown = (bytes: Uint8Array<ArrayBuffer>): Promise<Blob> => new Response(bytes).blob()
