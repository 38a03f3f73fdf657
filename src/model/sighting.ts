import type { UserspaceKiller } from './ids.ts'
import type { Quote } from './origin.ts'

/** The words by which a line proves that something died of memory; whose they are stands with each in `witness/words.ts`. */
export type ProofWord =
  | 'killed-process'
  | 'kill-process'
  | 'oom-kill'
  | 'reaped'
  | 'victim-process'
  | 'oomkilled'
  | 'evicted'
  | 'init-killed'
  | 'unit-result'
  | 'npd'
  | UserspaceKiller

/** A place at which a death is proven by words, whatever the readers make of it. */
export interface Sighting {
  readonly word: ProofWord
  /** The process that the words name. */
  readonly pid: number | null
  readonly quote: Quote
}

/** Lines that were knowingly not read, with the proofs among them. */
export interface SetAside {
  /** `own-report`: a report that this program wrote. */
  readonly reason: 'own-report'
  /** Its first line. */
  readonly first: Quote
  /** Number of its lines. */
  readonly lines: number
  readonly sightings: readonly Sighting[]
}
