import type { ContainerRef } from '../../model/event.ts'
import type { SourcePlace } from '../../model/evidence.ts'
import type { InputSource } from '../source.ts'
import type { BundleLayout, PlaceRule } from './define-layout.ts'
import { isOfEarlierBoot } from './earlier-boot.ts'
import { globExpression, mayMatch } from './glob.ts'
import { hostTree, plain } from './host-tree.ts'
import { type Machine, machinesOf } from './machines.ts'
import { layoutRoots, type Root, rootOf } from './roots.ts'
import { crashFolderUs, type Rotation, rotationOf } from './rotation.ts'

type Placeable = Pick<InputSource, 'name' | 'path' | 'bundle' | 'modifiedMs'>

/**
 * What the layouts know of each source from its path among the others. Keys are source names. `markers`: paths by bundle of what is no source and may still
 * show a layout (see `markerPath`).
 */
export function placeSources(
  sources: readonly Placeable[],
  markers: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): ReadonlyMap<string, SourcePlace> {
  const rootsOf = rootsByBundle(sources, markers)
  const hosts = new Map<string, string | null>()
  const drafts = sources.map((source) => draftOf(source, rootsOf, hosts))
  const dates = datesByFamily(drafts)
  const machines = machinesOf(drafts)
  return new Map(drafts.map((draft) => [draft.name, placeOf(draft, dates, machines.get(draft.name) ?? null)]))
}

interface Draft {
  readonly name: string
  readonly path: string
  readonly single: boolean
  /** The whole bundle is of one machine. */
  readonly lone: boolean
  readonly layout: BundleLayout
  readonly bundle: string
  readonly host: string | null
  readonly role: string | null
  readonly rotation: Rotation
  readonly crashUs: number | null
  readonly container: ContainerRef | null
}

/** A loose file's bundle is its folder as the argument names it: `kern.log` and `pods.yaml` given together belong together. */
const isLoose = (source: Placeable): boolean => source.name === source.bundle
const folderOf = (name: string): string => name.slice(0, Math.max(name.lastIndexOf('/'), 0))

