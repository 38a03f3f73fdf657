import type { Kill } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { Sighting } from '../model/sighting.ts'

/** So many are shown; who looks for one more finds it beside these. */
const MOST = 12

const placeOf = ({ source, line, cursor }: Quote): string => `${source}\n${line ?? cursor ?? ''}`

/**
 * The lines that prove a death which is told already, each with the kill that it repeats: the one of its PID, of several the last that its source tells of above it.
 * What is a kill's own evidence, or has no place of its own, is none.
 */
export function repeatsOf(sightings: readonly Sighting[], kills: readonly Kill[]): ReadonlyMap<Kill, readonly Quote[]> {
  const byPid = new Map<number, Kill[]>()
  // Of a hundred thousand kills the few that a sighting may be of.
  const pids = new Set(sightings.map(({ pid }) => pid))
  const places = new Set(sightings.map(({ quote }) => placeOf(quote)))
  const told = new Set<string>()
  for (const kill of kills) {
    if (kill.pid !== null && kill.killer === 'kernel' && pids.has(kill.pid)) {
      const own = byPid.get(kill.pid)
      if (own === undefined) byPid.set(kill.pid, [kill])
      else own.push(kill)
    }
    for (const quote of kill.evidence) for (const place of linesOf(quote)) if (places.has(place)) told.add(place)
  }
  const repeats = new Map<Kill, Quote[]>()
  for (const { pid, quote } of sightings) {
    const own = pid === null ? undefined : byPid.get(pid)
    if (own === undefined || (quote.line === null && quote.cursor === null) || told.has(placeOf(quote))) continue
    told.add(placeOf(quote))
    const kill = own.findLast((one) => one.evidence.some((e) => e.source === quote.source && (e.line ?? 0) <= (quote.line ?? 0))) ?? own[0]
    const list = kill === undefined ? undefined : (repeats.get(kill) ?? [])
    if (kill === undefined || list === undefined || list.length >= MOST) continue
    repeats.set(kill, [...list, { ...quote, offset: null }])
  }
  return repeats
}

/** A quote of several lines stands at each of them. */
const linesOf = (quote: Quote): string[] =>
  quote.text.split('\n').map((_, more) => placeOf(quote.line === null ? quote : { ...quote, line: quote.line + more }))
