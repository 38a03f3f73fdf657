import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ReadPart } from '../../src/web/blob-file.ts'
import type { GivenFile, GivenInput } from '../../src/web/open.ts'

/** Node.js gives a blob's bytes later only; those of tests are known at once, as those that a worker reads are. */
class KnownBlob extends Blob {
  readonly known: Uint8Array

  constructor(parts: readonly (Uint8Array<ArrayBuffer> | KnownBlob)[]) {
    super([...parts])
    this.known = Buffer.concat(parts.map((part) => (part instanceof KnownBlob ? part.known : part)))
  }
}
globalThis.Blob = KnownBlob as unknown as typeof Blob

class KnownResponse extends Response {
  override readonly blob: () => Promise<Blob>

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super()
    const known = new KnownBlob([bytes])
    this.blob = () => Promise.resolve(known)
  }
}
globalThis.Response = KnownResponse as unknown as typeof Response

export const readPart: ReadPart = (blob, from, to) => {
  if (!(blob instanceof KnownBlob)) throw new Error('a blob that no test made')
  return new Uint8Array(blob.known.subarray(from, to))
}

const fileOf = (place: string, name: string): GivenFile => ({
  path: name,
  blob: new KnownBlob([readFileSync(place)]),
  modifiedMs: Math.trunc(statSync(place).mtimeMs),
})

/** A path as a page is handed it: a file, or a folder with all files below it, in the order of the system. */
export function given(place: string): GivenInput {
  const name = path.basename(place)
  if (!statSync(place).isDirectory()) return { kind: 'file', name, file: fileOf(place, name) }
  const names = (readdirSync(place, { recursive: true }) as string[]).filter((file) => statSync(path.join(place, file)).isFile())
  return { kind: 'folder', name, files: names.reverse().map((file) => fileOf(path.join(place, file), file)) }
}
