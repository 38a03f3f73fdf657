import { readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'

/** One bundle: a file, or a folder taken as a whole. `name` is what rows and evidence show; it does not depend on where the run was started from. */
export interface Bundle {
  readonly name: string
  readonly path: string
  readonly isFolder: boolean
  /** Bytes on disk, for progress and order. */
  readonly bytes: number
}

export interface BundleList {
  readonly bundles: readonly Bundle[]
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[]
}

/** Names at the top of a folder that show it to be one bundle, not a folder of bundles (facts: support-bundles §1). */
const markers =
  /^(?:sos_commands|sos_reports|sos_logs|sos_strings|cluster-resources|cluster-scoped-resources|cluster-info|cluster-info-dump|host-collectors|host_service_logs|namespaces|nodes|yamls|systeminfo|systemlogs|journald|collect|var_log|var|proc|etc|nodes\.json|metadata\.yaml|basic-environment\.txt|must-gather\.log[s]?|version\.txt|vmcore-dmesg\.txt)$/
const archive = /\.(?:tar|tgz|txz|tbz2?|tzst|zip|gz|xz|bz2|zst|crash)$|\.tar\.\w+$/i
const documentation = /^(?:readme|license|index)(?:\..*)?$/i

/**
 * Finds the bundles in the arguments. A file is a bundle. A folder is one when it looks like one (a marker, or log files at its top); a folder that
 * holds archives and folders is a folder of bundles: each entry is one.
 */
export function findBundles(paths: readonly string[], outDir: string): BundleList {
  const bundles: Bundle[] = []
  const unreadable: { name: string; reason: string }[] = []
  const out = path.resolve(outDir)
  const add = (file: string, name: string, stats: Stats): void => {
    if (path.resolve(file) === out) return
    bundles.push({ name, path: file, isFolder: stats.isDirectory(), bytes: stats.isDirectory() ? folderBytes(file) : stats.size })
  }
  for (const argument of paths) {
    const name = path.basename(path.resolve(argument))
    try {
      const stats = statSync(argument)
      if (!stats.isDirectory() || isOneBundle(argument)) add(argument, name, stats)
      else
        for (const entry of readdirSync(argument).sort()) {
          if (entry.startsWith('.') || documentation.test(entry)) continue
          const inner = path.join(argument, entry)
          try {
            const stat = statSync(inner)
            if (stat.isDirectory() || stat.isFile()) add(inner, `${name}/${entry}`, stat)
          } catch (error) {
            unreadable.push({ name: `${name}/${entry}`, reason: reasonOf(error) })
          }
        }
    } catch (error) {
      unreadable.push({ name, reason: reasonOf(error) })
    }
  }
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  return { bundles: distinct(bundles.sort(byName)), unreadable: unreadable.sort(byName) }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/, \w+ '.*'$/, '') : String(error))

function isOneBundle(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((e) => !e.name.startsWith('.') && !documentation.test(e.name))
  if (entries.some((e) => markers.test(e.name))) return true
  const containers = entries.filter((e) => e.isDirectory() || archive.test(e.name)).length
  return entries.length - containers >= containers
}

function folderBytes(folder: string): number {
  let sum = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) sum += statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  return sum
}

/** Two arguments may end in the same name: the later ones get a number. */
function distinct(bundles: readonly Bundle[]): Bundle[] {
  const seen = new Map<string, number>()
  return bundles.map((b) => {
    const n = (seen.get(b.name) ?? 0) + 1
    seen.set(b.name, n)
    return n === 1 ? b : { ...b, name: `${b.name}#${n}` }
  })
}
