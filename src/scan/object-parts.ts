import type { DocumentPiece, PieceReader, PlacedPiece } from '../extract/define-extractor.ts'
import { latestUs, ordinaryNames } from '../extract/documents/ordinary.ts'
import type { FileBytes } from '../input/file.ts'
import { askedKeys, notedKeys } from '../kube/ids.ts'
import type { Event } from '../model/event.ts'
import type { DocumentFacts, Snapshot } from '../model/snapshot.ts'
import type { Warning } from '../model/warning.ts'
import { warning } from '../warnings.ts'

/** Most events of a large document that tell of no death and no memory and may matter to anybody: some 4 KiB each as they are kept. */
const MOST_OTHERS = 100_000

/** What the objects of a large document tell, piece by piece; of ordinary ones as much as is asked for. */
export interface ObjectParts {
  /** `isPlain`: all of the text so far is ASCII. */
  add(piece: DocumentPiece, isPlain: boolean): void
  /** Ordinary objects that were passed by. */
  passed(): number
  /** Bytes of the text so far, as UTF-8. */
  bytes(): number
  told(): DocumentFacts
  /** The same with those of the ordinary objects that have one of these names: their pieces are read again. */
  toldWith(names: ReadonlySet<string>, file: FileBytes): DocumentFacts
}

interface Part {
  readonly place: Omit<PlacedPiece, 'text'>
  readonly bytes: number
  /** Names of the ordinary objects that were passed by, as numbers: one that two names share costs a piece that is read in vain. */
  readonly names: Int32Array
  facts: Kept
  /** How many of `names` were asked for when `facts` was read. */
  asked: number
}

interface Kept extends DocumentFacts {
  /** How many of the events count as others. */
  readonly others: number
}

/** `choosing`: ordinary objects are passed by at first; else all are kept. */
export function openObjectParts(source: string, path: string, { read }: PieceReader, choosing: boolean): ObjectParts {
  const encoder = new TextEncoder()
  const parts: Part[] = []
  const isFirst = openFirsts()
  const latest = openLatest()
  let place = { firstLine: 1, firstByte: 0, beginsLine: true }
  let passed = 0
  let others = 0
  let left = 0

  const isOrdinary = (fact: Event | Snapshot): boolean => choosing && ordinaryNames(fact) !== null
  /** What is found is copied, else each name would hold its piece. */
  const keep = (piece: PlacedPiece, wants: (fact: Event | Snapshot) => boolean, most: number): Kept => {
    const snapshots: Snapshot[] = []
    const events: Event[] = []
    const warnings: Warning[] = []
    const candidates = new Set<Event | Snapshot>()
    const candidate = <T extends Event | Snapshot>(fact: T): T => {
      candidates.add(fact)
      return fact
    }
    const settled = <T extends Event | Snapshot>(facts: readonly T[]): T[] =>
      facts.flatMap((each) => (!candidates.has(each) ? [each] : latest.is(each) ? [structuredClone(each)] : []))
    let own = 0
    read(piece, { source, path }, (facts) => {
      for (const each of facts.snapshots)
        if (wants(each)) snapshots.push(structuredClone(each))
        else if (latest.takes(each)) snapshots.push(candidate(each))
      for (const each of facts.events) {
        if (!wants(each)) {
          if (latest.takes(each)) events.push(candidate(each))
          continue
        }
        const isCounted = isOther(each) && !isOrdinary(each)
        if (isCounted) own += 1
        if (!isCounted || own <= most) events.push(structuredClone(each))
      }
      warnings.push(...facts.warnings)
    })
    left += Math.max(0, own - most)
    return { snapshots: settled(snapshots), events: settled(events), warnings: structuredClone(warnings), others: Math.min(own, most) }
  }

  const told = (): DocumentFacts => ({
    snapshots: parts.flatMap(({ facts }) => facts.snapshots),
    events: parts.flatMap(({ facts }) => facts.events),
    warnings: [...parts.flatMap(({ facts }) => facts.warnings), ...(left === 0 ? [] : [passedBy()])],
  })
  const passedBy = (): Warning => warning('events-passed-by', source, null, { count: left, limit: MOST_OTHERS })

  return {
    add(piece, isPlain) {
      const names: number[] = []
      const wants = (fact: Event | Snapshot): boolean => {
        const known = choosing ? ordinaryNames(fact) : null
        if (known === null || isFirst(fact)) return true
        for (const name of known) names.push(...noted(name))
        passed += 1
        return false
      }
      const facts = keep({ ...piece, ...place }, wants, MOST_OTHERS - others)
      others += facts.others
      const { text, ...rest } = piece
      const bytes = isPlain ? text.length : encoder.encode(text).length
      parts.push({ place: { ...rest, ...place }, bytes, names: Int32Array.from(names), facts, asked: 0 })
      place = { firstLine: place.firstLine + breaksIn(text), firstByte: place.firstByte + bytes, beginsLine: text.endsWith('\n') }
    },
    passed: () => passed,
    bytes: () => place.firstByte,
    told,
    toldWith(asked, file) {
      const numbers = new Set([...asked].flatMap(asking))
      const wants = (fact: Event | Snapshot): boolean => {
        const known = ordinaryNames(fact)
        return known === null || isFirst(fact) || latest.is(fact) || known.some((name) => noted(name).some((number) => numbers.has(number)))
      }
      const before = left
      for (const part of parts) {
        const count = part.names.reduce((sum, name) => sum + Number(numbers.has(name)), 0)
        if (count === part.asked) continue
        part.asked = count
        part.facts = keep({ ...part.place, text: textOf(part, file) }, wants, part.facts.others)
      }
      left = before
      return told()
    },
  }
}

