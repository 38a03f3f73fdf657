import type { TemplateEngine } from '../render/template-engine.ts'
import { countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import type { Fleet, FleetGroup } from './define-fleet.ts'
import { columnWords, courseChart } from './fleet-charts.ts'
import { markdownView } from './fleet-markdown.ts'
import { type FleetLists, listsOf } from './fleet-paging.ts'
import { summaryParts } from './fleet-summary.ts'
import {
  bundleNames,
  byIds,
  changesOf,
  groupView,
  hostView,
  incidentView,
  marksNew,
  more,
  prose,
  shared,
  span,
  withSame,
} from './fleet-views.ts'
import { plural, titleOf, weekSentence } from './fleet-words.ts'

const groupsOnIndex = 50
const hostsOnIndex = 30
const newOnIndex = 20
const unexplainedOnIndex = 20
const namesOnIndex = 500

export interface FleetPage {
  readonly name: string
  /** Its text, in pieces: a fleet of many thousand incidents is not to stand in memory twice. */
  readonly text: Iterable<string>
}

/** `index.html`, `index.md`, `index.json`, and the lists behind them, paged: by time, by workload, by node. No script: orders are files of their own. Made one by one. */
export function* fleetPages(fleet: Fleet, engine: TemplateEngine): Generator<FleetPage, void> {
  const lists = listsOf(fleet)
  const rowOf = incidentView(bundleNames(fleet))
  function* list<T>(
    template: string,
    title: string,
    name: string,
    files: readonly T[],
    view: (file: T) => object,
  ): Generator<FleetPage, void> {
    for (const [n, file] of files.entries()) {
      const values = clean({ ...shared(fleet), title, ...view(file), ...turning(name, n, files.length) })
      yield { name: `${name}-${n + 1}.html`, text: [engine.fill(template, values)] }
    }
  }
  yield { name: 'index.html', text: [engine.fill('fleet.html', clean(indexView(fleet, lists)))] }
  yield { name: 'index.md', text: [engine.fill('fleet.md', markdownView(fleet))] }
  yield { name: 'index.json', text: jsonParts(fleet) }
  yield* list('fleet-times.html', 'Incidents by time, newest first', 'by-time', lists.times, (file) => ({ rows: file.map(rowOf) }))
  yield* list('fleet-workloads.html', 'Incidents by workload', 'by-workload', lists.workloads, (file) => ({
    groups: withSame(file.map((p) => ({ ...groupView(p.of, fleet), ...p, rows: p.incidents.map(rowOf) }))),
  }))
  yield* list('fleet-nodes.html', 'Incidents by node', 'by-node', lists.nodes, (file) => ({
    nodes: file.map((p) => ({ ...p, host: p.of, rows: p.incidents.map(rowOf) })),
  }))
}

/** What `JSON.stringify(value, null, 1)` gives and a line break, item by item of its lists. */
function* jsonParts(value: object): Generator<string, void> {
  const indented = (item: unknown, indent: string): string => JSON.stringify(item, null, 1).replaceAll('\n', `\n${indent}`)
  yield '{'
  for (const [n, [key, member]] of Object.entries(value).entries()) {
    yield `${n === 0 ? '' : ','}\n ${JSON.stringify(key)}: `
    if (!Array.isArray(member) || member.length === 0) yield indented(member, ' ')
    else {
      for (const [at, item] of member.entries()) yield `${at === 0 ? '[' : ','}\n  ${indented(item, '  ')}`
      yield '\n ]'
    }
  }
  yield '\n}\n'
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

/** New workloads, latest first; none where all count as new. */
const newGroups = (fleet: Fleet): FleetGroup[] =>
  marksNew(fleet)
    ? fleet.groups.filter((g) => g.isNew).sort((a, b) => Date.parse(b.firstTime ?? '') - Date.parse(a.firstTime ?? '') || b.kills - a.kills)
    : []

function indexView(fleet: Fleet, lists: FleetLists): object {
  const pageOf = new Map(fleet.incidents.map((i) => [i.id, i.page]))
  const linked = (g: FleetGroup): object => ({
    ...groupView(g, fleet),
    href: lists.placeOfGroup.get(g.key) ?? 'by-workload-1.html',
    page: g.incidents.length === 1 ? (pageOf.get(g.incidents[0] as string) ?? null) : null,
  })
  const fresh = newGroups(fleet)
  const week = weekSentence(fleet.week)
  return {
    ...shared(fleet),
    ...countsView(fleet),
    ...headingOf(fleet),
    week: week === null ? null : prose(week),
    changes: changesOf(fleet),
    course: courseChart(fleet.course),
    columnWords: fleet.course === null ? null : columnWords(fleet.course),
    newSince: fleet.newSince,
    newCount: marksNew(fleet) ? countText(fresh.length) : null,
    fresh: fresh.slice(0, newOnIndex).map(linked),
    freshMore: more(fresh.length, newOnIndex),
    groups: withSame(fleet.groups.slice(0, groupsOnIndex).map(linked)),
    groupsMore: more(fleet.groups.length, groupsOnIndex),
    ...tablesView(fleet, lists),
    ...bundlesView(fleet),
    none: fleet.incidents.length === 0,
    hasNodes: lists.nodes.length > 0,
  }
}

/** What there is in one line; when, whose and what was hidden or not read below it. */
function headingOf({ counts, groups, incidents }: Fleet): object {
  const { head, rest } = summaryParts(counts, groups, incidents)
  const below = rest.replace(/^[,;] /, '').replace(/^\.$/, '')
  return {
    heading: prose(head),
    summary: below === '' ? null : prose(below.charAt(0).toUpperCase() + below.slice(1)),
    hidden: counts.hidden ?? 0,
  }
}

function countsView({ counts, from, to }: Fleet): object {
  return {
    counts: Object.fromEntries(Object.entries(counts).map(([k, n]) => [k, countText(n)])),
    nodes: counts.hostsSeen > counts.hosts ? `${countText(counts.hosts)} of ${countText(counts.hostsSeen)}` : countText(counts.hosts),
    span: prose(span(from, to)),
  }
}

function tablesView(fleet: Fleet, lists: FleetLists): object {
  const unexplained = byIds(fleet, fleet.unexplained)
  return {
    limits: fleet.limits.map((l) => ({
      limit: titleOf('limit', l.limit),
      kills: countText(l.kills),
      incidents: countText(l.incidents),
      workloads: countText(l.workloads),
      consumers: l.consumers
        .slice(0, 4)
        .map((id) => titleOf('consumer', id))
        .join(', '),
    })),
    hosts: fleet.hosts.slice(0, hostsOnIndex).map((h) => ({ ...hostView(h), href: lists.placeOfNode.get(h.host) ?? 'by-node-1.html' })),
    hostsMore: more(fleet.hosts.length, hostsOnIndex),
    unexplained: unexplained.slice(0, unexplainedOnIndex).map(incidentView(bundleNames(fleet))),
    unexplainedCount: plural(unexplained.length, 'incident'),
    unexplainedMore: more(unexplained.length, unexplainedOnIndex),
  }
}

function bundlesView(fleet: Fleet): object {
  const names = bundleNames(fleet)
  return {
    bundleRoot: names.root === '' ? null : names.root,
    quiet: fleet.quiet.slice(0, namesOnIndex).map(names.of),
    quietCount: plural(fleet.quiet.length, 'bundle'),
    quietVerb: fleet.quiet.length === 1 ? 'holds' : 'hold',
    quietMore: more(fleet.quiet.length, namesOnIndex),
    unreadable: fleet.unreadable.slice(0, namesOnIndex).map(({ bundle, reason }) => ({ bundle: names.of(bundle), reason })),
    unreadableMore: more(fleet.unreadable.length, namesOnIndex),
  }
}
