import { answersOf } from '../../explain/terms.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { Confidence, Question } from '../../model/ids.ts'
import type { ReportAnswerOf } from '../../model/report.ts'
import type { EvidenceBook, EvidenceRef } from './evidence.ts'
import { phraseOf, type Rich, sentence, words } from './rich.ts'

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

const questions: Record<Question, string> = {
  limit: 'Which limit was hit?',
  consumer: 'What filled it?',
  selection: 'Why did this one die?',
  consequence: 'What came of it?',
  rootCause: 'Likely root cause',
}
const shapes: Record<Confidence, string> = { high: '●●●', medium: '●●○', low: '●○○' }
const asciiShapes: Record<Confidence, string> = { high: '***', medium: '**-', low: '*--' }
export function answerView(
  field: Question,
  answer: ReportAnswerOf<Phrase | string, string>,
  book: EvidenceBook,
  ascii: boolean,
): AnswerView {
  return {
    question: questions[field],
    field,
    id: answer.id,
    title: titleOf(field, answer.id),
    term: `t-${field}-${answer.id}`,
    confidence: { word: answer.confidence, shape: (ascii ? asciiShapes : shapes)[answer.confidence] },
    statement: sentence(phraseOf(answer.statement)),
    refs: book.refs(answer.evidence, { question: field, statement: answer.statement }),
  }
}

export const titleOf = (question: string, id: string): Rich => words(answersOf[question]?.[id]?.title ?? id)
