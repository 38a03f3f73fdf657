import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs'
import { extractionOf, isArchiveName } from '../input/extracted.ts'
import { labelOf, nameText } from '../input/paths.ts'
import type { TroubleLog } from '../input/trouble.ts'

/** A regular file below a folder. */
export interface FoundFile {
  /** Its path for the file system: bytes where a name in it is not UTF-8. */
  readonly raw: string | Buffer
  /** Relative to the folder, `/`-separated. */
  readonly path: string
  /** Asked of the file system when it is wanted: most files of a large bundle are never looked at so closely. Throws as `lstat` does. */
  stats(): Stats
}

interface Folder {
  readonly raw: string | Buffer
  /** Its label below the root with a `/` behind it; empty for the root. */
  readonly prefix: string
  readonly entries: readonly Entry[]
  next: number
}

type Entry = Dirent<string> | Dirent<Buffer>

/**
 * All regular files below a folder, names in byte order. Symbolic links are never followed: what they lead to inside is found there,
 * and what is outside is not the user's bundle. Sockets, pipes and devices are not opened, nor folders that are left out, nor archives beside their own
 * extraction.
 */
export function* filesBelow(
  folder: string,
  name: string,
  log: TroubleLog,
  isLeftOut: (path: string) => boolean = () => false,
): Iterable<FoundFile> {
  let links = 0
  let files = 0
  const open = (raw: string | Buffer, prefix: string): Folder => ({ raw, prefix, entries: entriesOf(raw, prefix, name, log), next: 0 })
  const hasExtraction = ({ raw, entries }: Folder, archive: string): boolean => {
    const own = extractionOf(archive)
    return entries.some((e) => e.isDirectory() && e.name === own) && readdirSync(below(raw, own)).length > 0
  }
  const stack = [open(folder, '')]
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const entry = top.entries[top.next++]
    if (entry === undefined) {
      stack.pop()
      continue
    }
    if (entry.isSymbolicLink()) links += 1
    const isFolder = entry.isDirectory()
    if (!isFolder && !entry.isFile()) continue
    const own = textOrBytes(entry.name)
    const raw = below(top.raw, own)
    const path = top.prefix + labelOf(typeof own === 'string' ? own : nameText(own))
    if (isFolder) {
      if (!isLeftOut(path)) stack.push(open(raw, `${path}/`))
    } else {
      files += 1
      if (typeof own === 'string' && isArchiveName(own) && hasExtraction(top, own)) log.report('extracted-beside', `${name}/${path}`, {})
      else yield { raw, path, stats: () => lstatSync(raw) }
    }
  }
  if (files === 0 && links > 0) log.report('links-skipped', name, { count: links })
}

function textOrBytes(name: string | Buffer): string | Buffer {
  if (typeof name === 'string') return name
  const text = name.toString()
  return Buffer.from(text).equals(name) ? text : name
}

const below = (folder: string | Buffer, name: string | Buffer): string | Buffer =>
  typeof folder === 'string' && typeof name === 'string'
    ? `${folder}/${name}`
    : Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)])

function entriesOf(folder: string | Buffer, prefix: string, name: string, log: TroubleLog): readonly Entry[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    // A name that is no UTF-8 is known by its bytes only.
    if (entries.some((entry) => entry.name.includes('\ufffd'))) return inByteOrder(bytesOf(folder))
    return entries.some((entry) => /[^\x00-\x7f]/.test(entry.name))
      ? inByteOrder(entries)
      : entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    log.caught(error, prefix === '' ? name : `${name}/${prefix.slice(0, -1)}`)
    return []
  }
}

const bytesOf = (folder: string | Buffer): Dirent<Buffer>[] =>
  readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }) as unknown as Dirent<Buffer>[]

const inByteOrder = <E extends Entry>(entries: E[]): E[] => entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
