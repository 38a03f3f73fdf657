import { answersOf } from '../../explain/terms.ts'
import type { Confidence, Phrase, Question } from '../../model/diagnosis.ts'
import type { AnyIncident, AnyReport, ReportAnswerOf, ReportEvidence } from '../../model/report.ts'
import { visibleLine } from '../../text/visible.ts'
import { type ActionView, type AnswerView, commandOf } from './answers.ts'
import { type ConsumersView, consumersView } from './consumers.ts'
import { type EvidenceBook, type EvidenceView, evidenceBook, toldIn } from './evidence.ts'
import { type GlanceView, glanceView } from './glance.ts'
import { type MemoryView, memoryView } from './memory.ts'
import { type Fact, type KillRow, killRows, particularsOf, whenElse } from './particulars.ts'
import type { Places } from './places.ts'
import { type Block, countOf, join, phraseOf, plainOf, type Rich, sentence, unknown, words } from './rich.ts'
import type { ViewSettings } from './settings.ts'
import { type TimelineView, timelineView } from './timeline.ts'
import { type Clock, spanOf } from './times.ts'
import { type UsageView, usageViews } from './usage.ts'
import { workloadName } from './workload.ts'

export interface IncidentView {
  readonly glance: GlanceView
  readonly id: string
  readonly anchor: string
  readonly n: number
  readonly headline: Rich
  readonly host: Rich
  readonly workload: Rich
  readonly span: Rich
  readonly pattern: { readonly id: string; readonly title: string; readonly term: string; readonly short: string }
  readonly killCount: Rich
  readonly strip: readonly Fact[]
  readonly answers: readonly AnswerView[]
  readonly rootCause: AnswerView
  readonly alternatives: readonly { readonly question: string; readonly title: Rich; readonly why: Rich; readonly against: Rich }[]
  readonly actions: readonly { readonly title: string; readonly items: readonly ActionView[] }[]
  readonly kills: readonly KillRow[]
  readonly manyKills: boolean
  readonly killsOmitted: number
  readonly timeline: TimelineView
  readonly memory: MemoryView | null
  /** Memory over time, the victim's own first. */
  readonly usage: readonly UsageView[]
  readonly consumers: ConsumersView | null
  readonly particulars: readonly Fact[]
  readonly evidence: readonly EvidenceView[]
  readonly evidenceCount: number
  readonly evidenceOmitted: number
  readonly excerpt: ExcerptView | null
  readonly missing: readonly { readonly text: Rich; readonly command: Block | null }[]
  readonly related: readonly { readonly id: string; readonly anchor: string | null; readonly name: Rich }[]
}

export interface ExcerptView {
  readonly source: Rich
  readonly head: Block
  readonly tail: Block | null
  readonly lineCount: number
  readonly omitted: number
}

/** What else it could be, and instead of which answer: a loser must not read as the verdict. */
const insteadOf: Record<Question, string> = {
  limit: 'instead of the limit above',
  consumer: 'instead of what filled it above',
  selection: 'instead of why this one died above',
  consequence: 'instead of what came of it above',
  rootCause: 'instead of the root cause above',
}

const questions: Record<Question, string> = {
  limit: 'Which limit was hit?',
  consumer: 'What filled it?',
  selection: 'Why did this one die?',
  consequence: 'What came of it?',
  rootCause: 'Likely root cause',
}
const order = ['limit', 'consumer', 'selection', 'consequence'] as const
const shapes: Record<Confidence, string> = { high: '●●●', medium: '●●○', low: '●○○' }
const asciiShapes: Record<Confidence, string> = { high: '***', medium: '**-', low: '*--' }
const killRowsShown = 40

export function incidentView(incident: AnyIncident, n: number, report: AnyReport, settings: ViewSettings): IncidentView {
  const { clock, places, ascii, detail } = settings
  const book = evidenceBook(incident, places)
  const answers = order.map((question) => answerView(question, incident.diagnosis[question], book, ascii))
  const rootCause = answerView('rootCause', incident.rootCause, book, ascii)
  const kills = killRows(incident, book, clock)
  const timeline = timelineView(report.timeline, incident, book, settings, detail.timelineRows)
  const evidence = book.all()
  const span = whenOf(incident, report, clock, (time) => time)
  const pattern = answersOf.pattern?.[incident.pattern]
  const host = incident.host === null ? unknown : codeRich(incident.host)
  const killCount = countOf(incident.kills.length)
  const actions = actionsOf(incident)
  return {
    glance: glanceView(
      incident,
      answers,
      host,
      whenOf(incident, report, clock, wholeSecond),
      killCount,
      actions.flatMap(({ items }) => items),
      rootCause,
    ),
    id: incident.id,
    anchor: `i-${incident.id}`,
    n,
    headline: phraseOf(incident.headline),
    host,
    workload: workloadName(incident.workload),
    span,
    pattern: {
      id: incident.pattern,
      title: pattern?.title ?? incident.pattern,
      term: `t-pattern-${incident.pattern}`,
      short: pattern?.short ?? '',
    },
    killCount,
    strip: stripOf(incident, host, span, rootCause),
    answers,
    rootCause,
    alternatives: incident.alternatives.map((a) => ({
      question: insteadOf[a.question],
      title: titleOf(a.question, a.id),
      why: sentence(phraseOf(a.why)),
      against: sentence(phraseOf(a.against)),
    })),
    actions,
    kills: kills.slice(0, killRowsShown),
    manyKills: kills.length > 1,
    killsOmitted: Math.max(0, kills.length - killRowsShown),
    timeline,
    memory: incident.memory && memoryView(incident.memory, ascii),
    usage: usageViews(incident.usage, clock, ascii),
    consumers:
      incident.consumers === null || incident.consumers.rows.length === 0 ? null : consumersView(incident.consumers, incident.kills),
    particulars: particularsOf(incident, clock),
    evidence: evidence.slice(0, detail.evidenceLines),
    evidenceCount: evidence.length,
    evidenceOmitted: Math.max(0, evidence.length - detail.evidenceLines),
    excerpt: excerptOf(incident, places, detail.excerptLines),
    missing: incident.missing.map(({ text, command }) => ({
      text: sentence(phraseOf(text)),
      command: commandOf(command),
    })),
    related: incident.related.map((id) => relatedOf(id, report)),
  }
}

