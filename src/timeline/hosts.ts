import type { SourceEvidence } from '../model/evidence.ts'

/** Resolves which host a line speaks of, from the line, its source, its place in the bundle, or the bundle's only host. */
export interface Hosts {
  of(evidence: SourceEvidence, printed: string | null): string | null
}

const shortName = (host: string): string => (/^\d+(\.\d+){3}$/.test(host) ? host : (host.split('.')[0] ?? host)).toLowerCase()

/**
 * Host names come as `node-1` and `node-1.example.internal` in one bundle: the form met most often stands for both. A bundle in which only
 * one host is ever named lends it to its members that name none (a bare dmesg beside a kern.log).
 */
export function resolveHosts(all: readonly SourceEvidence[]): Hosts {
  const seen = new Map<string, Map<string, number>>()
  const named = new Map<string, Set<string>>()
  const note = (bundle: string, host: string | null): void => {
    if (host === null || host === '' || host === 'localhost') return
    const forms = seen.get(shortName(host)) ?? new Map<string, number>()
    forms.set(host, (forms.get(host) ?? 0) + 1)
    seen.set(shortName(host), forms)
    const set = named.get(bundle) ?? new Set<string>()
    named.set(bundle, set.add(shortName(host)))
  }
  for (const { source, events, snapshots } of all) {
    const bundle = source.place.bundle
    for (const event of events) if (event.kind !== 'object-event') note(bundle, event.host)
    note(bundle, source.host)
    note(bundle, source.place.host)
    for (const snapshot of snapshots) if ('host' in snapshot) note(bundle, snapshot.host)
  }
  const canonical = (host: string): string => {
    const forms = seen.get(shortName(host))
    if (forms === undefined) return host
    return [...forms].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? host
  }
  return {
    of({ source }, printed) {
      const own = printed ?? source.host ?? source.place.host
      if (own !== null && own !== '' && own !== 'localhost') return canonical(own)
      const only = named.get(source.place.bundle)
      return only?.size === 1 ? canonical([...only][0] as string) : own === 'localhost' ? own : null
    },
  }
}

/** Whether two hosts may be the same one; an unknown host may be any within the same bundle. */
export function sameHost(a: string | null, b: string | null): boolean {
  return a === null || b === null || shortName(a) === shortName(b)
}
