import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { QuoteRole } from '../model/oom-dump.ts'
import type { Quote } from '../model/origin.ts'
import { holdsKey } from '../text/names.ts'

/** At most this many lines under one answer: a reader wants the proof, not the log. */
const MOST = 6

/** Quotes of several places, each line once. */
export function evidence(...parts: readonly (readonly (Quote | null | undefined)[])[]): readonly Quote[] {
  const seen = new Set<string>()
  const quotes: Quote[] = []
  for (const quote of parts.flat()) {
    if (quote === null || quote === undefined) continue
    const key = `${quote.source}\0${quote.line ?? quote.cursor ?? quote.offset}\0${quote.text}`
    if (seen.has(key)) continue
    seen.add(key)
    quotes.push(quote)
  }
  return quotes.slice(0, MOST)
}

/** The first line of each role of the dump. */
export function lines(facts: IncidentFacts, ...roles: readonly QuoteRole[]): readonly Quote[] {
  return roles.flatMap((role) => facts.dump?.quotes[role]?.slice(0, 1) ?? [])
}

/** The lines that tell of the first kill: the kernel's own first, then what other sources say. */
export function killLines(facts: IncidentFacts, most = 2): readonly Quote[] {
  const own = facts.dump?.kills.flatMap((kill) => (kill.pid === facts.kill?.pid ? kill.quotes : [])) ?? []
  const kernel = lines(facts, 'kill', 'summary')
  return [...own.slice(0, 1), ...kernel, ...(facts.kill?.evidence ?? [])].slice(0, most)
}

/** Lines of the memcg statistics, Mem-Info counters or node lines that hold one of the keys; one line may hold them all. */
export function counterLines(facts: IncidentFacts, ...keys: readonly string[]): readonly Quote[] {
  const stats = facts.dump?.stats.flatMap((s) => s.quotes) ?? []
  const machine = [...(facts.dump?.quotes.counters ?? []), ...(facts.dump?.memInfo?.quotes ?? [])]
  const pool = facts.scope === 'memcg' ? [...stats, ...(facts.dump?.quotes.stats ?? [])] : machine
  const found = keys.flatMap((key) => {
    const hit = pool.find((quote) => holdsKey(quote.text, key))
    return hit === undefined ? [] : [hit]
  })
  return found.length > 0 ? found : pool.slice(0, 1)
}

/** The first line of the dump that holds each key: for figures whose lines have no role of their own. */
export function excerptLines(facts: IncidentFacts, ...keys: readonly string[]): readonly Quote[] {
  return keys.flatMap((key) => facts.dump?.excerpt.find((quote) => holdsKey(quote.text, key)) ?? [])
}

export function eventLines(events: readonly PlacedEvent[], most = 2): readonly Quote[] {
  return events.slice(0, most).flatMap(({ event }) => event.quotes.slice(0, 1))
}
