import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs'
import path from 'node:path'

/** Where the bytes of a bundle lie. */
export interface Content {
  readonly path: string
  readonly isFolder: boolean
}

/** A regular file below a folder; `stats` is `null` where it has gone meanwhile, and for a folder that cannot be listed. */
export interface FileBelow {
  readonly name: string
  readonly stats: Stats | null
}

/** All regular files below a folder, by name; links are not followed (as the reader does). A folder that cannot be listed is an entry, not an error. */
export function filesOf(folder: string): FileBelow[] {
  const found: FileBelow[] = []
  const visit = (below: string): void => {
    for (const entry of readdirSync(path.join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      try {
        if (entry.isDirectory()) visit(name)
        else if (entry.isFile()) found.push({ name, stats: lstatSync(path.join(folder, name)) })
      } catch {
        found.push({ name, stats: null })
      }
    }
  }
  visit('')
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** What a bundle holds, as one hash: same bytes under the same names, same hash, wherever it lies. Throws only where a bundle that is a file cannot be read. */
function contentHash(bundle: Content): string {
  const hash = createHash('sha256')
  if (!bundle.isFolder) {
    hash.update('file\0')
    hashFile(hash, bundle.path)
  } else
    for (const { name } of filesOf(bundle.path)) {
      hash.update(`${name}\0`)
      try {
        hashFile(hash, path.join(bundle.path, name))
      } catch {
        // Told when it is analysed; here it only has to differ from a file that can be read.
        hash.update('\0unreadable')
      }
      hash.update('\0')
    }
  return hash.digest('hex')
}

/** The content hash, or why there is none. */
export type Hashed = { readonly content: string } | { readonly reason: string }

export function contentHashes(bundles: readonly Content[]): Hashed[] {
  return bundles.map((bundle) => {
    try {
      return { content: contentHash(bundle) }
    } catch (error) {
      return { reason: reasonOf(error) }
    }
  })
}

/** The system's words without the path, which the row names already: `ENOENT: no such file or directory`. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/, '') : String(error))

/** Size and times: as long as these stay, the content is taken to be the one hashed before (as make does). The change time also tells of new permissions. */
export function fingerprint(files: readonly FileBelow[]): string {
  const hash = createHash('sha256')
  for (const { name, stats: s } of files)
    hash.update(s === null ? `${name}\0gone\n` : `${name}\0${s.size}\0${s.mtimeMs}\0${s.ctimeMs}\0${s.ino}\n`)
  return hash.digest('hex')
}

const buffer = Buffer.allocUnsafe(1 << 19)

function hashFile(hash: ReturnType<typeof createHash>, file: string): void {
  const fd = openSync(file, 'r')
  try {
    for (let n = readSync(fd, buffer, 0, buffer.length, null); n > 0; n = readSync(fd, buffer, 0, buffer.length, null))
      hash.update(buffer.subarray(0, n))
  } finally {
    closeSync(fd)
  }
}