const isOther = (fact: Event): boolean => fact.kind === 'object-event' && !fact.ofMemory && fact.death === null

/** One pod of each node is kept, and one event, whoever they are: a node may be known by its pods only, and that there are events is a fact of the document. */
function openFirsts(): (fact: Event | Snapshot) => boolean {
  const firsts = new Map<string, string>()
  return (fact) => {
    const of = fact.kind === 'pod' ? `of ${fact.node}` : fact.kind
    const own = placeOf(fact)
    const first = firsts.get(of)
    if (first === undefined) firsts.set(of, own)
    return first === undefined || first === own
  }
}

/**
 * Of each piece the latest of its ordinary pods and events is kept, too, if none before was later: a document was read later than all that it tells of, and ages are
 * counted back from the newest of them.
 */
function openLatest(): { takes(fact: Event | Snapshot): boolean; is(fact: Event | Snapshot): boolean } {
  const latest = new Map<string, { readonly us: number; readonly place: string }>()
  const is = (fact: Event | Snapshot): boolean => latest.get(fact.kind)?.place === placeOf(fact)
  return {
    is,
    takes(fact) {
      const us = latestUs(fact)
      if (us === null || us <= (latest.get(fact.kind)?.us ?? Number.NEGATIVE_INFINITY)) return is(fact)
      latest.set(fact.kind, { us, place: placeOf(fact) })
      return true
    },
  }
}

function placeOf(fact: Event | Snapshot): string {
  const quote = 'quotes' in fact ? fact.quotes[0] : undefined
  return `${quote?.line} ${quote?.offset}`
}

function textOf({ bytes, place }: Part, file: FileBytes): string {
  const read = new Uint8Array(bytes)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(read.subarray(0, file.read(read, place.firstByte)))
}

/** As what a name is noted, and as what it is asked for. */
const noted = (name: string): number[] => notedKeys(name).map(numberOf)
const asking = (name: string): number[] => askedKeys(name).map(numberOf)

/** FNV-1a. */
function numberOf(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return hash
}

function breaksIn(text: string): number {
  let breaks = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks += 1
  return breaks
}
