import type { Confidence, ConsequenceId, ConsumerId, LimitId, Owner, PatternId, Question, RootCauseId, SelectionId, When } from './ids.ts'
import type { Quote } from './origin.ts'

export type {
  AnswerIds,
  Confidence,
  ConsequenceId,
  ConsumerId,
  LimitId,
  Owner,
  PatternId,
  Question,
  RootCauseId,
  SelectionId,
  When,
} from './ids.ts'

/** Digits of a second that an instant is stated with: as many as its source had, and no more than its uncertainty supports: s, tenths, ms, µs. */
export type InstantDigits = 0 | 1 | 3 | 6

/**
 * A sentence with typed values inside, made by the `say` tag (`text/say.ts`): every output formats and escapes the values its
 * own way. Bytes stay bytes until a renderer prints them.
 */
export type Phrase = readonly PhrasePart[]
export type PhrasePart =
  | string
  | { readonly bytes: number }
  | { readonly instantUs: number; readonly digits: InstantDigits }
  | { readonly code: string }
  | { readonly seconds: number }
  | { readonly percent: number }
  | { readonly count: number }

export interface Answer<Id extends string = string> {
  readonly id: Id
  readonly confidence: Confidence
  readonly statement: Phrase
  readonly evidence: readonly Quote[]
  /** What speaks against it, when something does (then it is no `high`). */
  readonly against: Phrase | null
}

export interface Alternative {
  readonly question: Question
  readonly id: string
  readonly why: Phrase
  readonly against: Phrase
}

export interface Recommendation {
  readonly text: Phrase
  readonly why: Phrase
  /** A shell command with real names filled in, or `null`. */
  readonly command: string | null
  readonly when: When
  /** What following it does to what runs now: "rolls every replica", "changes nothing". */
  readonly effect: Phrase
  /** The command only shows what has to be known for it: what the text asks for takes more. */
  readonly lookFirst?: boolean
  /** Whose work it is; absent: that of whoever owns the limit that was hit. */
  readonly owner?: Owner
}

export interface Missing {
  readonly text: Phrase
  readonly command: string | null
}

export interface Diagnosis {
  readonly limit: Answer<LimitId>
  readonly consumer: Answer<ConsumerId>
  readonly selection: Answer<SelectionId>
  readonly consequence: Answer<ConsequenceId>
  readonly pattern: PatternId
  readonly rootCause: Answer<RootCauseId>
  readonly alternatives: readonly Alternative[]
  readonly recommendations: readonly (Recommendation & { readonly owner: Owner })[]
  readonly missing: readonly Missing[]
}
