import type { ContainerRef } from '../model/event.ts'
import type { Instant, Kill } from '../model/incident.ts'
import { sameHost } from './hosts.ts'

/** Finds kills by what an event may share with them, so that ten thousand kills and ten thousand events stay linear. */
export interface KillIndex {
  add(kill: Kill): void
  /** Kills whose container or pod may be the one meant; a superset, to be judged one by one. */
  ofContainer(ref: ContainerRef): readonly Kill[]
  /** Kills on the host within `us` of the instant, and those that cannot be placed in time. */
  near(host: string | null, at: Instant, us: number): readonly Kill[]
}

/** A time that may be off by any length: a table's age without a word of when the table was printed. */
export const isGuess = (at: Instant): boolean => at.basis === 'assumed' && at.uncertaintyMs === null

const idKey = (id: string): string => `id ${id.slice(0, 12)}`
const bucketUs = 60_000_000

export function killIndex(kills: readonly Kill[]): KillIndex {
  const byName = new Map<string, Kill[]>()
  const byTime = new Map<number, Kill[]>()
  const timeless: Kill[] = []
  const put = <K>(map: Map<K, Kill[]>, key: K, kill: Kill): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [kill])
    else list.push(kill)
  }
  /** Made when first asked: a log of a hundred thousand kills may have nothing else. */
  let waiting: Kill[] = [...kills]
  const place = (kill: Kill): void => {
    for (const key of keysOf(kill.target)) put(byName, key, kill)
    if (kill.at.epochUs === null) timeless.push(kill)
    else put(byTime, Math.floor(kill.at.epochUs / bucketUs), kill)
  }
  const placeAll = (): void => {
    for (const kill of waiting) place(kill)
    waiting = []
  }
  return {
    add: (kill) => waiting.push(kill),
    ofContainer(ref) {
      placeAll()
      return [...new Set(keysOf(ref).flatMap((key) => byName.get(key) ?? []))]
    },
    near(host, at, us) {
      placeAll()
      if (at.epochUs === null || isGuess(at)) return [...[...byTime.values()].flat(), ...timeless].filter((k) => sameHost(k.host, host))
      const slack = us + 1000 * (at.uncertaintyMs ?? 0) + bucketUs
      const found: Kill[] = [...timeless]
      for (let b = Math.floor((at.epochUs - slack) / bucketUs); b <= Math.floor((at.epochUs + slack) / bucketUs); b++)
        for (const kill of byTime.get(b) ?? []) found.push(kill)
      return found.filter((k) => sameHost(k.host, host))
    },
  }
}

function keysOf(ref: ContainerRef | null): string[] {
  if (ref === null) return []
  return [
    ref.containerId === null || ref.containerId.length < 12 ? null : idKey(ref.containerId),
    ref.podUid === null ? null : `uid ${ref.podUid}`,
    ref.pod === null ? null : `pod ${ref.pod}`,
  ].filter((k): k is string => k !== null)
}