function rootsByBundle(
  sources: readonly Placeable[],
  markers: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, readonly Root[]> {
  const paths = new Map<string, Set<string>>([...markers].map(([bundle, known]) => [bundle, new Set(known)]))
  const add = (bundle: string, path: string): void => {
    const known = paths.get(bundle) ?? new Set()
    paths.set(bundle, known.add(path))
  }
  const archives = new Set<string>()
  for (const source of sources) {
    if (isLoose(source)) continue
    add(source.bundle, source.path)
    archives.add(source.bundle)
  }
  // An archive in an archive is a path of the outer one, and counts as a marker there.
  for (const name of archives) for (const [outer, path] of outerArchives(name)) add(outer, path)
  return new Map([...paths].map(([bundle, known]) => [bundle, layoutRoots(known)]))
}

/** `a.zip!b/c.tar!d.zip` → [`a.zip!b/c.tar`, `d.zip`], [`a.zip`, `b/c.tar`]: innermost first. */
function outerArchives(name: string): [string, string][] {
  const found: [string, string][] = []
  for (let at = name.lastIndexOf('!'); at !== -1; at = name.lastIndexOf('!', at - 1)) {
    const before = name.slice(0, at)
    found.push([before, name.slice(at + 1).split('!', 1)[0] as string])
  }
  return found
}

function draftOf(source: Placeable, rootsOf: ReadonlyMap<string, readonly Root[]>, hosts: Map<string, string | null>): Draft {
  const loose = isLoose(source)
  // Only the shell's own glob tells a loose file's folders apart: nodes/a/kern.log nodes/b/kern.log.
  const path = loose ? source.name : source.path
  const { layout, inner, bundle, lone } = placeIn(source, path, loose ? [] : (rootsOf.get(source.bundle) ?? []))
  const found = asked(layout, inner)
  return {
    name: source.name,
    path,
    single: layout.single === true,
    lone,
    layout,
    bundle: loose ? folderOf(source.name) : bundle,
    host: found.host ?? (layout === plain ? null : hostIn(path)) ?? inheritedHost(source.bundle, rootsOf, hosts),
    role: found.role,
    rotation: rotationOf(path),
    crashUs: crashFolderUs(path),
    container: found.container,
  }
}

function placeIn(source: Placeable, path: string, roots: readonly Root[]) {
  const root = rootOf(roots, path, false)
  const outer = rootOf(roots, path, true)
  const prefix = outer?.prefix ?? ''
  const top =
    prefix === '' ? source.bundle : `${source.bundle}${source.name.startsWith(`${source.bundle}!`) ? '!' : '/'}${prefix.slice(0, -1)}`
  return {
    layout: root?.layout ?? plain,
    inner: root === null ? path : path.slice(root.prefix.length),
    bundle: top,
    lone: outer !== null && outer.layout.single === true && outer.layout.part !== true,
  }
}

interface Found {
  readonly role: string | null
  readonly host: string | null
  readonly container: ContainerRef | null
}

const compiled = new Map<PlaceRule, RegExp>()
function match(rule: PlaceRule, path: string): Readonly<Record<string, string | undefined>> | null {
  let expression = compiled.get(rule)
  if (expression === undefined) {
    // Most rules are never met: an expression less to compile.
    if (!mayMatch(rule.glob, path)) return null
    expression = globExpression(rule.glob)
    compiled.set(rule, expression)
  }
  const result = expression.exec(path)
  return result === null ? null : (result.groups ?? {})
}

function asked(layout: BundleLayout, path: string): Found {
  let role: string | null = null
  let host: string | null = null
  let container: ContainerRef | null = null
  for (const rule of [...layout.rules, ...hostTree]) {
    const groups = match(rule, path)
    if (groups === null) continue
    role ??= rule.role
    const named = groups['host']
    if (named !== undefined && layout.notHosts?.includes(named) !== true) host ??= named
    container ??= containerOf(groups)
  }
  return { role, host, container }
}

function containerOf(groups: Readonly<Record<string, string | undefined>>): ContainerRef | null {
  const id = groups['containerId'] ?? null
  if (id !== null && !/^[0-9a-f]{12,64}$/.test(id)) return null
  const { namespace = null, pod = null, podUid = null, container = null } = groups
  if (id === null && pod === null) return null
  return { namespace, pod, podUid, container, containerId: id }
}

/** A recognised bundle may itself stand in a folder of a node. */
const hostIn = (path: string): string | null => asked(plain, path).host

/** A node's archive inside a bundle (Harvester's nodes/<node>.zip): its members are that node's. */
function inheritedHost(bundle: string, rootsOf: ReadonlyMap<string, readonly Root[]>, hosts: Map<string, string | null>): string | null {
  const known = hosts.get(bundle)
  if (known !== undefined) return known
  let host: string | null = null
  for (const [outer, path] of outerArchives(bundle)) {
    const root = rootOf(rootsOf.get(outer) ?? [], path, false)
    host ??= (root === null ? null : asked(root.layout, path.slice(root.prefix.length)).host) ?? hostIn(path)
  }
  host ??= hostIn(bundle)
  hosts.set(bundle, host)
  return host
}

/** Dates of each family's rotations, newest first: a dated rotation's number is its place among them. */
function datesByFamily(drafts: readonly Draft[]): ReadonlyMap<string, readonly number[]> {
  const dates = new Map<string, Set<number>>()
  for (const draft of drafts) {
    if (draft.rotation.dateUs === null) continue
    const key = familyKey(draft)
    dates.set(key, (dates.get(key) ?? new Set()).add(draft.rotation.dateUs))
  }
  return new Map([...dates].map(([key, all]) => [key, [...all].sort((a, b) => b - a)]))
}

const familyKey = (draft: Draft): string => `${draft.bundle}\0${draft.rotation.family}`

function placeOf(draft: Draft, dates: ReadonlyMap<string, readonly number[]>, machine: Machine | null): SourcePlace {
  const { number, dateUs, family } = draft.rotation
  const rank = dateUs === null ? 0 : (dates.get(familyKey(draft)) ?? []).indexOf(dateUs) + 1
  return {
    layout: draft.layout.id,
    bundle: draft.bundle,
    host: draft.host ?? machine?.host ?? null,
    corner: machine?.corner ?? null,
    role: draft.role,
    family,
    generation: number ?? rank,
    nameDateUs: dateUs ?? draft.crashUs,
    container: draft.container,
    ...(draft.lone ? { lone: true as const } : {}),
    ...(isOfEarlierBoot(draft.path, draft.layout.id) ? { earlierBoot: true as const } : {}),
  }
}
