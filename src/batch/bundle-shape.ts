import { type Dirent, readdirSync } from 'node:fs'
import path from 'node:path'
import { isArchiveName } from '../input/extracted.ts'

/** Names at the top of a folder that show it to be one bundle, not a folder of bundles (support-bundles §1). */
const markers =
  /^(?:sos_commands|sos_reports|sos_logs|sos_strings|cluster-resources|cluster-scoped-resources|cluster-info|cluster-info-dump|host-collectors|host_service_logs|namespaces|yamls|systeminfo|systemlogs|journald|collect|var_log|var|proc|etc|nodes|nodes\.json|metadata\.yaml|basic-environment\.txt|must-gather\.logs?|version\.txt|vmcore-dmesg\.txt)$/
/** Names of logs as programs give them: files called so are parts of one machine's bundle, rotated and packed ones as well. */
const logNames =
  /^(?:kern(?:el)?|messages|syslog|dmesg|journal(?:ctl)?|system|kubelet|containerd|crio|cri-o|dockerd?|console|serial|events?|pods?|nodes?|describe|daemon|debug|audit|top|meminfo)(?:[-_.].*)?$/i
const packed = /\.(?:gz|xz|bz2|zst)$/i
const documentation = /^(?:readme|license|index)(?:\..*)?$/i

export const entriesOf = (folder: string): Dirent[] =>
  readdirSync(folder, { withFileTypes: true }).filter((e) => !e.name.startsWith('.') && !documentation.test(e.name))

/**
 * Whether a folder is one bundle. What stands in it decides, not what it or a single file is called: a collector's markers make it one; two archives, or two
 * folders that are bundles, make it a folder of bundles, whatever lies beside them; else the logs at its top make it one.
 */
export function isOneBundle(folder: string): boolean {
  const entries = entriesOf(folder)
  if (entries.some((e) => markers.test(e.name))) return true
  if (entries.filter((e) => !e.isDirectory() && isArchiveName(e.name)).length > 1 || likeBundles(folder, entries) > 1) return false
  return entries.some((e) => isLog(e))
}

const isLog = (e: Dirent): boolean => !e.isDirectory() && !isArchiveName(e.name) && logNames.test(e.name)

/** Folders that have a collector's markers, and such as hold a log of the same name as another one beside them (`case-1/dmesg`, `case-2/dmesg`). */
function likeBundles(folder: string, entries: readonly Dirent[]): number {
  const marked = new Set<string>()
  const holders = new Map<string, string[]>()
  for (const { name } of entries.filter((e) => e.isDirectory()))
    for (const inner of entriesOf(path.join(folder, name))) {
      if (markers.test(inner.name)) marked.add(name)
      else if (isLog(inner)) holders.set(inner.name, [...(holders.get(inner.name) ?? []), name])
    }
  for (const names of holders.values()) if (names.length > 1) for (const name of names) marked.add(name)
  return marked.size
}

/** `2026-05/` with `a.tar.gz` and `b.tar.gz` in it, inside a folder of bundles. */
export function isFolderOfArchives(folder: string): boolean {
  const entries = entriesOf(folder)
  return (
    entries.length > 1 && entries.every((e) => e.isFile() && (isArchiveName(e.name) || (packed.test(e.name) && !logNames.test(e.name))))
  )
}
