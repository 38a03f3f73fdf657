import { markdown } from '../render/escape.ts'
import type { TemplateEngine } from '../render/templates.ts'
import { bytesText, countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import type { Fleet, FleetGroup, FleetIncident } from './fleet.ts'

/** Rows a file holds before the next one begins: pages stay quick to open, from a zip as well. */
const groupsOnIndex = 100
const incidentsPerFile = 250

export interface FleetPage {
  readonly name: string
  readonly text: string
}

/** `index.html`, `index.md`, `index.json`, and the lists behind them, paged: by time and by workload. No script: orders are files of their own. */
export function fleetPages(fleet: Fleet, engine: TemplateEngine): FleetPage[] {
  const byId = new Map(fleet.incidents.map((i) => [i.id, i]))
  const workloads = pagedGroups(fleet, byId)
  const times = paged([...fleet.incidents].reverse(), incidentsPerFile)
  const place = new Map(
    workloads.flatMap((groups, n) => groups.map(({ group, anchor }) => [group.key, `by-workload-${n + 1}.html#${anchor}`] as const)),
  )
  const view = indexView(fleet, place, times.length, workloads.length)
  return [
    { name: 'index.html', text: engine.fill('fleet.html', clean(view)) },
    { name: 'index.md', text: engine.fill('fleet.md', markdownView(fleet)) },
    { name: 'index.json', text: `${JSON.stringify(fleet, null, 1)}\n` },
    ...times.map((list, n) => ({
      name: `by-time-${n + 1}.html`,
      text: engine.fill(
        'fleet-times.html',
        clean({ ...shared(fleet), rows: list.map(incidentView), ...turning('by-time', n, times.length) }),
      ),
    })),
    ...workloads.map((list, n) => ({
      name: `by-workload-${n + 1}.html`,
      text: engine.fill(
        'fleet-workloads.html',
        clean({
          ...shared(fleet),
          groups: list.map(({ group, anchor, incidents, continued }) => ({
            ...groupView(group),
            anchor,
            continued,
            rows: incidents.map(incidentView),
          })),
          ...turning('by-workload', n, workloads.length),
        }),
      ),
    })),
  ]
}

/** Handlebars escapes markup; control characters, bidi overrides and their like are made visible here. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T
  if (Array.isArray(value)) return value.map(clean) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, clean(v)])) as T
}

const paged = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size))

interface GroupPart {
  readonly group: FleetGroup
  readonly anchor: string
  readonly incidents: readonly FleetIncident[]
  readonly continued: boolean
}

/** Groups in the index's order, each with its incidents, newest first, cut into files of about the same length. */
function pagedGroups(fleet: Fleet, byId: ReadonlyMap<string, FleetIncident>): GroupPart[][] {
  const files: GroupPart[][] = []
  let open: GroupPart[] = []
  let room = incidentsPerFile
  fleet.groups.forEach((group, index) => {
    const incidents = group.incidents
      .map((id) => byId.get(id))
      .filter((i): i is FleetIncident => i !== undefined)
      .reverse()
    for (let at = 0; at < incidents.length; ) {
      if (room === 0) {
        files.push(open)
        open = []
        room = incidentsPerFile
      }
      const part = incidents.slice(at, at + room)
      open.push({ group, anchor: at === 0 ? `g${index + 1}` : `g${index + 1}-${at}`, incidents: part, continued: at > 0 })
      at += part.length
      room -= part.length
    }
  })
  if (open.length > 0) files.push(open)
  return files.map((file) => [...file])
}

const turning = (name: string, n: number, of: number): object => ({
  page: n + 1,
  pages: of,
  several: of > 1,
  previous: n > 0 ? `${name}-${n}.html` : null,
  next: n + 1 < of ? `${name}-${n + 2}.html` : null,
})

const shared = (fleet: Fleet): object => ({
  generator: `${fleet.generator.name} ${fleet.generator.version}`,
  summary: fleet.summary,
  schemaVersion: fleet.schemaVersion,
})

const minute = (time: string | null): string => (time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 16)}`)
const span = (first: string | null, last: string | null): string =>
  minute(first) === minute(last) ? minute(first) : `${minute(first)} to ${minute(last)}`

function groupView(g: FleetGroup): Record<string, unknown> {
  return {
    workload: g.workload,
    limit: g.limitBytes === null ? g.limit : `${g.limit}, ${bytesText(g.limitBytes)}`,
    consumer: g.consumer,
    rootCauses: g.rootCauses.join(', '),
    kills: countText(g.kills),
    incidentCount: countText(g.incidents.length),
    hosts: g.hosts.length <= 2 ? g.hosts.join(', ') : `${countText(g.hosts.length)} nodes`,
    bundles: countText(g.bundles),
    span: span(g.firstTime, g.lastTime),
    isNew: g.isNew,
    columns: columns(g),
  }
}

/** The kills over time as small columns; geometry only, colours are the template's. */
function columns(g: FleetGroup): object | null {
  if (g.perHour === null || g.perHour.counts.length < 2) return null
  const { counts, hoursPerColumn } = g.perHour
  const most = Math.max(...counts)
  const width = 96 / counts.length
  const bars = counts.flatMap((n, i) =>
    n === 0
      ? []
      : [{ x: round(i * width), y: round(20 - (18 * n) / most), width: round(Math.max(1, width - 0.5)), height: round((18 * n) / most) }],
  )
  return {
    bars,
    label: `${countText(g.kills)} kills over ${countText(counts.length * hoursPerColumn)} hours, at most ${countText(most)} in ${hoursPerColumn === 1 ? 'one hour' : `${hoursPerColumn} hours`}`,
  }
}

const round = (n: number): number => Math.round(n * 100) / 100

const incidentView = (i: FleetIncident): object => ({
  ...i,
  when: minute(i.firstTime),
  killCount: countText(i.kills),
  host: i.host ?? '–',
  also:
    i.alsoIn.length > 0
      ? `also in ${i.alsoIn.slice(0, 3).join(', ')}${i.alsoIn.length > 3 ? ` and ${i.alsoIn.length - 3} more` : ''}`
      : null,
})

function indexView(fleet: Fleet, place: ReadonlyMap<string, string>, timePages: number, workloadPages: number): object {
  const byId = new Map(fleet.incidents.map((i) => [i.id, i]))
  const unexplained = fleet.unexplained.map((id) => byId.get(id)).filter((i): i is FleetIncident => i !== undefined)
  return {
    ...shared(fleet),
    counts: Object.fromEntries(Object.entries(fleet.counts).map(([k, n]) => [k, countText(n)])),
    span: span(fleet.from, fleet.to),
    newCount: countText(fleet.groups.filter((g) => g.isNew).length),
    newSince: fleet.newSince,
    groups: fleet.groups.slice(0, groupsOnIndex).map((g) => ({
      ...groupView(g),
      href: place.get(g.key) ?? 'by-workload-1.html',
      page: g.incidents.length === 1 ? byId.get(g.incidents[0] as string)?.page : null,
    })),
    groupsMore: fleet.groups.length > groupsOnIndex ? countText(fleet.groups.length - groupsOnIndex) : null,
    hosts: fleet.hosts
      .slice(0, 50)
      .map((h) => ({ ...h, span: span(h.firstTime, h.lastTime), kills: countText(h.kills), incidents: countText(h.incidents) })),
    hostsMore: fleet.hosts.length > 50 ? countText(fleet.hosts.length - 50) : null,
    unexplained: unexplained.slice(0, 50).map(incidentView),
    unexplainedCount: countText(unexplained.length),
    unexplainedMore: unexplained.length > 50 ? countText(unexplained.length - 50) : null,
    quiet: fleet.quiet.slice(0, 500),
    quietCount: countText(fleet.quiet.length),
    quietMore: fleet.quiet.length > 500 ? countText(fleet.quiet.length - 500) : null,
    unreadable: fleet.unreadable,
    none: fleet.incidents.length === 0,
    hasTimes: timePages > 0,
    hasWorkloads: workloadPages > 0,
  }
}

/** Markdown escapes nothing by itself: every value that comes from a log is escaped here, for its cell. */
function markdownView(fleet: Fleet): object {
  const cell = (text: string): string => markdown.cellText(text)
  const byId = new Map(fleet.incidents.map((i) => [i.id, i]))
  return {
    ...shared(fleet),
    summary: markdown.text(fleet.summary),
    newSince: markdown.text(fleet.newSince),
    groups: fleet.groups.slice(0, groupsOnIndex).map((g) => {
      const view = groupView(g)
      return {
        ...view,
        workload: cell(g.workload),
        hosts: cell(String(view['hosts'])),
        page: byId.get(g.incidents.at(-1) as string)?.page ?? null,
        isNew: g.isNew ? 'new' : '',
      }
    }),
    groupsMore: fleet.groups.length > groupsOnIndex ? fleet.groups.length - groupsOnIndex : null,
    hosts: fleet.hosts.slice(0, 20).map((h) => ({ ...h, host: cell(h.host), span: span(h.firstTime, h.lastTime) })),
    unexplained: fleet.unexplained
      .slice(0, 20)
      .map((id) => ({ headline: markdown.text(byId.get(id)?.headline ?? ''), page: byId.get(id)?.page ?? '' })),
    unreadable: fleet.unreadable.slice(0, 50).map((u) => ({ bundle: cell(u.bundle), reason: cell(u.reason) })),
    unreadableMore: fleet.unreadable.length > 50 ? fleet.unreadable.length - 50 : null,
    quietCount: fleet.quiet.length,
    none: fleet.incidents.length === 0,
  }
}
