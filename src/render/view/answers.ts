import type { Confidence, Question } from '../../model/ids.ts'
import type { EvidenceRef } from './evidence.ts'
import type { Block, Rich } from './rich.ts'

export interface ConfidenceView {
  readonly word: Confidence
  readonly shape: string
}

export interface AnswerView {
  readonly question: string
  readonly field: Question
  readonly id: string
  readonly title: Rich
  /** Id of the term's footnote. */
  readonly term: string
  readonly confidence: ConfidenceView
  readonly statement: Rich
  readonly refs: readonly EvidenceRef[]
}

export interface ActionView {
  readonly n: number
  readonly text: Rich
  readonly why: Rich
  readonly command: Block | null
}

export const commandOf = (command: string | null): Block | null =>
  command === null ? null : { block: command.split('\n'), language: 'sh' }
