import type { BundleResult, IncidentRow } from './result.ts'

/** One bundle's telling of an incident. */
export interface Telling {
  readonly row: IncidentRow
  readonly bundle: string
  /** Key of the result that holds its page and its line. */
  readonly key: string
}

/** A telling that adds kills to the first: its page stays reachable, and its kills (indexes into `row.kills`) are counted. */
export interface FurtherTelling extends Telling {
  readonly kills: readonly number[]
}

/** One incident of the fleet, told by one bundle or by several. */
export interface Story {
  /** The fullest telling: its page, its headline, its answers. */
  readonly main: Telling
  readonly further: readonly FurtherTelling[]
  /** Other bundles that tell of the same kills. */
  readonly alsoIn: readonly string[]
  /** Time of each kill, each once. */
  readonly killTimes: readonly (string | null)[]
}

/**
 * Joins what several bundles tell of the same kills. Two kills are one when their keys are equal (host or boot, kernel time, pid, cgroup), or when a bundle
 * that does not name its host tells of a kill with the same kernel time (or second), pid, name and size as one whose host is known. Nothing is lost:
 * the kills of all tellings together are the story's. Linear in the number of kills.
 */
export function storiesOf(results: readonly BundleResult[]): Story[] {
  const tellings = results.flatMap((r) => r.incidents.map((row): Telling => ({ row, bundle: r.bundle, key: r.key })))
  const kills = tellings.flatMap((telling, t) => telling.row.kills.map((kill, index) => ({ kill, index, t, host: telling.row.host })))
  const killSets = disjointSets(kills.length)
  uniteBy(killSets, kills, (k) => [k.kill.key])
  for (const nodes of indexed(kills, (k) => k.kill.same).values()) uniteCompatible(killSets, nodes, kills)

  const tellingSets = disjointSets(tellings.length)
  uniteBy(tellingSets, tellings, (t) => [t.row.id])
  uniteBy(
    tellingSets,
    kills,
    (_, n) => [killSets.find(n)],
    (k) => k.t,
  )

  const killsOf = new Map<number, { readonly node: number; readonly index: number; readonly time: string | null }[]>()
  for (const [n, k] of kills.entries()) push(killsOf, k.t, { node: killSets.find(n), index: k.index, time: k.kill.time })
  const members = new Map<number, number[]>()
  for (let t = 0; t < tellings.length; t++) push(members, tellingSets.find(t), t)
  return [...members.values()].map((list) => {
    const ordered = list.sort((a, b) => richer(tellings[a] as Telling, tellings[b] as Telling))
    return storyOf(ordered.map((t) => ({ telling: tellings[t] as Telling, kills: killsOf.get(t) ?? [] })))
  })
}

function storyOf(
  list: readonly {
    readonly telling: Telling
    readonly kills: readonly { readonly node: number; readonly index: number; readonly time: string | null }[]
  }[],
): Story {
  const times = new Map<number, string | null>()
  const kept: FurtherTelling[] = []
  for (const { telling, kills } of list) {
    const added = kills.filter((k) => !times.has(k.node))
    if (added.length > 0 || kept.length === 0) kept.push({ ...telling, kills: added.map((k) => k.index) })
    for (const k of kills) times.set(k.node, times.get(k.node) ?? k.time)
  }
  const [main, ...further] = kept as [FurtherTelling, ...FurtherTelling[]]
  const alsoIn = new Set(list.map((l) => l.telling.bundle))
  alsoIn.delete(main.bundle)
  return { main, further, alsoIn: [...alsoIn].sort(), killTimes: [...times.values()] }
}

const rank = { high: 2, medium: 1, low: 0 } as const
const certainty = (row: IncidentRow): number =>
  (rank[row.limitConfidence as keyof typeof rank] ?? 0) + (rank[row.rootCauseConfidence as keyof typeof rank] ?? 0)

/** More kills, then more certain, then more to read; the rest only makes the order one and the same. */
function richer(a: Telling, b: Telling): number {
  return (
    b.row.kills.length - a.row.kills.length ||
    certainty(b.row) - certainty(a.row) ||
    b.row.length - a.row.length ||
    (a.bundle < b.bundle ? -1 : a.bundle > b.bundle ? 1 : 0) ||
    (a.row.id < b.row.id ? -1 : a.row.id > b.row.id ? 1 : 0)
  )
}

/** Unites kills that look the same unless that would make one host of two. */
function uniteCompatible(
  sets: Sets,
  nodes: readonly number[],
  kills: readonly { readonly host: string | null; readonly t: number }[],
): void {
  const hosts = new Set(nodes.map((n) => kills[n]?.host).filter((h) => h !== null && h !== undefined))
  const first = new Map<string | null, number>()
  for (const n of nodes) {
    const host = hosts.size <= 1 ? null : (kills[n]?.host ?? null)
    if (hosts.size > 1 && host === null) continue
    const other = first.get(host)
    if (other === undefined) first.set(host, n)
    else sets.unite(other, n)
  }
}

interface Sets {
  find(n: number): number
  unite(a: number, b: number): void
}

function disjointSets(size: number): Sets {
  const parent = Int32Array.from({ length: size }, (_, n) => n)
  const find = (n: number): number => {
    let at = n
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number
      at = parent[at] as number
    }
    return at
  }
  return {
    find,
    unite(a, b) {
      const [x, y] = [find(a), find(b)]
      // The smaller number leads: the result does not depend on the order of the unions.
      if (x < y) parent[y] = x
      else parent[x] = y
    },
  }
}

function uniteBy<T, K>(sets: Sets, list: readonly T[], keysOf: (item: T, n: number) => readonly K[], node = (_: T, n: number) => n): void {
  const first = new Map<K, number>()
  list.forEach((item, n) => {
    for (const key of keysOf(item, n)) {
      const other = first.get(key)
      if (other === undefined) first.set(key, node(item, n))
      else sets.unite(other, node(item, n))
    }
  })
}

function indexed<T>(list: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, number[]> {
  const map = new Map<string, number[]>()
  list.forEach((item, n) => {
    for (const key of keysOf(item)) push(map, key, n)
  })
  return map
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
