import { readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { filesOf, fingerprint, reasonOf } from './content.ts'

/** One bundle: a file, or a folder taken as a whole. `name` is what rows and evidence show; it does not depend on where the run was started from. */
export interface Bundle {
  readonly name: string
  readonly path: string
  readonly isFolder: boolean
  /** Bytes on disk, for progress and order. */
  readonly bytes: number
  /** Changes when it does: see `fingerprint`. */
  readonly print: string
}

export interface Unread {
  readonly name: string
  readonly reason: string
}

export interface BundleList {
  readonly bundles: readonly Bundle[]
  readonly unreadable: readonly Unread[]
}

/** Names at the top of a folder that show it to be one bundle, not a folder of bundles (facts: support-bundles §1). */
const markers =
  /^(?:sos_commands|sos_reports|sos_logs|sos_strings|cluster-resources|cluster-scoped-resources|cluster-info|cluster-info-dump|host-collectors|host_service_logs|namespaces|nodes|yamls|systeminfo|systemlogs|journald|collect|var_log|var|proc|etc|nodes\.json|metadata\.yaml|basic-environment\.txt|must-gather\.logs?|version\.txt|vmcore-dmesg\.txt)$/
/** Names of logs as programs give them: files called so are parts of one machine's bundle, rotated and packed ones as well. */
const logNames =
  /^(?:kern(?:el)?|messages|syslog|dmesg|journal(?:ctl)?|system|kubelet|containerd|crio|cri-o|dockerd?|console|serial|events?|pods?|nodes?|describe|daemon|debug|audit|top|meminfo)(?:[-_.].*)?$/i
const archive = /\.(?:tar|tgz|txz|tbz2?|tzst|zip|gz|xz|bz2|zst|crash)$|\.tar\.\w+$/i
const documentation = /^(?:readme|license|index)(?:\..*)?$/i

/**
 * Finds the bundles in the arguments. A file is a bundle. A folder is one when it looks like one (a marker, or files that are called as logs are at its
 * top); any other folder is a folder of bundles: each entry is one, and an entry that holds nothing but archives is again a folder of bundles.
 */
export function findBundles(paths: readonly string[], outDir: string): BundleList {
  const bundles: Bundle[] = []
  const unreadable: Unread[] = []
  const out = path.resolve(outDir)
  const visit = (file: string, name: string, top: boolean): void => {
    if (path.resolve(file) === out) return
    try {
      const stats = statSync(file)
      if (!stats.isDirectory()) {
        if (stats.isFile()) bundles.push(fileBundle(file, name, stats))
        else if (top) unreadable.push({ name, reason: 'neither a file nor a folder' })
      } else if (top ? isOneBundle(file) : !isFolderOfArchives(file)) bundles.push(folderBundle(file, name))
      else {
        const entries = entriesOf(file)
        if (top && entries.length === 0) unreadable.push({ name, reason: 'it holds no bundle' })
        for (const entry of entries) visit(path.join(file, entry), `${name}/${entry}`, false)
      }
    } catch (error) {
      unreadable.push({ name, reason: reasonOf(error) })
    }
  }
  for (const argument of paths) visit(argument, path.basename(path.resolve(argument)), true)
  return { bundles: distinctNames(bundles.sort(byName)), unreadable: distinctNames(unreadable.sort(byName)) }
}

const fileBundle = (file: string, name: string, stats: Stats): Bundle => ({
  name,
  path: file,
  isFolder: false,
  bytes: stats.size,
  print: fingerprint([{ name: '', stats }]),
})

function folderBundle(folder: string, name: string): Bundle {
  const files = filesOf(folder)
  const bytes = files.reduce((sum, f) => sum + (f.stats?.size ?? 0), 0)
  return { name, path: folder, isFolder: true, bytes, print: fingerprint(files) }
}

export const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const entriesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !documentation.test(name))
    .sort()

function isOneBundle(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((e) => !e.name.startsWith('.') && !documentation.test(e.name))
  return entries.some((e) => markers.test(e.name) || (!e.isDirectory() && logNames.test(e.name)))
}

/** `2026-05/` with `a.tar.gz` and `b.tar.gz` in it, inside a folder of bundles. */
function isFolderOfArchives(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((e) => !e.name.startsWith('.') && !documentation.test(e.name))
  return entries.length > 1 && entries.every((e) => e.isFile() && archive.test(e.name) && !logNames.test(e.name))
}

/** Two arguments may end in the same name: the later ones get a number. */
export function distinctNames<T extends { readonly name: string }>(list: readonly T[]): T[] {
  const seen = new Map<string, number>()
  return list.map((b) => {
    const n = (seen.get(b.name) ?? 0) + 1
    seen.set(b.name, n)
    return n === 1 ? b : { ...b, name: `${b.name}#${n}` }
  })
}
