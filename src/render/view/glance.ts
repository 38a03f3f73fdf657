import type { ConsequenceId } from '../../model/ids.ts'
import type { AnyIncident } from '../../model/report.ts'
import { middleCut } from '../../text/middle-cut.ts'
import { oneLine } from '../../text/one-line.ts'
import { type ActionView, commandOf } from './actions.ts'
import type { AnswerView } from './answers.ts'
import { askedOf } from './particulars.ts'
import { type Block, join, phraseOf, type Rich, type RichPart, sentence, words } from './rich.ts'

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
  /** The first sentence of the root cause, at its longest `MOST` characters; the whole stands with its evidence. */
  readonly cause: Rich
  /** What it cost, as far as the sources tell: time without it, replicas that were not ready; that they do not tell is said. */
  readonly impact: Rich
  /** What the kernel was asked for as it ran out. */
  readonly asked: Rich | null
  /** What to collect, where nothing is advised. */
  readonly collect: { readonly text: Rich; readonly command: Block | null } | null
}

/** A sentence of the first screen is no longer than fits on a phone beside all else: a longer one ends at its last clause. */
const MOST = 200

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

/** Where nothing was killed (a refused allocation, a heap that was full), what failed is told as that. */
function statusOf({ diagnosis, kills }: AnyIncident): { readonly word: string; readonly tone: Tone } {
  const status = statuses[diagnosis.consequence.id]
  return kills.length > 0 ? status : { ...status, word: status.word.replace(/^Killed(?:, | and )?/, 'Nothing killed, ').replace(/, $/, '') }
}

const labels = ['Limit', 'Filled by', 'Why this one', 'What came of it'] as const

/** What of the incident's view the first screen shows. */
interface Shown {
  readonly answers: readonly AnswerView[]
  readonly rootCause: AnswerView
  readonly host: Rich
  readonly when: Rich
  readonly killCount: Rich
  readonly first: ActionView | null
}

export function glanceView(incident: AnyIncident, { answers, rootCause, host, when, killCount, first }: Shown): GlanceView {
  const [missing] = incident.missing
  const { word, tone } = statusOf(incident)
  const asked = askedOf(incident)
  const kills = incident.kills.length
  const verdict = incident.verdict
  return {
    status: { word, tone, shape: shapes[tone] },
    verdict: phraseOf(typeof verdict === 'string' ? verdict : oneLine(verdict, VERDICT_LENGTH)),
    context: listed([
      when.raw === null ? words('no time in the log') : when,
      ...(incident.host === null ? [] : [shortened(host)]),
      ...(kills > 1 ? [join(killCount, ' kills')] : []),
    ]),
    cells: answers.map((answer, at) => ({ label: labels[at] ?? answer.question, answer })),
    first: first === null ? null : { ...first, text: shortened(firstSentence(first.text)) },
    cause: shortened(firstSentence(rootCause.statement)),
    impact: incident.impact === undefined ? words('No source here tells of users or replicas.') : shortened(phraseOf(incident.impact)),
    asked: asked && shortened(asked),
    collect:
      first !== null || missing === undefined
        ? null
        : { text: shortened(firstSentence(sentence(phraseOf(missing.text)))), command: commandOf(missing.command) },
  }
}

/** Parts with a dot between them. */
const listed = (parts: readonly Rich[]): Rich => join(...parts.flatMap((part, at) => (at === 0 ? [part] : [' · ', part])))

/** Whole clauses up to so many characters, then `…`; names that are longer than the room lose their middle. */
export function shortened(value: Rich): Rich {
  const parts = value.rich.map((part) => (part.code === true ? { ...part, text: middleCut(part.text, 56) } : part))
  if (lengthOf(parts) <= MOST) return { ...value, rich: parts }
  const kept: RichPart[] = []
  for (const part of parts) {
    const room = MOST - lengthOf(kept)
    if (part.text.length > room) {
      const end = part.code === true ? 0 : Math.max(0, part.text.slice(0, room).search(/[,;:](?= )[^,;:]*$|\s\S*$/))
      return { rich: [...kept, { text: `${part.text.slice(0, end)}…` }], raw: value.raw }
    }
    kept.push(part)
  }
  return { ...value, rich: kept }
}

const lengthOf = (parts: readonly RichPart[]): number => parts.reduce((sum, { text }) => sum + text.length, 0)

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
