import type { BundleLayout } from './define-layout.ts'
import { layouts } from './index.ts'

/** The top of a recognised bundle inside an archive or folder. */
export interface Root {
  /** Path of the folder with its `/` at the end; empty for the top of all. */
  readonly prefix: string
  readonly layout: BundleLayout
}

/** Collectors put one or two folders around their tree, cases put a folder around that; deeper ones are looked for no more. */
const deepest = 6

const markerNames = new Set(
  layouts.flatMap((layout: BundleLayout) =>
    layout.markers.flatMap((group) => group.flatMap((marker) => marker.split('/').filter((part) => part !== '*'))),
  ),
)

/** As much of a path as may be a marker of some layout: up to its last segment that stands in one; `null` for none. Many paths share it. */
export function markerPath(path: string): string | null {
  const parts = path.split('/')
  for (let at = Math.min(parts.length, deepest + 2); at > 0; at -= 1)
    if (markerNames.has(parts[at - 1] as string)) return parts.slice(0, at).join('/')
  return null
}

/** Folders that hold a layout's markers. The first layout of the list wins a folder. Deepest folders first. */
export function layoutRoots(paths: ReadonlySet<string>): readonly Root[] {
  const known = new Set<string>()
  const folders = new Set([''])
  for (const path of paths) note(path, known, folders)
  const roots: Root[] = []
  for (const prefix of folders) {
    const layout = layouts.find((each) => each.markers.some((group) => group.every((marker) => known.has(prefix + marker))))
    if (layout !== undefined) roots.push({ prefix, layout })
  }
  return roots.sort((a, b) => b.prefix.length - a.prefix.length)
}

/** Notes a path, every folder above it, and each with `*` for its last segment but one. */
function note(path: string, known: Set<string>, folders: Set<string>): void {
  const parts = path.split('/')
  let folder = ''
  let above = ''
  parts.forEach((part, depth) => {
    known.add(folder + part)
    if (depth > 0) known.add(`${above}*/${part}`)
    above = folder
    folder += `${part}/`
    if (depth < parts.length - 1 && depth < deepest) folders.add(folder)
  })
}

/** The innermost root around a path; with `whole`, the innermost that is a bundle of its own. */
export function rootOf(roots: readonly Root[], path: string, whole: boolean): Root | null {
  return roots.find((root) => path.startsWith(root.prefix) && !(whole && root.layout.part === true)) ?? null
}
