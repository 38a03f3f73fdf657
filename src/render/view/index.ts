import type { AnyReport } from '../../model/report.ts'
import { countText } from '../../text/values.ts'
import { type EmptyView, emptyView } from './empty.ts'
import { toldIn } from './evidence.ts'
import { type IncidentView, incidentView } from './incident.ts'
import { placesOf } from './places.ts'
import { codeOf, countOf, dash, join, phraseOf, type Rich, words } from './rich.ts'
import type { ViewSettings } from './settings.ts'
import { type TermView, termsOf } from './terms.ts'
import { spanOf } from './times.ts'

export interface ReportView {
  readonly title: Rich
  readonly several: boolean
  /** One sentence over several incidents. */
  readonly lead: Rich | null
  /** How many incidents, hosts and kills, in a line. */
  readonly count: Rich | null
  readonly incidents: readonly IncidentView[]
  readonly incidentsOmitted: number
  readonly empty: EmptyView | null
  readonly findings: readonly {
    readonly id: string
    readonly statement: Rich
    readonly places: readonly { readonly place: Rich; readonly line: Rich; readonly told: Rich }[]
  }[]
  readonly warnings: readonly Rich[]
  readonly warningsOmitted: number
  readonly sources: readonly {
    readonly name: Rich
    readonly format: Rich
    readonly lines: Rich
    readonly span: Rich
    readonly host: Rich
  }[]
  readonly sourcesOmitted: number
  /** What all places have in common, said once. */
  readonly placesNote: Rich | null
  readonly terms: readonly TermView[]
  readonly generator: string
  readonly schemaVersion: number
  readonly zoneNote: string
}

const mostWarnings = 50
const mostSources = 100
const mostFindingQuotes = 5

/** The whole report, ready to print: every value in words with its raw number beside it. What is shown and in which order is decided here. */
export function reportView(report: AnyReport, given: Omit<ViewSettings, 'places'>): ReportView {
  const { clock, detail } = given
  const places = placesOf(report)
  const settings = { ...given, places }
  const shown = report.incidents.slice(0, detail.incidents)
  const incidents = shown.map((incident, i) => incidentView(incident, i + 1, report, settings))
  const several = report.incidents.length > 1
  const empty = report.incidents.length === 0 ? emptyView(report, clock) : null
  const lead = several ? leadOf(report, settings) : null
  return {
    title: empty?.headline ?? lead ?? (incidents[0]?.glance.verdict as Rich),
    several,
    lead,
    count: several ? countOfAll(report) : null,
    incidents,
    incidentsOmitted: report.incidents.length - shown.length,
    empty,
    findings: report.findings.map(({ id, statement, evidence }) => ({
      id,
      statement: phraseOf(statement),
      places: evidence
        .slice(0, mostFindingQuotes)
        .map((quote) => ({ place: places.of(quote), line: codeOf(quote.text), told: toldIn(quote, places) })),
    })),
    warnings: report.warnings.slice(0, mostWarnings).map(words),
    warningsOmitted: Math.max(0, report.warnings.length - mostWarnings),
    sources: report.sources.slice(0, mostSources).map((source) => ({
      name: codeOf(source.name),
      format: codeOf(source.format),
      lines: countOf(source.lines),
      span: spanOf(source.from, source.to, clock, dash),
      host: source.host === null ? dash : codeOf(source.host),
    })),
    sourcesOmitted: Math.max(0, report.sources.length - mostSources) + report.quietSources.count,
    placesNote: places.note,
    terms: termsOf(incidents),
    generator: `${report.generator.name} ${report.generator.version}`,
    schemaVersion: report.schemaVersion,
    zoneNote: clock.zone === null ? 'All times are UTC.' : 'All times are UTC, the named zone in parentheses.',
  }
}

/** `14 incidents on 6 hosts, 92 kills` */
function countOfAll({ incidents }: AnyReport): Rich {
  const hosts = new Set(incidents.map(({ host }) => host).filter((host) => host !== null)).size
  const kills = incidents.reduce((sum, incident) => sum + incident.kills.length, 0)
  const where = hosts === 0 ? '' : ` on ${countText(hosts)} host${hosts === 1 ? '' : 's'}`
  return words(`${countText(incidents.length)} incidents${where}, ${countText(kills)} kill${kills === 1 ? '' : 's'}`)
}

/** "14 incidents on 6 hosts, … ; 9 are a workload that reached its own limit." */
function leadOf(report: AnyReport, { clock }: Pick<ViewSettings, 'clock'>): Rich {
  const { incidents } = report
  const times = incidents
    .flatMap(({ firstTime, lastTime }) => [firstTime, lastTime])
    .filter((time) => time !== null)
    .sort()
  const own = incidents.filter(({ diagnosis }) =>
    ['container-limit', 'pod-limit', 'unit-limit', 'cgroup-limit'].includes(diagnosis.limit.id),
  ).length
  // seconds are enough in a sentence over many
  const whole = (time: string | undefined): string => (time ?? '').replace(/\.\d+Z$/, 'Z')
  const span = times.length === 0 ? [] : [', ', spanOf(whole(times[0]), whole(times.at(-1)), clock)]
  const limit =
    own === 0
      ? ''
      : own === incidents.length
        ? '; in each a workload reached its own limit'
        : `; in ${own === 1 ? 'one' : own} of them a workload reached its own limit`
  return join(countOfAll(report), ...span, `${limit}.`)
}
