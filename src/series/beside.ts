import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { Incident } from '../model/incident.ts'
import type { SeriesSnapshot } from '../model/series.ts'
import { subjectKey } from './subjects.ts'

/** What other series, and the status of pods, say beside a curve: its limit, its restarts, its high-water mark. */

/** Instants at which it began anew: other containers' series, the counter of restarts, the status of its pod. */
export function startsOf(parts: readonly SeriesSnapshot[], mine: readonly SeriesSnapshot[], incident: Incident): number[] {
  const [first] = parts as [SeriesSnapshot]
  return [...newContainers(parts), ...countedRestarts(first, mine), ...(first.clock === 'utc' ? startsInStatus(first, incident) : [])]
}

function startsInStatus({ of, subject }: SeriesSnapshot, incident: Incident): number[] {
  if (of !== 'container') return []
  return (
    incident.pods
      .filter(({ name }) => name === subject.pod)
      .flatMap(({ containers }) => containers.filter(({ name }) => name === subject.container))
      .flatMap(({ state, lastState }) => [state?.startedUs, lastState?.startedUs])
      .filter((us): us is number => us != null)
      // a status has whole seconds: a sample of that second is of the new run
      .map((us) => us - 1)
  )
}

/**
 * Where another container's series begins: a new run. Series of one container are no runs: replicas of a Prometheus tell of it twice, and an export may
 * come in pieces.
 */
function newContainers(parts: readonly SeriesSnapshot[]): number[] {
  const begins = new Map<string, number>()
  for (const { subject, us } of parts) {
    const id = subject.containerId ?? subject.podUid
    if (id !== null) begins.set(id, Math.min(begins.get(id) ?? Number.POSITIVE_INFINITY, us[0] ?? Number.POSITIVE_INFINITY))
  }
  // right before its first sample, which is its own
  return [...begins.values()]
    .sort((a, b) => a - b)
    .slice(1)
    .map((us) => us - 1)
}

/** Where the counter of restarts went up. */
function countedRestarts(series: SeriesSnapshot, mine: readonly SeriesSnapshot[]): number[] {
  return mine
    .filter((other) => other.metric === 'restarts' && isSame(other, series))
    .flatMap(({ us, bytes }) => us.filter((_, at) => at > 0 && (bytes[at] ?? 0) > (bytes[at - 1] ?? 0)))
}

const isSame = (a: SeriesSnapshot, b: SeriesSnapshot): boolean => a.of === b.of && a.clock === b.clock && subjectKey(a) === subjectKey(b)

/** A node's memory, as a series tells it. */
export const totalOf = (series: SeriesSnapshot, mine: readonly SeriesSnapshot[]): number | null =>
  mine.find((other) => other.metric === 'total' && isSame(other, series))?.bytes.at(-1) ?? null

/** The highest that the kernel's own mark shows: it sees what came and went between two samples. A snapshot's mark is of the whole time until somebody looked. */
export function highWaterOf(
  series: SeriesSnapshot,
  mine: readonly SeriesSnapshot[],
  endUs: number | null,
  incident: Incident,
): number | null {
  const marks = mine
    .filter((other) => other.metric === 'peak' && isSame(other, series))
    .flatMap(({ us, bytes }) => bytes.filter((_, at) => endUs === null || (us[at] ?? 0) <= endUs))
  const all = [...marks, ...marksOfSnapshots(series, incident)]
  return all.length === 0 ? null : Math.max(...all)
}

/** `memory.peak` (v2, from 5.19) and `memory.max_usage_in_bytes` (v1) of the container's or unit's own cgroup: a restart makes a new one. */
function marksOfSnapshots({ of, subject }: SeriesSnapshot, { snapshots }: Incident): number[] {
  if (of !== 'container' && of !== 'unit') return []
  return snapshots.flatMap((s) => {
    if (s.kind !== 'cgroup') return []
    const { containerId, unit } = identifyCgroup(s.path)
    const isOwn = containerId !== null ? containerId === subject.containerId : unit !== null && unit === subject.unit
    const mark = Number((s.files['memory.peak'] ?? s.files['memory.max_usage_in_bytes'])?.value ?? Number.NaN)
    return isOwn && mark > 0 ? [mark] : []
  })
}

/** The limit of the same subject as a series tells it (its last value above 0 up to `endUs`: it is often raised after the kill), else as the incident does. */
export function limitOf(series: SeriesSnapshot, mine: readonly SeriesSnapshot[], ownBytes: number | null, endUs: number): number | null {
  const told = mine.find(
    ({ metric, of, subject }) =>
      metric === 'limit' &&
      of === series.of &&
      subject.namespace === series.subject.namespace &&
      subject.pod === series.subject.pod &&
      subject.container === series.subject.container,
  )
  // 0 and 9223372036854771712 stand for none
  const last = told?.bytes.findLast(
    (value, at) => value > 0 && value < 2 ** 60 && (told.clock !== series.clock || (told.us[at] ?? 0) <= endUs),
  )
  // docker stats shows the machine's memory where a container has no limit
  if (last !== undefined) return told?.name === 'stats' ? Math.min(last, ownBytes ?? last) : last
  if (series.of === 'node' || series.of === 'runtime-heap' || series.of === 'process') return null
  return ownBytes
}
