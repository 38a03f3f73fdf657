import { machineName } from '../input/layouts/machines.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { shortHost, standsIn } from '../text/names.ts'
import { deathsOf, isBare, releasesOf, shareDeath } from './deaths.ts'
import { canonicalNames, hostInPath, likeNames } from './host-names.ts'

/** Resolves which host a line speaks of, from the line, its source, its place in the bundle, or the only host around it. */
export interface Hosts {
  of(evidence: SourceEvidence, printed: string | null): string | null
}

/** What is of one machine as far as places tell: a corner of a bundle, else the bundle. */
export const cornerOf = ({ source }: SourceEvidence): string => source.place.corner ?? source.place.bundle

/**
 * A line's own word comes first, then the source's, its place, a path that spells a node's name. A corner of a bundle in which only one host is ever
 * named lends it to its members that name none (a bare dmesg beside a kern.log), unless these are several machines or of another kernel.
 */
export function resolveHosts(all: readonly SourceEvidence[]): Hosts {
  const inPath = hostInPath(all)
  const spelled = ({ source }: SourceEvidence, printed: string | null): string | null => printed ?? source.host ?? source.place.host
  const canonical = canonicalNames(all)
  const named = namesByCorner(all, inPath)
  const tied = tiedHosts(all, (e) => spelled(e, null) ?? inPath(e))
  const lend = lenders(all, named, tied)
  return {
    of(evidence, printed) {
      const own = spelled(evidence, printed)
      if (own !== null && own !== '' && own !== 'localhost') return canonical(own, evidence)
      const found = inPath(evidence) ?? tied.get(evidence) ?? lend(evidence)
      return found !== null ? canonical(found, evidence) : own === 'localhost' ? own : null
    },
  }
}

type HostOf = (evidence: SourceEvidence) => string | null

/** Short names that a corner's lines, sources and clocks give; those of a bundle's corners count for the bundle. */
function namesByCorner(all: readonly SourceEvidence[], inPath: HostOf): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const named = new Map<string, Map<string, string>>()
  for (const evidence of all) {
    const { source, events, snapshots } = evidence
    for (const corner of new Set([cornerOf(evidence), source.place.bundle])) {
      const names = named.get(corner) ?? new Map<string, string>()
      named.set(corner, names)
      const note = (host: string | null): void => {
        if (host !== null && host !== '' && host !== 'localhost') names.set(shortHost(host), host)
      }
      for (const event of events) if (event.kind !== 'object-event') note(event.host)
      note(source.host)
      note(source.place.host ?? inPath(evidence))
      for (const snapshot of snapshots) if ('host' in snapshot) note(snapshot.host)
    }
  }
  return named
}

/** Bare kernel logs that tell of the same death as a log that names its host. */
function tiedHosts(all: readonly SourceEvidence[], hostOf: HostOf): ReadonlyMap<SourceEvidence, string> {
  const tied = new Map<SourceEvidence, string>()
  if (!all.some(isBare)) return tied
  const known = all.flatMap((e) => {
    const host = hostOf(e) ?? e.events.find((event) => event.kind === 'kernel-oom' && event.host !== null)?.host ?? null
    const deaths = host === null ? null : deathsOf(e.events)
    return host === null || host === 'localhost' || deaths === null || deaths.size === 0 ? [] : [{ evidence: e, host, deaths }]
  })
  if (known.length === 0) return tied
  for (const evidence of all) {
    if (!isBare(evidence)) continue
    const deaths = deathsOf(evidence.events)
    const hosts = new Set(
      known
        .filter((k) => k.evidence.source.place.bundle === evidence.source.place.bundle && shareDeath(deaths, k.deaths))
        .map((k) => k.host),
    )
    if (new Set([...hosts].map(shortHost)).size === 1) tied.set(evidence, [...hosts][0] as string)
  }
  return tied
}

/** The only host of a corner, for those of its sources that may be its. */
function lenders(
  all: readonly SourceEvidence[],
  named: ReadonlyMap<string, ReadonlyMap<string, string>>,
  tied: ReadonlyMap<SourceEvidence, string>,
): HostOf {
  const strangers = severalMachines(all, tied)
  const releases = new Map<string, Set<string>>()
  for (const evidence of all) {
    if (isBare(evidence)) continue
    const known = releases.get(cornerOf(evidence)) ?? new Set<string>()
    releases.set(cornerOf(evidence), known)
    for (const release of releasesOf(evidence.events)) known.add(release)
  }
  return (evidence) => {
    const corner = cornerOf(evidence)
    const names = named.get(corner)
    if (names?.size !== 1 || strangers.has(evidence)) return null
    const own = isBare(evidence) ? releasesOf(evidence.events) : new Set<string>()
    const others = releases.get(corner) ?? new Set<string>()
    if (own.size > 0 && others.size > 0 && ![...own].some((r) => others.has(r))) return null
    const only = [...names.values()][0] as string
    return isBare(evidence) && isElsewhere(evidence, only, all) ? null : only
  }
}

/**
 * `w1/dmesg` beside `collect/hostname`, which names another: a folder that is called as machines are is not the one of whoever collected, unless something in it has
 * that name.
 */
function isElsewhere({ source }: SourceEvidence, host: string, all: readonly SourceEvidence[]): boolean {
  if (source.place.layout !== 'plain') return false
  const folders = source.path.split('/').slice(0, -1)
  const at = folders.findLastIndex((folder) => machineName(folder) !== null)
  const folder = (folders[at] ?? '').toLowerCase()
  const short = shortHost(host)
  if (at === -1 || standsIn(folder, short) || standsIn(short, folder)) return false
  const above = `${folders.slice(0, at + 1).join('/')}/`
  return !all.some(
    (e) =>
      e.source.place.bundle === source.place.bundle &&
      e.source.path.startsWith(above) &&
      [e.source.host, ...e.snapshots.map((s) => ('host' in s ? s.host : null))].some((name) => name !== null && sameHost(name, host)),
  )
}

/** Bare kernel logs of different files in one corner that share no death: nothing says that they are of one machine. */
export function severalMachines(
  all: readonly SourceEvidence[],
  tied: ReadonlyMap<SourceEvidence, string> = new Map(),
): ReadonlySet<SourceEvidence> {
  const corners = new Map<string, SourceEvidence[]>()
  for (const evidence of all) {
    if (!isBare(evidence) || tied.has(evidence) || evidence.source.place.lone === true) continue
    const list = corners.get(cornerOf(evidence)) ?? []
    corners.set(cornerOf(evidence), list)
    list.push(evidence)
  }
  const found = new Set<SourceEvidence>()
  for (const sources of corners.values()) {
    // Nothing to tell a lone log apart from; it may hold a hundred thousand deaths, and each is a key.
    if (sources.length === 1) continue
    const list = sources.map((evidence) => ({ evidence, deaths: deathsOf(evidence.events) }))
    const together = new Set(list.slice(0, 1))
    for (let grew = true; grew; ) {
      grew = false
      for (const one of list)
        if (!together.has(one) && [...together].some((t) => sameLog(t.evidence, one.evidence) || shareDeath(t.deaths, one.deaths))) {
          together.add(one)
          grew = true
        }
    }
    if (together.size < list.length) for (const { evidence } of list) found.add(evidence)
  }
  return found
}

const sameLog = (a: SourceEvidence, b: SourceEvidence): boolean => a.source.place.family === b.source.place.family

/** Whether two hosts may be the same one; an unknown host may be any within the same bundle. */
export function sameHost(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b || likeNames(a, b)
}
