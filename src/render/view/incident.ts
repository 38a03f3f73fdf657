import { answersOf } from '../../explain/terms.ts'
import type { Question } from '../../model/diagnosis.ts'
import type { AnyIncident, AnyReport } from '../../model/report.ts'
import { type ActionGroup, actionsOf, commandOf } from './actions.ts'
import { type AnswerView, answerView, titleOf } from './answers.ts'
import { type ConsumersView, consumersView } from './consumers.ts'
import { type EvidenceView, evidenceBook } from './evidence.ts'
import { type ExcerptView, excerptOf } from './excerpt.ts'
import { type GlanceView, glanceView } from './glance.ts'
import { type MemoryView, memoryView } from './memory.ts'
import { type Fact, type KillRow, killRows, particularsOf, whenElse } from './particulars.ts'
import { type Block, codeOf, countOf, join, phraseOf, type Rich, sentence, unknown, words } from './rich.ts'
import type { ViewSettings } from './settings.ts'
import { type TimelineView, timelineView } from './timeline.ts'
import { type Clock, spanOf } from './times.ts'
import { type UsageView, usageViews } from './usage.ts'
import { isNamed, workloadName } from './workload.ts'

export interface IncidentView {
  readonly glance: GlanceView
  readonly id: string
  readonly anchor: string
  readonly n: number
  readonly headline: Rich
  readonly host: Rich
  readonly workload: Rich
  /** The workload where it has a name, else the verdict: a heading says who. */
  readonly name: Rich
  readonly span: Rich
  readonly pattern: { readonly id: string; readonly title: string; readonly term: string; readonly short: string }
  readonly killCount: Rich
  readonly strip: readonly Fact[]
  readonly answers: readonly AnswerView[]
  readonly rootCause: AnswerView
  readonly alternatives: readonly { readonly question: string; readonly title: Rich; readonly why: Rich; readonly against: Rich }[]
  readonly actions: readonly ActionGroup[]
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

/** What else it could be, and instead of which answer: a loser must not read as the verdict. */
const insteadOf: Record<Question, string> = {
  limit: 'instead of the limit above',
  consumer: 'instead of what filled it above',
  selection: 'instead of why this one died above',
  consequence: 'instead of what came of it above',
  rootCause: 'instead of the root cause above',
}

const order = ['limit', 'consumer', 'selection', 'consequence'] as const
const killRowsShown = 40

export function incidentView(incident: AnyIncident, n: number, report: AnyReport, settings: ViewSettings): IncidentView {
  const { clock, places, ascii, detail } = settings
  const book = evidenceBook(incident, places)
  const answers = order.map((question) => answerView(question, incident.diagnosis[question], book, ascii))
  const rootCause = answerView('rootCause', incident.rootCause, book, ascii)
  const kills = killRows(incident, book, clock)
  const timeline = timelineView(report.timeline, incident, book, settings, detail.timelineRows)
  const evidence = book.first(detail.evidenceLines)
  const span = whenOf(incident, report, clock, false)
  const pattern = answersOf.pattern?.[incident.pattern]
  const host = incident.host === null ? unknown : codeOf(incident.host)
  const killCount = countOf(incident.kills.length)
  const actions = actionsOf(incident)
  const first = actions[0]?.items[0] ?? null
  const glance = glanceView(incident, { answers, rootCause, host, killCount, when: whenOf(incident, report, clock, true), first })
  return {
    glance,
    id: incident.id,
    anchor: `i-${incident.id}`,
    n,
    headline: phraseOf(incident.headline),
    host,
    workload: workloadName(incident.workload),
    name: isNamed(incident.workload) ? workloadName(incident.workload) : glance.verdict,
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
    evidence: evidence.shown,
    evidenceCount: evidence.count,
    evidenceOmitted: Math.max(0, evidence.count - detail.evidenceLines),
    excerpt: excerptOf(incident, places, detail.excerptLines),
    missing: incident.missing.map(({ text, command }) => ({
      text: sentence(phraseOf(text)),
      command: commandOf(command),
    })),
    related: incident.related.map((id) => relatedOf(id, report)),
  }
}

/** From when to when; where nothing puts it on UTC, what the first line tells of when: the printed time, or the uptime. A headline needs no fractions. */
function whenOf(incident: AnyIncident, report: AnyReport, clock: Clock, roughly: boolean): Rich {
  const { firstTime, lastTime, kills, id } = incident
  const first = kills[0] ?? report.timeline.find((row) => row.incident === id && (row.localTime ?? row.uptimeSeconds) !== null)
  if (firstTime === null && first !== undefined) return whenElse(first, roughly)
  const shown = (time: string | null): string | null => (roughly ? (time?.replace(/\.\d{1,9}Z$/, 'Z') ?? null) : time)
  return spanOf(shown(firstTime), shown(lastTime), clock)
}

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

function relatedOf(id: string, report: AnyReport): IncidentView['related'][number] {
  const other = report.incidents.find((incident) => incident.id === id)
  if (other === undefined) return { id, anchor: null, name: codeOf(id) }
  return { id, anchor: `i-${id}`, name: join(workloadName(other.workload), ...(other.host === null ? [] : [' on ', codeOf(other.host)])) }
}
