import type { ConsequenceId } from '../../model/ids.ts'
import type { AnyIncident } from '../../model/report.ts'
import { oneLine } from '../../text/one-line.ts'
import type { ActionView, AnswerView } from './answers.ts'
import { join, phraseOf, type Rich, type RichPart } from './rich.ts'

/** Longest verdict that a heading shows; names are shortened in their middle. */
const VERDICT_LENGTH = 90

export type Tone = 'danger' | 'warn' | 'calm'

/** What the first screen answers: state, verdict, the four questions in a word each, the cause, and the first thing to do. */
export interface GlanceView {
  readonly status: { readonly word: string; readonly shape: string; readonly tone: Tone }
  readonly verdict: Rich
  /** When, where, how often. */
  readonly context: Rich
  readonly cells: readonly { readonly label: string; readonly answer: AnswerView }[]
  readonly first: ActionView | null
  /** The first sentence of the root cause; the whole stands with its evidence. */
  readonly cause: Rich
}

const shapes: Readonly<Record<Tone, string>> = { danger: '■', warn: '▲', calm: '●' }

const statuses: Readonly<Record<ConsequenceId, { word: string; tone: Tone }>> = {
  'container-restarted': { word: 'Killed and restarted', tone: 'warn' },
  'container-terminated': { word: 'Killed, not running', tone: 'danger' },
  'unseen-by-kubernetes': { word: 'Killed, unseen by Kubernetes', tone: 'danger' },
  'reported-late': { word: 'Killed, reported late', tone: 'danger' },
  'pod-evicted': { word: 'Evicted', tone: 'warn' },
  'unit-failed': { word: 'Killed, unit failed', tone: 'danger' },
  'process-killed': { word: 'Killed', tone: 'danger' },
  'node-panic': { word: 'Node panicked', tone: 'danger' },
  'no-kill': { word: 'Nothing killed', tone: 'calm' },
  unknown: { word: 'Outcome unknown', tone: 'warn' },
}

const labels = ['Limit', 'Filled by', 'Why this one', 'What came of it'] as const

export function glanceView(
  incident: AnyIncident,
  answers: readonly AnswerView[],
  host: Rich,
  span: Rich,
  killCount: Rich,
  first: ActionView | null,
  rootCause: AnswerView,
): GlanceView {
  const { word, tone } = statuses[incident.diagnosis.consequence.id]
  const kills = incident.kills.length
  const verdict = incident.verdict
  return {
    status: { word, tone, shape: shapes[tone] },
    verdict: phraseOf(typeof verdict === 'string' ? verdict : oneLine(verdict, VERDICT_LENGTH)),
    context: listed([
      ...(incident.firstTime === null ? [] : [span]),
      ...(incident.host === null ? [] : [host]),
      ...(kills > 1 ? [join(killCount, ' kills')] : []),
    ]),
    cells: answers.map((answer, at) => ({ label: labels[at] ?? answer.question, answer })),
    first: first === null ? null : { ...first, text: firstSentence(first.text) },
    cause: firstSentence(rootCause.statement),
  }
}

/** Parts with a dot between them. */
const listed = (parts: readonly Rich[]): Rich => join(...parts.flatMap((part, at) => (at === 0 ? [part] : [' · ', part])))

/** Up to the first full stop that ends a sentence: followed by a blank and a capital, or by a new part. */
function firstSentence(value: Rich): Rich {
  const kept: RichPart[] = []
  for (const [at, part] of value.rich.entries()) {
    const end = part.code === true ? -1 : part.text.search(/[.!?](?= [A-Z]|$)/)
    const next = value.rich[at + 1]
    // a stop at the end of a part ends the sentence where the next part begins with a blank, or there is none
    if (end >= 0 && (end < part.text.length - 1 || next === undefined)) {
      kept.push({ ...part, text: part.text.slice(0, end + 1) })
      return { rich: kept, raw: kept.map(({ text }) => text).join('') }
    }
    kept.push(part)
  }
  return value
}
