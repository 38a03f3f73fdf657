import { html } from '../render/escape.ts'
import { sharedRoot } from '../text/shared-root.ts'
import { bytesText, countText } from '../text/values.ts'
import type { Fleet, FleetGroup, FleetHost, FleetIncident } from './define-fleet.ts'
import { sparkline } from './fleet-charts.ts'
import { plural, titleOf } from './fleet-words.ts'

/** A bundle as the pages name it: without the folder that all of them lie in. */
export interface BundleNames {
  readonly root: string
  of(bundle: string): string
}

export function bundleNames({ incidents, quiet, unreadable }: Fleet): BundleNames {
  const root = sharedRoot([...new Set([...incidents.map((i) => i.bundle), ...quiet, ...unreadable.map((u) => u.bundle)])])
  return { root, of: (bundle) => (root !== '' && bundle.startsWith(root) ? bundle.slice(root.length) : bundle) }
}

const minute = (time: string | null): string => (time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 16)}`)

/** `2026-11-24 07:35`, `2026-11-24 07:35 to 07:39`, `2026-11-24 07:35 to 2026-11-25 01:00`. */
export function span(first: string | null, last: string | null): string {
  const [from, to] = [minute(first), minute(last)]
  if (from === to) return from
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}

/** A sentence for a page, escaped as the incident pages do it: no line break inside of a date or between a number and its unit. */
export const prose = (text: string): object => ({ toHTML: () => html.text(text) })

/** Where everything counts as new, a mark on every row would say nothing; the sentence above says it. */
export const marksNew = (fleet: Fleet): boolean => fleet.groups.some((g) => !g.isNew)

export function groupView(g: FleetGroup, fleet: Fleet): Record<string, unknown> {
  return {
    workload: g.workload,
    limit: titleOf('limit', g.limit),
    size: g.limitBytes === null ? null : bytesText(g.limitBytes),
    consumer: titleOf('consumer', g.consumer),
    rootCauses: g.rootCauses
      .slice(0, 3)
      .map((id) => titleOf('rootCause', id))
      .join('; '),
    kills: countText(g.kills),
    incidentCount: countText(g.incidents.length),
    hosts: g.hosts.length === 0 ? '–' : g.hosts.length === 1 ? g.hosts[0] : `${countText(g.hosts.length)} nodes`,
    numbers: `${plural(g.kills, 'kill')} in ${plural(g.incidents.length, 'incident')}`,
    bundles: plural(g.bundles, 'bundle'),
    span: span(g.firstTime, g.lastTime),
    since: minute(g.firstTime),
    isNew: g.isNew && marksNew(fleet),
    columns: sparkline(g.perHour, fleet.course),
  }
}

/** Groups in their order, each with whether it is of the same workload as the one above. */
export const withSame = <T extends object>(views: readonly T[]): (T & { readonly same: boolean })[] =>
  views.map((view, i) => ({ ...view, same: i > 0 && workloadIn(views[i - 1]) === workloadIn(view) }))

const workloadIn = (view: object | undefined): unknown => (view as { readonly workload?: unknown } | undefined)?.workload

export const incidentView =
  (names: BundleNames) =>
  (i: FleetIncident): object => ({
    ...i,
    limit: titleOf('limit', i.limit),
    consumer: titleOf('consumer', i.consumer),
    rootCause: titleOf('rootCause', i.rootCause),
    bundle: names.of(i.bundle),
    when: minute(i.firstTime),
    killCount: countText(i.kills),
    host: i.host ?? '–',
    unsure: i.confidence === 'low',
    further: i.furtherPages.map((href, n) => ({ href, name: `more of its kills, telling ${n + 2}` })),
    also:
      i.alsoIn.length > 0
        ? `also in ${i.alsoIn.slice(0, 3).map(names.of).join(', ')}${i.alsoIn.length > 3 ? ` and ${countText(i.alsoIn.length - 3)} more` : ''}`
        : null,
  })

export const hostView = (h: FleetHost): object => ({
  host: h.host,
  span: span(h.firstTime, h.lastTime),
  kills: countText(h.kills),
  incidents: countText(h.incidents),
})

export const more = (length: number, shown: number): string | null => (length > shown ? countText(length - shown) : null)

export function byIds(fleet: Fleet, ids: readonly string[]): FleetIncident[] {
  const byId = new Map(fleet.incidents.map((i) => [i.id, i]))
  return ids.map((id) => byId.get(id)).filter((i): i is FleetIncident => i !== undefined)
}

export const shared = (fleet: Fleet): object => ({
  generator: `${fleet.generator.name} ${fleet.generator.version}`,
  summary: fleet.summary,
  schemaVersion: fleet.schemaVersion,
})

/** Workloads with more or fewer kills than the week before, in words. */
export const changesOf = ({ week }: Fleet): readonly object[] =>
  (week?.changes ?? []).map(({ workload, kills, before }) => ({
    workload,
    kills: countText(kills),
    before: countText(before),
    change:
      before === 0
        ? 'none before'
        : kills === 0
          ? 'no longer'
          : kills > before
            ? `${countText(kills - before)} more`
            : `${countText(before - kills)} fewer`,
  }))
