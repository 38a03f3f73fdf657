import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs'
import path from 'node:path'

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

/** The system's words without the path, which the row names already: `ENOENT: no such file or directory`. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/, '') : String(error))

/**
 * Sizes and times: as long as these stay, a bundle is taken to be the one that was analysed (as make does), and is not read again. The change time tells of new
 * permissions, and of a file that was put in another's place; numbers of inodes do not stay in a bucket that is mounted anew.
 */
export const fingerprint = (files: readonly FileBelow[]): string => hashed(files, (s) => `${s.size}\0${s.mtimeMs}\0${s.ctimeMs}`)

/** The same on every machine that has a copy, whatever the times of its files: its name, theirs, and sizes. */
export const likeness = (name: string, files: readonly FileBelow[]): string => hashed(files, (s) => `${s.size}`, `${name}\0`)

function hashed(files: readonly FileBelow[], told: (stats: Stats) => string, begin = ''): string {
  const hash = createHash('sha256').update(begin)
  for (const { name, stats } of files) hash.update(`${name}\0${stats === null ? 'gone' : told(stats)}\n`)
  return hash.digest('hex')
}

/** Of files of one size, by place: those with the bytes of an earlier one. Nearly all differ within their first bytes; only what does not is read whole. */
export function copiesAmong(files: readonly string[]): ReadonlySet<number> {
  const all = [...files.keys()]
  return new Set(alike(all, files, BEGIN_BYTES).flatMap((same) => alike(same, files, Infinity).flatMap(([, ...copies]) => copies)))
}

const BEGIN_BYTES = 4096
const buffer = Buffer.allocUnsafe(1 << 19)

/** Groups of more than one with the same first bytes. What cannot be read is like nothing: it is told when it is analysed. */
function alike(places: readonly number[], files: readonly string[], bytes: number): number[][] {
  const groups = new Map<string, number[]>()
  for (const place of places) {
    try {
      gather(groups, beginHash(files[place] as string, bytes), place)
    } catch {
      // Like nothing.
    }
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

export function gather<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [value])
  else group.push(value)
}

function beginHash(file: string, bytes: number): string {
  const hash = createHash('sha256')
  const fd = openSync(file, 'r')
  try {
    for (let left = bytes, n = -1; left > 0 && n !== 0; left -= n) {
      n = readSync(fd, buffer, 0, Math.min(left, buffer.length), null)
      hash.update(buffer.subarray(0, n))
    }
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
