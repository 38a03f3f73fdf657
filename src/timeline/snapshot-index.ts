import type { NodeSnapshot, PodSnapshot, Snapshot } from '../model/snapshot.ts'
import { sameHost } from './hosts.ts'

type Placed = Snapshot & { readonly bundle: string }

/** Snapshots by what incidents ask for, made once: a cluster's dump shows ten thousand pods to each of a thousand incidents. */
export interface SnapshotIndex {
  readonly all: readonly Placed[]
  /** Captures of the pod by this name. */
  pods(namespace: string | null, name: string): readonly PodSnapshot[]
  readonly nodes: readonly NodeSnapshot[]
  /** What stood on this host, or cannot be told to be another's; without pods and nodes, which are asked for by their names. */
  around(host: string | null): readonly Placed[]
}

export function snapshotIndex(all: readonly Placed[]): SnapshotIndex {
  const pods = new Map<string, PodSnapshot[]>()
  const keyOf = (namespace: string | null, name: string): string => JSON.stringify([namespace, name])
  for (const s of all) {
    if (s.kind !== 'pod') continue
    const key = keyOf(s.namespace, s.name)
    const known = pods.get(key)
    if (known === undefined) pods.set(key, [s])
    else known.push(s)
  }
  const others = all.filter((s) => s.kind !== 'pod' && s.kind !== 'node')
  const byHost = new Map<string | null, readonly Placed[]>()
  return {
    all,
    pods: (namespace, name) => pods.get(keyOf(namespace, name)) ?? [],
    nodes: all.filter((s) => s.kind === 'node'),
    around(host) {
      const found = byHost.get(host) ?? others.filter((s) => !('host' in s) || sameHost(s.host, host))
      byHost.set(host, found)
      return found
    },
  }
}
