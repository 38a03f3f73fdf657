import { accessSync, constants, type Dirent, realpathSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { extractionOf, isArchiveName } from '../input/extracted.ts'
import { entriesOf, isFolderOfArchives, isOneBundle } from './bundle-shape.ts'
import { copiesAmong, type FileBelow, filesOf, fingerprint, gather, likeness, reasonOf } from './content.ts'

/** One bundle: a file, or a folder taken as a whole. `name` is what rows and evidence show; it does not depend on where the run was started from. */
export interface Bundle {
  readonly name: string
  readonly path: string
  readonly isFolder: boolean
  /** Bytes on disk, for progress and order. */
  readonly bytes: number
  /** Changes when it does: see `fingerprint`. */
  readonly print: string
  /** Whose share it is: see `likeness`. */
  readonly likeness: string
}

export interface Unread {
  readonly name: string
  readonly reason: string
}

export interface BundleList {
  readonly bundles: readonly Bundle[]
  readonly unreadable: readonly Unread[]
}

/**
 * Finds the bundles in the arguments. A file is a bundle. A folder is one when its tree says so (`isOneBundle`); any other folder is a folder of bundles: each
 * entry is one, and an entry that holds nothing but archives is again a folder of bundles. What is there twice (a link, a second name, an archive beside its
 * own extraction) counts once.
 */
export function findBundles(paths: readonly string[], outDir: string): BundleList {
  const bundles: Bundle[] = []
  const unreadable: Unread[] = []
  const out = path.resolve(outDir)
  const seen = new Set<string>()
  const visit = (file: string, name: string, top: boolean): void => {
    if (path.resolve(file) === out) return
    try {
      const stats = statSync(file)
      if (!isNew(file, stats, seen)) return
      if (!stats.isDirectory()) {
        if (stats.isFile()) bundles.push(fileBundle(file, name, stats))
        else if (top) unreadable.push({ name, reason: 'neither a file nor a folder' })
      } else if (top ? isOneBundle(file) : !isFolderOfArchives(file)) bundles.push(folderBundle(file, name))
      else {
        const entries = ownEntries(file)
        if (top && entries.length === 0) unreadable.push({ name, reason: 'it holds no bundle' })
        for (const entry of entries) visit(path.join(file, entry), `${name}/${entry}`, false)
      }
    } catch (error) {
      unreadable.push({ name, reason: reasonOf(error) })
    }
  }
  for (const argument of paths) visit(argument, path.basename(path.resolve(argument)), true)
  return { bundles: distinctNames(withoutCopies(bundles).sort(byName)), unreadable: distinctNames(unreadable.sort(byName)) }
}

/** Whether there will be several, at a glance. */
export function mayBeMany(paths: readonly string[]): boolean {
  const [only] = paths
  if (paths.length > 1 || only === undefined) return paths.length > 1
  try {
    return statSync(only).isDirectory() && !isOneBundle(only)
  } catch {
    return false
  }
}

/** By device and inode: links of both kinds lead to what was seen. */
function isNew(file: string, stats: Stats, seen: Set<string>): boolean {
  const key = stats.ino === 0 ? realpathSync(file) : `${stats.dev}:${stats.ino}`
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

/** Names in a folder of bundles: links last, so that what they lead to keeps its own name; without archives whose extraction stands beside them. */
function ownEntries(folder: string): string[] {
  const entries = entriesOf(folder)
  const folders = new Set(entries.filter((e) => e.isDirectory()).map((e) => e.name))
  const own = entries.filter((e) => e.isDirectory() || !isArchiveName(e.name) || !folders.has(extractionOf(e.name)))
  const rank = (e: Dirent): number => (e.isSymbolicLink() ? 1 : 0)
  return own.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)).map((e) => e.name)
}

/** Archives of one size and the same bytes are one, the first by name. */
function withoutCopies(bundles: readonly Bundle[]): Bundle[] {
  const sizes = new Map<number, Bundle[]>()
  for (const b of [...bundles].sort(byName)) if (!b.isFolder && b.bytes > 0) gather(sizes, b.bytes, b)
  const copies = new Set<Bundle>()
  for (const same of sizes.values())
    if (same.length > 1) for (const at of copiesAmong(same.map((b) => b.path))) copies.add(same[at] as Bundle)
  return bundles.filter((b) => !copies.has(b))
}

function fileBundle(file: string, name: string, stats: Stats): Bundle {
  accessSync(file, constants.R_OK)
  const files = [{ name: '', stats }]
  return { name, path: file, isFolder: false, bytes: stats.size, ...identity(name, files) }
}

function folderBundle(folder: string, name: string): Bundle {
  const files = filesOf(folder)
  const bytes = files.reduce((sum, f) => sum + (f.stats?.size ?? 0), 0)
  return { name, path: folder, isFolder: true, bytes, ...identity(name, files) }
}

/** Where the bundles lie is each machine's own matter: of the name only the end counts. */
const identity = (name: string, files: readonly FileBelow[]): Pick<Bundle, 'print' | 'likeness'> => ({
  print: fingerprint(files),
  likeness: likeness(path.basename(name), files),
})

export const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Two arguments may end in the same name: the later ones get a number. */
export function distinctNames<T extends { readonly name: string }>(list: readonly T[]): T[] {
  const seen = new Map<string, number>()
  return list.map((b) => {
    const n = (seen.get(b.name) ?? 0) + 1
    seen.set(b.name, n)
    return n === 1 ? b : { ...b, name: `${b.name}#${n}` }
  })
}
