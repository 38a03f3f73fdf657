import type { SourceEvidence } from '../model/evidence.ts'
import { shortHost, standsIn } from '../text/names.ts'

/** Host names come as `node-1` and `node-1.example.internal` in one input: the form met most often stands for both. */
export function canonicalNames(all: readonly SourceEvidence[]): (host: string) => string {
  const counts = new Map<string, number>()
  const note = (host: string | null): void => {
    if (host !== null && host !== '' && host !== 'localhost') counts.set(host, (counts.get(host) ?? 0) + 1)
  }
  for (const { source, events, snapshots } of all) {
    for (const event of events) if (event.kind !== 'object-event') note(event.host)
    note(source.host)
    note(source.place.host)
    for (const snapshot of snapshots) if ('host' in snapshot) note(snapshot.host)
  }
  const canonical = new Map<string, string>()
  const byUse = [...counts].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1))
  for (const [host] of byUse) if (!canonical.has(shortHost(host))) canonical.set(shortHost(host), host)
  const known = new Map<string, string>()
  return (host) => {
    const before = known.get(host)
    if (before !== undefined) return before
    const name = canonical.get(shortHost(host)) ?? host
    known.set(host, name)
    return name
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
  const cache = new Map<SourceEvidence, string | null>()
  return (evidence) => {
    const before = cache.get(evidence)
    if (before !== undefined) return before
    const names = known.get(evidence.source.place.bundle)
    const found = names === undefined || names.size === 0 ? null : spelledIn(evidence.source.path, names)
    cache.set(evidence, found)
    return found
  }
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
