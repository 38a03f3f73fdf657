import { markdown } from '../render/escape.ts'
import type { TemplateEngine } from '../render/template-engine.ts'
import { bytesText, countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import type { Fleet, FleetGroup, FleetHost, FleetIncident } from './define-fleet.ts'
import { type FleetLists, listsOf } from './fleet-paging.ts'

const groupsOnIndex = 50
const hostsOnIndex = 30
const newOnIndex = 20
const unexplainedOnIndex = 20
const namesOnIndex = 500

export interface FleetPage {
  readonly name: string
  readonly text: string
}

/** `index.html`, `index.md`, `index.json`, and the lists behind them, paged: by time, by workload, by node. No script: orders are files of their own. */
export function fleetPages(fleet: Fleet, engine: TemplateEngine): FleetPage[] {
  const lists = listsOf(fleet)
  const list = (template: string, title: string, name: string, files: readonly object[]): FleetPage[] =>
    files.map((file, n) => ({
      name: `${name}-${n + 1}.html`,
      text: engine.fill(template, clean({ ...shared(fleet), title, ...file, ...turning(name, n, files.length) })),
    }))
  return [
    { name: 'index.html', text: engine.fill('fleet.html', clean(indexView(fleet, lists))) },
    { name: 'index.md', text: engine.fill('fleet.md', markdownView(fleet)) },
    { name: 'index.json', text: `${JSON.stringify(fleet, null, 1)}\n` },
    ...list(
      'fleet-times.html',
      'Incidents by time, newest first',
      'by-time',
      lists.times.map((file) => ({ rows: file.map(incidentView) })),
    ),
    ...list(
      'fleet-workloads.html',
      'Incidents by workload',
      'by-workload',
      lists.workloads.map((file) => ({
        groups: file.map((p) => ({ ...groupView(p.of, fleet), ...p, rows: p.incidents.map(incidentView) })),
      })),
    ),
    ...list(
      'fleet-nodes.html',
      'Incidents by node',
      'by-node',
      lists.nodes.map((file) => ({ nodes: file.map((p) => ({ ...p, host: p.of, rows: p.incidents.map(incidentView) })) })),
    ),
  ]
}

/** Handlebars escapes markup; control characters, bidi overrides and their like are made visible here. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T
  if (Array.isArray(value)) return value.map(clean) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, clean(v)])) as T
}

const turning = (name: string, n: number, of: number): object => ({
  page: n + 1,
  pages: of,
  several: of > 1,
  first: n > 0 ? `${name}-1.html` : null,
  previous: n > 0 ? `${name}-${n}.html` : null,
  next: n + 1 < of ? `${name}-${n + 2}.html` : null,
  last: n + 1 < of ? `${name}-${of}.html` : null,
})

const shared = (fleet: Fleet): object => ({
  generator: `${fleet.generator.name} ${fleet.generator.version}`,
  summary: fleet.summary,
  schemaVersion: fleet.schemaVersion,
})

const minute = (time: string | null): string => (time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 16)}`)

/** `2026-11-24 07:35`, `2026-11-24 07:35 to 07:39`, `2026-11-24 07:35 to 2026-11-25 01:00`. */
function span(first: string | null, last: string | null): string {
  const [from, to] = [minute(first), minute(last)]
  if (from === to) return from
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}

const plural = (n: number, one: string): string => `${countText(n)} ${one}${n === 1 ? '' : 's'}`

/** Where everything counts as new, a mark on every row would say nothing; the sentence above says it. */
const marksNew = (fleet: Fleet): boolean => fleet.groups.some((g) => !g.isNew)

function groupView(g: FleetGroup, fleet: Fleet): Record<string, unknown> {
  return {
    workload: g.workload,
    limit: g.limit,
    size: g.limitBytes === null ? null : bytesText(g.limitBytes),
    consumer: g.consumer,
    rootCauses: g.rootCauses.slice(0, 3).join(', '),
    kills: countText(g.kills),
    incidentCount: countText(g.incidents.length),
    hosts: g.hosts.length === 0 ? '–' : g.hosts.length <= 2 ? g.hosts.join(', ') : `${countText(g.hosts.length)} nodes`,
    numbers: `${plural(g.kills, 'kill')} in ${plural(g.incidents.length, 'incident')}`,
    bundles: plural(g.bundles, 'bundle'),
    span: span(g.firstTime, g.lastTime),
    since: minute(g.firstTime),
    isNew: g.isNew && marksNew(fleet),
    columns: columns(g),
  }
}

/** The kills over time as small columns; geometry only, colours are the template's. */
function columns(g: FleetGroup): object | null {
  if (g.perHour === null || g.perHour.counts.length < 2) return null
  const { counts, hoursPerColumn } = g.perHour
  const most = counts.reduce((a, b) => Math.max(a, b))
  const width = 96 / counts.length
  const bars = counts.flatMap((n, i) => {
    const height = round(Math.max(2, (18 * n) / most))
    return n === 0 ? [] : [{ x: round(i * width), y: round(19 - height), width: round(Math.max(1, width - 0.5)), height }]
  })
  const each = hoursPerColumn === 1 ? 'one hour' : `${countText(hoursPerColumn)} hours`
  return {
    bars,
    label: `${plural(g.kills, 'kill')} over ${countText(counts.length * hoursPerColumn)} hours, at most ${countText(most)} in ${each}`,
  }
}

const round = (n: number): number => Math.round(n * 100) / 100

const incidentView = (i: FleetIncident): object => ({
  ...i,
  when: minute(i.firstTime),
  killCount: countText(i.kills),
  host: i.host ?? '–',
  unsure: i.confidence === 'low',
  further: i.furtherPages.map((href, n) => ({ href, name: `more of its kills, telling ${n + 2}` })),
  also:
    i.alsoIn.length > 0
      ? `also in ${i.alsoIn.slice(0, 3).join(', ')}${i.alsoIn.length > 3 ? ` and ${countText(i.alsoIn.length - 3)} more` : ''}`
      : null,
})

const hostView = (h: FleetHost): object => ({
  host: h.host,
  span: span(h.firstTime, h.lastTime),
  kills: countText(h.kills),
  incidents: countText(h.incidents),
})

const more = (length: number, shown: number): string | null => (length > shown ? countText(length - shown) : null)

function byIds(fleet: Fleet, ids: readonly string[]): FleetIncident[] {
  const byId = new Map(fleet.incidents.map((i) => [i.id, i]))
  return ids.map((id) => byId.get(id)).filter((i): i is FleetIncident => i !== undefined)
}

/** New workloads, latest first; none where all count as new. */
const newGroups = (fleet: Fleet): FleetGroup[] =>
  marksNew(fleet)
    ? fleet.groups.filter((g) => g.isNew).sort((a, b) => Date.parse(b.firstTime ?? '') - Date.parse(a.firstTime ?? '') || b.kills - a.kills)
    : []

function indexView(fleet: Fleet, lists: FleetLists): object {
  const unexplained = byIds(fleet, fleet.unexplained)
  const pageOf = new Map(fleet.incidents.map((i) => [i.id, i.page]))
  const linked = (g: FleetGroup): object => ({
    ...groupView(g, fleet),
    href: lists.placeOfGroup.get(g.key) ?? 'by-workload-1.html',
    page: g.incidents.length === 1 ? (pageOf.get(g.incidents[0] as string) ?? null) : null,
  })
  const fresh = newGroups(fleet)
  const { counts } = fleet
  return {
    ...shared(fleet),
    counts: Object.fromEntries(Object.entries(counts).map(([k, n]) => [k, countText(n)])),
    nodes: counts.hostsSeen > counts.hosts ? `${countText(counts.hosts)} of ${countText(counts.hostsSeen)}` : countText(counts.hosts),
    span: span(fleet.from, fleet.to),
    newSince: fleet.newSince,
    newCount: marksNew(fleet) ? countText(fresh.length) : null,
    fresh: fresh.slice(0, newOnIndex).map(linked),
    freshMore: more(fresh.length, newOnIndex),
    groups: fleet.groups.slice(0, groupsOnIndex).map(linked),
    groupsMore: more(fleet.groups.length, groupsOnIndex),
    limits: fleet.limits.map((l) => ({
      limit: l.limit,
      kills: countText(l.kills),
      incidents: countText(l.incidents),
      workloads: countText(l.workloads),
      consumers: l.consumers.slice(0, 4).join(', '),
    })),
    hosts: fleet.hosts.slice(0, hostsOnIndex).map((h) => ({ ...hostView(h), href: lists.placeOfNode.get(h.host) ?? 'by-node-1.html' })),
    hostsMore: more(fleet.hosts.length, hostsOnIndex),
    unexplained: unexplained.slice(0, unexplainedOnIndex).map(incidentView),
    unexplainedCount: plural(unexplained.length, 'incident'),
    unexplainedMore: more(unexplained.length, unexplainedOnIndex),
    quiet: fleet.quiet.slice(0, namesOnIndex),
    quietCount: plural(fleet.quiet.length, 'bundle'),
    quietVerb: fleet.quiet.length === 1 ? 'holds' : 'hold',
    quietMore: more(fleet.quiet.length, namesOnIndex),
    unreadable: fleet.unreadable.slice(0, namesOnIndex),
    unreadableMore: more(fleet.unreadable.length, namesOnIndex),
    none: fleet.incidents.length === 0,
    hasNodes: lists.nodes.length > 0,
  }
}

/** Markdown escapes nothing by itself: every value that comes from a log is escaped here, for its cell. */
function markdownView(fleet: Fleet): object {
  const cell = (text: string): string => markdown.cellText(text)
  const pageOf = new Map(fleet.incidents.map((i) => [i.id, i.page]))
  return {
    ...shared(fleet),
    summary: markdown.text(fleet.summary),
    newSince: markdown.text(fleet.newSince),
    groups: fleet.groups.slice(0, groupsOnIndex).map((g) => {
      const view = groupView(g, fleet)
      return {
        ...view,
        workload: cell(g.workload),
        hosts: cell(String(view['hosts'])),
        page: pageOf.get(g.incidents.at(-1) as string) ?? null,
        isNew: view['isNew'] === true ? 'new' : '',
      }
    }),
    groupsMore: more(fleet.groups.length, groupsOnIndex),
    hosts: fleet.hosts.slice(0, hostsOnIndex).map((h) => ({ ...hostView(h), host: cell(h.host) })),
    hostsMore: more(fleet.hosts.length, hostsOnIndex),
    unexplained: byIds(fleet, fleet.unexplained)
      .slice(0, unexplainedOnIndex)
      .map((i) => ({ headline: markdown.text(i.headline), page: i.page })),
    unexplainedMore: more(fleet.unexplained.length, unexplainedOnIndex),
    unreadable: fleet.unreadable.slice(0, 50).map((u) => ({ bundle: cell(u.bundle), reason: cell(u.reason) })),
    unreadableMore: more(fleet.unreadable.length, 50),
    quietLine: `${plural(fleet.quiet.length, 'bundle')} ${fleet.quiet.length === 1 ? 'holds' : 'hold'} no incident.`,
    none: fleet.incidents.length === 0,
  }
}