/** From when to when; where nothing puts it on UTC, what the first line tells of when: the printed time, or the uptime. */
function whenOf(incident: AnyIncident, report: AnyReport, clock: Clock, shown: (time: string | null) => string | null): Rich {
  const { firstTime, lastTime, kills, id } = incident
  const first = kills[0] ?? report.timeline.find((row) => row.incident === id && (row.localTime ?? row.uptimeSeconds) !== null)
  return firstTime === null && first !== undefined ? whenElse(first) : spanOf(shown(firstTime), shown(lastTime), clock)
}

/** A headline needs no fractions; the timeline has them. */
const wholeSecond = (time: string | null): string | null => time?.replace(/\.\d{1,9}Z$/, 'Z') ?? null

const codeRich = (text: string): Rich => ({ rich: [{ text, code: true }], raw: text })

function answerView(field: Question, answer: ReportAnswerOf<Phrase | string, string>, book: EvidenceBook, ascii: boolean): AnswerView {
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

const titleOf = (question: string, id: string): Rich => words(answersOf[question]?.[id]?.title ?? id)

function stripOf(incident: AnyIncident, host: Rich, span: Rich, rootCause: AnswerView): Fact[] {
  const { pattern } = incident
  const kills = incident.kills.length
  return [
    { label: 'Host', value: host },
    { label: 'Workload', value: workloadName(incident.workload) },
    {
      label: 'Kills',
      value:
        kills === 0
          ? words('none')
          : join(countOf(kills), pattern === 'single' ? '' : `, ${answersOf.pattern?.[pattern]?.title ?? pattern}`),
    },
    { label: 'When', value: span },
    {
      label: 'Likely root cause',
      value: join(rootCause.title, ` (confidence ${rootCause.confidence.word} ${rootCause.confidence.shape})`),
    },
  ]
}

const groups = [
  { when: 'now', title: 'Now' },
  { when: 'find', title: 'To find the cause' },
  { when: 'prevent', title: 'So that it does not return' },
] as const

function actionsOf(incident: AnyIncident): IncidentView['actions'] {
  let n = 0
  return groups
    .map(({ when, title }) => ({
      title,
      items: incident.recommendations
        .filter((r) => r.when === when)
        .map((r) => {
          n += 1
          return {
            n,
            text: sentence(phraseOf(r.text)),
            why: sentence(phraseOf(r.why)),
            command: commandOf(r.command),
          }
        }),
    }))
    .filter(({ items }) => items.length > 0)
}

function excerptOf(incident: AnyIncident, places: Places, most: number): ExcerptView | null {
  const { excerpt } = incident
  if (excerpt === null || excerpt.lines.length === 0 || most <= 0) return null
  const { lines } = excerpt
  const width = String(Math.max(...lines.map(({ line }) => line ?? 0))).length
  const printed = lines.map((one) => `${one.line === null ? '' : `${String(one.line).padStart(width)}  `}${shownLine(one, places)}`)
  const cut = printed.length > most
  const head = cut ? printed.slice(0, Math.ceil(most / 2)) : printed
  const tail = cut ? printed.slice(printed.length - Math.floor(most / 2)) : []
  return {
    source: places.source(lines[0]?.source ?? ''),
    head: { block: head, language: 'text' },
    tail: tail.length === 0 ? null : { block: tail, language: 'text' },
    lineCount: head.length + tail.length,
    omitted: printed.length - head.length - tail.length + excerpt.omitted,
  }
}

/** A JSON record says in its message what it says; any other line stands as it is. */
const shownLine = (quote: ReportEvidence, places: Places): string =>
  quote.text.startsWith('{') ? plainOf(toldIn(quote, places)) : visibleLine(quote.text)

function relatedOf(id: string, report: AnyReport): IncidentView['related'][number] {
  const other = report.incidents.find((incident) => incident.id === id)
  if (other === undefined) return { id, anchor: null, name: codeRich(id) }
  return { id, anchor: `i-${id}`, name: join(workloadName(other.workload), ...(other.host === null ? [] : [' on ', codeRich(other.host)])) }
}
