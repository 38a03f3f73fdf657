import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, isOuter, machineOf } from '../../facts/names.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import { isHostName, isPodUid } from '../../kube/ids.ts'
import { nameOfRun } from '../../kube/owner.ts'
import type { Missing, Phrase } from '../../model/diagnosis.ts'
import { say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { rfc3339 } from '../../text/values.ts'
import { presentLimit } from './need.ts'
import { targetOf } from './target.ts'

/** What to ask a Prometheus: the series of this workload or node, and how it is called in a sentence. */
interface Series {
  readonly of: Phrase
  readonly usage: string
  readonly limit: string | null
  /** The usage that stands against the limit, over a window: of a pod's own limit the sum of its containers. */
  readonly over: (window: string) => string
  /** What is true before the next kill; `null` where nothing tells the limit. */
  readonly nearLimit: string | null
}

/** The incident's own labels: namespace, pods of the owner, container; a pod's UID alone is no label of cAdvisor's, its cgroup path (`id`) is. */
export function seriesOf(facts: IncidentFacts): Series | null {
  // Of a container that holds a whole node the names inside are not its own.
  if (isOuter(facts)) return null
  const target = targetOf(facts)
  if (target !== null && target.pod !== null) {
    // What names its pods otherwise (a Pod that owns others, KubeVirt's machines) is no beginning of their names.
    const isNamed = target.kind !== null && target.pod.startsWith(`${target.name}-`)
    const pods = isNamed
      ? `${escaped(target.name)}-.+`
      : target.kind === 'pod' || (target.kind === null && target.ends)
        ? siblings(target.pod)
        : escaped(target.pod)
    const labels = [
      target.namespace === null ? '' : `namespace=${label(target.namespace)}`,
      `pod=~${label(pods)}`,
      target.container === null || isOfPod(facts) ? 'container!=""' : `container=${label(target.container)}`,
    ]
    const set = labels.filter((label) => label !== '').join(',')
    const usage = `container_memory_working_set_bytes{${set}}`
    const limit = `kube_pod_container_resource_limits{resource="memory",${set}}`
    if (!isOfPod(facts))
      return { of: groupOf(facts), usage, limit, over: plain(usage), nearLimit: `${usage} / on(namespace,pod,container) ${limit} > 0.9` }
    // The limits of its containers are others, or none.
    const sum = `sum by (namespace,pod) (${usage})`
    const size = presentLimit(facts)
    return {
      of: groupOf(facts),
      usage,
      limit,
      over: (window) => `${sum}[${window}:5m]`,
      nearLimit: size === null ? null : `${sum} > ${Math.round(size * 0.9)}`,
    }
  }
  const uid = facts.victimCgroup?.podUid ?? facts.limitCgroup?.podUid ?? null
  // The path has the UID's dashes as they are or as underscores: a dot stands for either.
  if (uid === null || !isPodUid(uid)) return null
  const usage = `container_memory_working_set_bytes{id=~".*pod${uid.replaceAll('-', '.')}.*"}`
  return { of: groupOf(facts), usage, limit: null, over: plain(usage), nearLimit: null }
}

const plain = (usage: string) => (window: string) => `${usage}[${window}]`

/** What was reached is the limit that the pod's specification sets for all its containers, or their limits' sum. */
const isOfPod = ({ limitCgroup, pod }: IncidentFacts): boolean =>
  limitCgroup?.level === 'pod' && pod !== null && (pod.limitBytes !== null || pod.containers.length > 1)

/** A name as a regular expression: of what names hold only dots are special. */
const escaped = (name: string): string => name.replaceAll('.', '\\.')

/** A pod that runs once has its history in those before it: `etl-exec-7` (Spark) in `etl-exec-.+`. */
function siblings(pod: string): string {
  const base = nameOfRun(pod)
  return base === null ? escaped(pod) : `${escaped(base)}-.+`
}

/** A label's value as PromQL takes it. */
const label = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const HOUR_US = 3_600_000_000
const MOST_HOURS = 7 * 24
/** Before a first kill with no known start a day shows a habit, and most leaks. */
const HOURS_BEFORE = 24
/** Prometheus answers 11,000 points a series at most; a curve needs a thousand. */
const POINTS = 1000

/** A range query over this incident: from the start of the run that was killed (a day before, where that is not known) to just after the last kill. */
function rangeQuery(facts: IncidentFacts, query: string): string | null {
  const kills = facts.incident.kills.map(({ at }) => at.epochUs).filter((us) => us !== null)
  const end = kills.at(-1) ?? facts.incident.last.epochUs
  const first = kills[0] ?? facts.incident.first.epochUs
  if (end == null || first == null) return null
  const begun = facts.started?.value ?? null
  const before = begun !== null && begun < first ? Math.max(first - begun + HOUR_US / 4, HOUR_US) : HOURS_BEFORE * HOUR_US
  const start = Math.max(first - before, end - MOST_HOURS * HOUR_US)
  const step = Math.max(15, Math.ceil((end - start) / 1e6 / POINTS / 15) * 15)
  const stamp = (us: number): string => rfc3339(Math.round(us / 1e6) * 1e6, 0) ?? ''
  return `promtool query range -o json --start=${stamp(start)} --end=${stamp(end + 300e6)} --step=${step}s "$PROMETHEUS_URL" ${shellWord(query)} > usage.json`
}

/** Where nothing places the kill in time: all that was seen in a week. */
const lastWeek = (usage: string): string => `promtool query instant -o json "$PROMETHEUS_URL" ${shellWord(`${usage}[7d]`)} > usage.json`

/** What would tell a leak from a peak from a limit that is too low; nothing where a curve was read. */
export function usageOverTime(facts: IncidentFacts, who: Phrase | null = null): readonly Missing[] {
  if ((ownCurve(facts)?.shape ?? 'unknown') !== 'unknown') return []
  const series = facts.scope === 'global' ? null : seriesOf(facts)
  const command =
    series === null
      ? null
      : (rangeQuery(facts, series.limit === null ? series.usage : `${series.usage} or ${series.limit}`) ?? lastWeek(series.usage))
  const added = command === null ? say`` : say` The file that the command writes can be given to oom-report beside these.`
  return [
    {
      text: say`The memory usage of ${who ?? series?.of ?? (facts.scope === 'global' ? machineOf(facts) : groupOf(facts))} over time: a plateau speaks for a low limit, a slope for a leak, a spike for a peak.${added}`,
      command: command ?? (facts.scope === 'global' ? nodeQuery(facts) : null),
    },
  ]
}

/** The machine's memory and swap, its pressure, and what the containers on it held. */
function nodeQuery(facts: IncidentFacts): string | null {
  const host = facts.incident.host
  if (host === null || !isHostName(host)) return null
  const instance = `instance=~${label(`${escaped(host)}(:.*)?`)}`
  return rangeQuery(
    facts,
    `{__name__=~"node_memory_(MemAvailable|SwapFree)_bytes|node_pressure_memory_waiting_seconds_total",${instance}} or container_memory_working_set_bytes{node=${label(host)},container!=""}`,
  )
}
