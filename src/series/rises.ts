import type { Incident } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { SeriesMetric, SeriesSnapshot } from '../model/series.ts'
import { pointsOf, quantile, until } from './points.ts'
import { isOnHost, nameOf, subjectKey } from './subjects.ts'

/** How much more a container held right before the kill than when its series began. */
export interface Rise {
  /** `shop/cart-6d5/app` */
  readonly name: string
  readonly container: string | null
  readonly riseBytes: number
  readonly lastBytes: number
  readonly quote: Quote | null
}

/** Whose memory rose before an incident: of the containers of its node, and of those of its pod. The largest rise first. */
export interface Rises {
  readonly node: readonly Rise[]
  readonly pod: readonly Rise[]
}

const PREFERRED: readonly SeriesMetric[] = ['rss', 'working-set', 'usage']
const LEAST_POINTS = 6

export function risesOf(incident: Incident): Rises {
  const series = incident.snapshots.filter(
    (s): s is SeriesSnapshot => s.kind === 'series' && s.of === 'container' && s.clock === 'utc' && PREFERRED.includes(s.metric),
  )
  if (series.length === 0) return { node: [], pod: [] }
  const onNode = new Set(
    incident.snapshots.flatMap((s) => (s.kind === 'pod' && s.node !== null && s.node === incident.host ? [s.name] : [])),
  )
  const { pod, namespace } = incident.workload ?? { pod: null, namespace: null }
  return {
    node: together(
      series.filter(
        ({ subject }) => isOnHost(subject.host, incident) || (subject.host === null && subject.pod !== null && onNode.has(subject.pod)),
      ),
      incident,
    ),
    pod: together(
      series.filter(({ subject }) => pod !== null && subject.pod === pod && (subject.namespace ?? namespace) === namespace),
      incident,
    ),
  }
}

/** One rise a container: of several of its metrics the surest. */
function together(series: readonly SeriesSnapshot[], incident: Incident): Rise[] {
  const groups = new Map<string, SeriesSnapshot[]>()
  for (const one of series) groups.set(subjectKey(one), [...(groups.get(subjectKey(one)) ?? []), one])
  return [...groups.values()]
    .map((all) => {
      const metric = PREFERRED.find((name) => all.some((one) => one.metric === name))
      return riseOf(
        all.filter((one) => one.metric === metric),
        incident.first.epochUs,
      )
    })
    .filter((rise) => rise !== null)
    .sort((a, b) => b.riseBytes - a.riseBytes || (a.name < b.name ? -1 : 1))
}

function riseOf(parts: readonly SeriesSnapshot[], endUs: number | null): Rise | null {
  const [first] = parts
  const all = pointsOf(parts.flatMap(({ us, bytes }) => us.map((at, index) => [at, bytes[index] ?? 0] as const)))
  const { bytes } = endUs === null ? all : until(all, endUs)
  if (first === undefined || bytes.length < LEAST_POINTS) return null
  const begin = quantile(bytes.slice(0, Math.max(2, Math.floor(bytes.length / 4))), 0.5)
  const lastBytes = bytes.at(-1) ?? 0
  return {
    name: nameOf(first),
    container: first.subject.container,
    riseBytes: lastBytes - begin,
    lastBytes,
    quote: first.quotes.at(-1) ?? null,
  }
}
