import type { SourceEvidence } from '../model/evidence.ts'

/**
 * Whether two sources that name the same host are of two machines nevertheless: they stand in corners of one bundle that hold a file of the same name
 * (`prod/nodes/worker-1/dmesg`, `stage/nodes/worker-1/dmesg`). A machine is collected once; two machines may share a name.
 */
export type Namesakes = (a: SourceEvidence, b: SourceEvidence) => boolean

export function namesakes(sources: readonly SourceEvidence[]): Namesakes {
  const tails = new Map<string, Set<string>>()
  for (const { source } of sources) {
    const { corner } = source.place
    if (corner === null || !source.name.startsWith(`${corner}/`)) continue
    const known = tails.get(corner) ?? new Set<string>()
    tails.set(corner, known.add(source.name.slice(corner.length + 1)))
  }
  const cache = new Map<string, boolean>()
  const share = (a: string, b: string): boolean => {
    const [own, other] = [tails.get(a), tails.get(b)]
    return own !== undefined && other !== undefined && [...own].some((tail) => other.has(tail))
  }
  return (a, b) => {
    const [x, y] = [a.source.place.corner, b.source.place.corner]
    if (x === null || y === null || x === y || a.source.place.bundle !== b.source.place.bundle) return false
    const key = x < y ? `${x}\0${y}` : `${y}\0${x}`
    const known = cache.get(key) ?? share(x, y)
    cache.set(key, known)
    return known
  }
}
