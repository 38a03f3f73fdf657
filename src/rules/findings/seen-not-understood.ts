import type { Finding } from '../../model/finding.ts'
import type { Quote } from '../../model/origin.ts'
import type { ProofWord, Sighting } from '../../model/sighting.ts'
import { count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule, Scene } from './scene.ts'

/** Lines by which the kernel proves that one process died: such a line is a kill with that PID, or it is not understood. */
const KERNEL_PROOFS: ReadonlySet<ProofWord> = new Set(['killed-process', 'oom-kill', 'reaped'])
const MOST_QUOTES = 20

/**
 * What proves a death by its words and became neither a kill, nor part of an event, nor was knowingly set aside. A page never says that nothing was found
 * over such a line.
 */
export const seenNotUnderstood: FindingRule = (scene) => {
  const sightings = scene.timeline.sightings ?? []
  if (sightings.length === 0) return []
  const pids = new Set(scene.kills.flatMap((kill) => (kill.pid === null ? [] : [kill.pid])))
  const loose = sightings.filter(({ pid }) => pid === null || !pids.has(pid))
  if (loose.length === 0) return []
  const read = placesRead(scene, new Set(loose.map(({ quote }) => quote.source)))
  const told = new Set(sightings.map(({ word, pid }) => `${word} ${pid}`))
  const left = unlike(loose.filter((sighting) => !isRead(sighting, read, told)))
  return left.length === 0 ? [] : [finding(left)]
}

function finding(left: readonly Quote[]): Finding {
  const one = left.length === 1
  return {
    id: 'seen-not-understood',
    statement: say`${count(left.length)} ${one ? 'line has' : 'lines have'} the words of an out-of-memory kill and could not be read as a report of one: what ${one ? 'it tells' : 'they tell'} is in no incident of this report. Look at ${one ? 'it' : 'them'} in the source; a whole, unwrapped copy of the log (${'journalctl -k -o short-iso-precise'}) can be read.`,
    workload: null,
    evidence: evidence(left.slice(0, MOST_QUOTES)),
  }
}

interface Places {
  /** Lines that a reader of a program or document quotes, or that are knowingly no kernel's. */
  readonly any: ReadonlySet<string>
  /** Lines of the kernel's reports, whichever they belong to; rows and fields of documents, which may quote one. */
  readonly kernel: ReadonlySet<string>
  /** Sources of which something was read that has no lines. */
  readonly lineless: ReadonlySet<string>
  /** What was read of lines that are too long to be quoted whole, by source and stretch of bytes. */
  readonly stretches: ReadonlySet<string>
  /** Lines that a kill quotes, with its process. */
  readonly ofKills: ReadonlyMap<string, number | null>
}

const keyOf = ({ source, line, cursor }: Quote): string => `${source}\n${line ?? cursor ?? ''}`

/** A field of a document on one line is quoted from its key on; the words may stand further into its value. */
const STRETCH = 1024
const stretchOf = (source: string, offset: number): string => `${source}\n${Math.floor(offset / STRETCH)}`

/** `told`: words with the process that they name. What a kill quotes beside its own line of the same words names another process. */
function isRead({ word, quote, pid }: Sighting, { any, kernel, lineless, stretches, ofKills }: Places, told: ReadonlySet<string>): boolean {
  if (quote.line === null && quote.cursor === null) return lineless.has(quote.source)
  const key = keyOf(quote)
  if (any.has(key) || (quote.offset !== null && stretches.has(stretchOf(quote.source, quote.offset)))) return true
  const isProof = KERNEL_PROOFS.has(word) && pid !== null
  const kill = ofKills.get(key)
  // a number that was cut is the begin of the whole one
  if (kill !== undefined) return !(isProof && told.has(`${word} ${kill}`) && !String(kill).startsWith(String(pid)))
  return kernel.has(key) && !isProof
}

/** Every place in these sources that an event or a snapshot quotes. */
function placesRead({ timeline, kills }: Scene, sources: ReadonlySet<string>): Places {
  const places = {
    any: new Set<string>(),
    kernel: new Set<string>(),
    lineless: new Set<string>(),
    stretches: new Set<string>(),
    ofKills: new Map<string, number | null>(),
  }
  const add = (to: { add(key: string): unknown }, value: unknown): void =>
    eachQuote(value, (quote) => {
      if (!sources.has(quote.source)) return
      if (quote.line === null && quote.cursor === null) places.lineless.add(quote.source)
      if (quote.line === null && quote.offset !== null)
        for (const at of [quote.offset, quote.offset + STRETCH]) places.stretches.add(stretchOf(quote.source, at))
      const lines = quote.text.split('\n').length
      for (let more = 0; more < lines; more += 1) to.add(keyOf(quote.line === null ? quote : { ...quote, line: quote.line + more }))
    })
  for (const { event } of timeline.events) {
    // What a program says of its own end proves no death: the words beside it may.
    if (event.kind === 'runtime') continue
    add(event.kind === 'kernel-oom' || event.kind === 'object-event' ? places.kernel : places.any, event)
  }
  for (const snapshot of timeline.snapshots) if (sources.has(snapshot.source)) add(places.any, snapshot)
  for (const kill of kills) add({ add: (key) => places.ofKills.set(key, kill.pid) }, kill.evidence)
  return places
}

/** Calls back for each quote inside a value of plain data. */
function eachQuote(value: unknown, found: (quote: Quote) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) eachQuote(item, found)
    return
  }
  if (isQuote(value)) found(value)
  else for (const inner of Object.values(value)) eachQuote(inner, found)
}

const isQuote = (value: object): value is Quote => 'source' in value && 'line' in value && 'text' in value && 'cursor' in value

/** Each place once, however many words stand there. */
function unlike(sightings: readonly Sighting[]): Quote[] {
  return [
    ...new Map(sightings.map(({ quote }) => [quote.line === null && quote.cursor === null ? quote.text : keyOf(quote), quote])).values(),
  ]
}
