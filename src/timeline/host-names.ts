import type { SourceEvidence } from '../model/evidence.ts'
import { shortHost, standsIn } from '../text/names.ts'
import { once } from './once.ts'

/** Two full names that differ are two machines, also where their first label is the same: `node-1.east.example`, `node-1.west.example`. */
export const likeNames = (a: string, b: string): boolean =>
  shortHost(a) === shortHost(b) && !(a.includes('.') && b.includes('.') && a.toLowerCase() !== b.toLowerCase())

/**
 * Host names come as `node-1` and `node-1.example.internal` in one input: the form met most often stands for both. Where several full names share their first
 * label, each stays, and the short one is the one full name that its bundle knows.
 */
export function canonicalNames(all: readonly SourceEvidence[]): (host: string, evidence: SourceEvidence) => string {
  const counts = new Map<string, number>()
  const full = new Map<string, Map<string, Set<string>>>()
  const note = (host: string | null, bundle: string): void => {
    if (host === null || host === '' || host === 'localhost') return
    counts.set(host, (counts.get(host) ?? 0) + 1)
    if (shortHost(host) === host.toLowerCase()) return
    const bundles = full.get(shortHost(host)) ?? new Map<string, Set<string>>()
    full.set(shortHost(host), bundles.set(host.toLowerCase(), (bundles.get(host.toLowerCase()) ?? new Set()).add(bundle)))
  }
  for (const { source, events, snapshots } of all) {
    const { bundle } = source.place
    for (const event of events) if (event.kind !== 'object-event') note(event.host, bundle)
    note(source.host, bundle)
    note(source.place.host, bundle)
    for (const snapshot of snapshots) if ('host' in snapshot) note(snapshot.host, bundle)
  }
  const canonical = new Map<string, string>()
  const byUse = [...counts].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1))
  for (const [host] of byUse) if (!canonical.has(shortHost(host))) canonical.set(shortHost(host), host)
  return (host, { source }) => {
    const names = full.get(shortHost(host))
    if (names === undefined || names.size < 2) return canonical.get(shortHost(host)) ?? host
    if (shortHost(host) !== host.toLowerCase()) return host
    const here = [...names].filter(([, bundles]) => bundles.has(source.place.bundle))
    return here.length === 1 ? (here[0] as [string, unknown])[0] : host
  }
}

/**
 * A path that spells the name of a node which the bundle's objects or logs know: troubleshoot's collectors put it between folders
 * (`<collector>/<node>/dmesg`), scripts into file names (`dmesg-<node>.txt`).
 */
export function hostInPath(all: readonly SourceEvidence[]): (evidence: SourceEvidence) => string | null {
  const known = new Map<string, Map<string, string>>()
  for (const { source, events, snapshots } of all) {
    const names = known.get(source.place.bundle) ?? new Map<string, string>()
    known.set(source.place.bundle, names)
    const note = (host: string | null): void => {
      if (host !== null && host.length > 2 && host !== 'localhost') names.set(host.toLowerCase(), host)
    }
    note(source.host)
    for (const event of events) if (event.kind !== 'object-event') note(event.host)
    for (const s of snapshots) note(s.kind === 'node' ? s.name : s.kind === 'pod' ? s.node : 'host' in s ? s.host : null)
  }
  return once((evidence) => spelledIn(evidence.source.path, known.get(evidence.source.place.bundle) ?? new Map()))
}

/** The longest known name that a folder or a part of the file's name is; `null` where two stand in it. */
function spelledIn(path: string, names: ReadonlyMap<string, string>): string | null {
  const segments = path.toLowerCase().split('/')
  for (const segment of segments.slice(0, -1)) {
    const whole = names.get(segment)
    if (whole !== undefined) return whole
  }
  const file = segments.at(-1) ?? ''
  const found = [...names].filter(([name]) => standsIn(file, name)).sort((a, b) => b[0].length - a[0].length)
  const [first, second] = found
  return first === undefined || (second !== undefined && !first[0].includes(second[0])) ? null : first[1]
}
