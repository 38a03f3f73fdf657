import type { CgroupSnapshot, Told } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, type Page, pageOf, toldAt } from './page.ts'

/**
 * Where one file of a cgroup begins in a listing: `== /kubepods/pod… memory.max`, `==> /sys/fs/cgroup/…/memory.max <==` (head and tail of
 * several files), `# /sys/fs/cgroup/…/memory.max`, the path alone (`echo`, then `cat`), `/sys/fs/cgroup/…/memory.max:`. A cgroup's name may hold blanks and anything else.
 */
const HEADINGS = [
  /^== (?<path>\/.*?) (?<file>(?:memory|cgroup)\.[\w.]+)$/,
  /^==> (?<path>\/.*)\/(?<file>(?:memory|cgroup)\.[\w.]+) <==$/,
  /^(?:# |\$ cat )?(?<path>\/.*)\/(?<file>(?:memory|cgroup)\.[\w.]+)$/,
  /^(?<path>\/.*)\/(?<file>(?:memory|cgroup)\.[\w.]+):$/,
] as const
/** `grep . /sys/fs/cgroup/…/memory.*`: every line with its file. */
const GREP = /^(?<path>[^:]*\/sys\/fs\/cgroup\/[^:]*)\/(?<file>(?:memory|cgroup)\.[\w.]+):(?<value>.+)$/
/** `memory.max` and the like copied alone: only the path tells. */
const ALONE = /(?:^|\/)sys\/fs\/cgroup\/(?:(?<path>.*)\/)?(?<file>memory\.[\w.]+)$/
const KEYED = /^(?<key>[a-z][\w.]*)[ =](?<value>\d+)$/
const PRESSURE = /^(?<key>some|full) (?<value>avg10=.*)$/

export const cgroupFiles: DocumentReader = {
  id: 'cgroup-files',
  title: 'memory.* files of cgroups',
  writtenBy: 'the kernel; cat, head, grep over /sys/fs/cgroup',
  seen: 'real',
  sniff(head, path) {
    const first = firstLines(head, 1)[0] ?? ''
    if (cgroupHeading(first) !== null || GREP.test(first)) return 'strong'
    return ALONE.test(path) && /^(?:max|-?\d+|[a-z][\w.]* \d+|(?:some|full) avg10=.*)$/.test(first) ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const groups = new Map<string, Record<string, Told<string>>>()
    const alone = ALONE.exec(document.path)?.groups
    let place = alone === undefined ? null : { path: alone['path'] ?? '', file: alone['file'] ?? '' }
    for (const [index, line] of page.lines.entries()) {
      const heading = cgroupHeading(line)
      const grep = heading === null ? GREP.exec(line)?.groups : undefined
      if (heading !== null) place = heading
      else if (grep !== undefined) put(groups, page, index, { path: grep['path'] ?? '', file: grep['file'] ?? '' }, grep['value'] ?? '')
      else if (place !== null && line.trim() !== '') put(groups, page, index, place, line.trim())
    }
    const snapshots: CgroupSnapshot[] = [...groups].map(([path, files]) => ({
      kind: 'cgroup',
      source: document.source,
      host: null,
      path,
      files,
    }))
    return { ...newFacts(), snapshots }
  },
}

interface Place {
  readonly path: string
  readonly file: string
}

/** The group and file that a heading names; `null` for any other line. */
export function cgroupHeading(line: string): Place | null {
  for (const shape of HEADINGS) {
    const groups = shape.exec(line)?.groups
    if (groups !== undefined) return { path: groups['path'] ?? '', file: groups['file'] ?? '' }
  }
  return null
}

function put(groups: Map<string, Record<string, Told<string>>>, page: Page, index: number, place: Place, line: string): void {
  const path = cgroupPath(place.path)
  let files = groups.get(path)
  if (files === undefined) {
    files = {}
    groups.set(path, files)
  }
  const keyed = KEYED.exec(line)?.groups ?? PRESSURE.exec(line)?.groups
  const key = keyed === undefined ? place.file : `${place.file}.${keyed['key']}`
  const value = keyed?.['value'] ?? line
  files[key] ??= toldAt(page, index, value)
}

/** The path as the kernel prints it: without the mount point, and without v1's controller directory. */
export function cgroupPath(path: string): string {
  const mounted = /(?:^|\/)sys\/fs\/cgroup(?<rest>\/.*)?$/.exec(path)?.groups
  const inside = mounted === undefined ? path : (mounted['rest'] ?? '/')
  const plain = mounted === undefined ? inside : inside.replace(/^\/(?:memory|unified)(?=\/|$)/, '')
  return plain.startsWith('/') ? plain : `/${plain}`
}
