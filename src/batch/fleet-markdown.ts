import { markdown } from '../render/escape.ts'
import type { Fleet } from './define-fleet.ts'
import { bundleNames, byIds, groupView, hostView, more, shared } from './fleet-views.ts'
import { plural, weekSentence } from './fleet-words.ts'

const groupsShown = 50
const hostsShown = 30
const unexplainedShown = 20
const unreadableShown = 50

/** Markdown escapes nothing by itself: every value that comes from a log is escaped here, for its cell. */
export function markdownView(fleet: Fleet): object {
  const cell = (text: string): string => markdown.cellText(text)
  const names = bundleNames(fleet)
  const pageOf = new Map(fleet.incidents.map((i) => [i.id, i.page]))
  const week = weekSentence(fleet.week)
  return {
    ...shared(fleet),
    summary: markdown.text(fleet.summary),
    week: week === null ? null : markdown.text(week),
    newSince: markdown.text(fleet.newSince),
    groups: fleet.groups.slice(0, groupsShown).map((g) => {
      const view = groupView(g, fleet)
      return {
        ...view,
        workload: cell(g.workload),
        limit: cell(String(view['limit'])),
        consumer: cell(String(view['consumer'])),
        hosts: cell(String(view['hosts'])),
        page: pageOf.get(g.incidents.at(-1) as string) ?? null,
        isNew: view['isNew'] === true ? 'new' : '',
      }
    }),
    groupsMore: more(fleet.groups.length, groupsShown),
    hosts: fleet.hosts.slice(0, hostsShown).map((h) => ({ ...hostView(h), host: cell(h.host) })),
    hostsMore: more(fleet.hosts.length, hostsShown),
    unexplained: byIds(fleet, fleet.unexplained)
      .slice(0, unexplainedShown)
      .map((i) => ({ headline: markdown.text(i.headline), page: i.page })),
    unexplainedMore: more(fleet.unexplained.length, unexplainedShown),
    unreadable: fleet.unreadable.slice(0, unreadableShown).map((u) => ({ bundle: cell(names.of(u.bundle)), reason: cell(u.reason) })),
    unreadableMore: more(fleet.unreadable.length, unreadableShown),
    quietLine: `${plural(fleet.quiet.length, 'bundle')} ${fleet.quiet.length === 1 ? 'holds' : 'hold'} no incident.`,
    none: fleet.incidents.length === 0,
    hidden: fleet.counts.hidden ?? 0,
  }
}
