import type { LimitId } from '../model/ids.ts'
import type { AnyIncident, AnyReport } from '../model/report.ts'
import { type EvictionChart, evictionChart } from './charts/eviction-chart.ts'
import { type MemoryChart, memoryChart } from './charts/memory-chart.ts'
import { timelineChart } from './charts/timeline-chart.ts'
import { besideOf, type UsageChart, usageChart } from './charts/usage-chart.ts'
import { type ZonesChart, zonesChart } from './charts/zones-chart.ts'
import type { OutputNeeds, OutputOptions, Render } from './define-output.ts'
import { html, markdown } from './escape.ts'
import { fitted, printed, sizeOf, tidy } from './fit.ts'
import { loadTools, type RenderTools } from './tools.ts'
import type { IncidentView } from './view/incident.ts'
import type { ReportView } from './view/index.ts'
import type { Rich } from './view/rich.ts'
import { type Detail, fullDetail } from './view/settings.ts'
import { hasTerm } from './view/terms.ts'

/** A page stays below 1 MiB, of which some characters take two or three bytes (an ordinary incident is under 300 KB). */
const mostCharacters = 1_000_000
const cutNote = '<p>Cut here; the JSON report holds the rest.</p>'

export async function load(needs: OutputNeeds): Promise<Render> {
  const tools = await loadTools(needs, true)
  return (report, options) => {
    const short = shortMarkdown(report, options, tools)
    return fitted(mostCharacters, cutNote, sizeOf(report), (detail) => page(report, options, tools, { detail, short }))
  }
}

interface PageParts {
  readonly detail: Detail
  /** The short form to copy. */
  readonly short: string
}

function page(report: AnyReport, options: OutputOptions, { engine, clock }: RenderTools, { detail, short }: PageParts): string {
  const view = printed(report, { ...options, ascii: false }, clock, html, detail, (v) => additions(v, report, short))
  return tidy(options.template === null ? engine.fill('report.html', view) : engine.fillOwn(options.template, 'report.html', view))
}

/** What only a page has: charts, footnotes that lead somewhere, the short form to copy. */
function additions(view: ReportView, report: AnyReport, short: string): object {
  const link = <T extends { readonly term: string }>(answer: T): T & { termHref: string | null } => ({
    ...answer,
    termHref: hasTerm(view.terms, answer.term) ? `#${answer.term}` : null,
  })
  const copy = { block: short.trimEnd().split('\n'), language: 'text' }
  return {
    short: copy,
    incidents: view.incidents.map((incident) => {
      const { memory, usage: usages, diagnosis, eviction } = report.incidents[incident.n - 1] as AnyIncident
      const seconds = usages.map((one) => besideOf(one, usages))
      const usage = incident.usage.map((one, at) => ({
        ...one,
        // what is drawn in another one's picture needs none of its own
        chart: seconds.includes(usages[at] ?? null) ? null : usageChart(usages[at], `u${at}-${incident.id}`, seconds[at]),
      }))
      const chart = memory === null ? null : memoryChart(memory, incident.id)
      const zones = memory === null ? null : zonesChart(memory, diagnosis.limit.id)
      const overTime = usages[0]?.of === 'node' ? null : (usage[0]?.chart ?? null)
      return {
        ...incident,
        picture: pictureOf(
          incident,
          overTime,
          usage[0]?.message,
          zones,
          evictionChart(eviction),
          ofWhole(diagnosis.limit.id, memory) ? chart : null,
        ),
        // a partial does not see what is around it
        several: view.several,
        placesNote: view.placesNote,
        short: view.several ? null : copy,
        overview: view.several && incident.n === 1 ? { lead: view.lead, incidents: view.incidents } : null,
        ...evidenceParts(incident),
        actions: incident.actions.map((group) => ({
          ...group,
          // the first one's stands on the first screen already
          items: group.items.map((item) => (item.n === 1 && item.command !== null ? { ...item, command: null, isAbove: true } : item)),
        })),
        // levels of headings: none is skipped, whether the incident is the page or a part of it
        h: view.several ? 3 : 2,
        hh: view.several ? 4 : 3,
        answers: incident.answers.map(link),
        rootCause: link(incident.rootCause),
        glance: { ...incident.glance, cells: incident.glance.cells.map((cell) => ({ ...cell, answer: link(cell.answer) })) },
        timelineChart: timelineChart(incident.timeline, incident.id),
        usage: overTime === null ? usage : usage.map((one, at) => (at === 0 ? { ...one, chart: null } : one)),
        memoryChart: overTime === null && zones === null ? null : chart,
      }
    }),
  }
}

/** So many quoted lines stand open and on paper; fifteen wrappings of one log all quote the same. */
const QUOTED = 16

function evidenceParts({ evidence, evidenceCount, evidenceOmitted }: IncidentView): object {
  const shown = evidence.length <= QUOTED + 4 ? evidence : evidence.slice(0, QUOTED)
  const folded = evidence.slice(shown.length)
  return { evidence: shown, evidenceFolded: folded, evidenceRest: evidenceCount - evidenceOmitted - shown.length }
}

/** Where only some nodes or a zone ran out, and no figures of theirs are in the log, the machine's bar would show what did not. */
const ofWhole = (limit: LimitId, memory: AnyIncident['memory']): boolean =>
  memory?.scope !== 'machine' || !(limit === 'cpuset' || limit === 'memory-policy' || limit === 'memory-zone')

/** One picture at the top: memory over time where it is told, the zone that ran dry, else what the memory was filled with. */
function pictureOf(
  { memory }: IncidentView,
  usage: UsageChart | null,
  message: Rich | undefined,
  zones: ZonesChart | null,
  eviction: EvictionChart | null,
  chart: MemoryChart | null,
): object | null {
  if (usage !== null) return { usage, message }
  if (zones !== null) return { zones }
  if (eviction !== null) return { eviction }
  return chart === null ? null : { memory: chart, message: memory?.message }
}

function shortMarkdown(report: AnyReport, options: OutputOptions, { engine, clock }: RenderTools): string {
  const detail = { ...fullDetail, excerptLines: 0, timelineRows: 0, evidenceLines: 10, incidents: 10 }
  return tidy(engine.fill('short.md', printed(report, options, clock, markdown, detail)))
}
