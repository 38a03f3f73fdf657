import { identifyCgroup } from '../../kube/cgroup-path.ts'
import type { Finding } from '../../model/finding.ts'
import type { Kill } from '../../model/incident.ts'
import type { SeriesSnapshot } from '../../model/series.ts'
import type { CgroupSnapshot } from '../../model/snapshot.ts'
import { nameOf, subjectKey } from '../../series/subjects.ts'
import { code, count, instant, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, type Scene, sameId } from './scene.ts'

/**
 * Counters of kills that rose by more than the input shows: `container_oom_events_total` (cAdvisor, from /dev/kmsg), `node_vmstat_oom_kill` (node_exporter,
 * /proc/vmstat) between two samples, `oom_kill` of a cgroup's `memory.events` since the cgroup was made. Somebody died, and no line of it is here.
 */
export const countedKills: FindingRule = (scene) => [...ofSeries(scene), ...ofCgroups(scene)]

function ofSeries(scene: Scene): Finding[] {
  const groups = new Map<string, SeriesSnapshot[]>()
  for (const s of scene.timeline.snapshots)
    if (s.kind === 'series' && s.metric === 'oom-kills' && s.clock === 'utc')
      groups.set(`${s.of} ${subjectKey(s)}`, [...(groups.get(`${s.of} ${subjectKey(s)}`) ?? []), s])
  return [...groups.values()].flatMap((all) => {
    const [first] = all as [SeriesSnapshot]
    const from = Math.min(...all.map(({ us }) => us[0] ?? Number.POSITIVE_INFINITY))
    const to = Math.max(...all.map(({ us }) => us.at(-1) ?? 0))
    const counted = rises(all)
    const shown = scene.kills.filter((kill) => kill.killer === 'kernel' && isOf(kill, first) && isWithin(kill, from, to)).length
    if (counted <= shown) return []
    return [
      {
        id: 'kills-counted-not-shown',
        statement: say`${code(first.name)} of ${code(nameOf(first))} counted ${times(counted)} between ${instant(from)} and ${instant(to)}; of these the input shows ${shown === 0 ? 'none' : count(shown)}.`,
        workload: null,
        evidence: evidence(all[0]?.quotes.slice(-1) ?? []),
      },
    ]
  })
}

const times = (counted: number) => (counted === 1 ? say`one kill` : say`${count(counted)} kills`)

/** Replicas of a Prometheus tell of the same container twice: of like ids the largest rise counts, of several runs the sum. */
function rises(all: readonly SeriesSnapshot[]): number {
  const byRun = new Map<string, number>()
  for (const { subject, bytes } of all) {
    const rise = bytes.reduce((sum, value, at) => sum + Math.max(0, value - (bytes[at - 1] ?? value)), 0)
    const run = subject.containerId ?? ''
    byRun.set(run, Math.max(byRun.get(run) ?? 0, rise))
  }
  return Math.round([...byRun.values()].reduce((sum, rise) => sum + rise, 0))
}

const MINUTE_US = 60e6
const isWithin = ({ at }: Kill, from: number, to: number): boolean =>
  at.epochUs === null || (at.epochUs >= from - 5 * MINUTE_US && at.epochUs <= to + 5 * MINUTE_US)

function isOf({ host, workload }: Kill, { of, subject }: SeriesSnapshot): boolean {
  if (of === 'node') return isSame(host?.split('.')[0] ?? null, subject.host?.split('.')[0] ?? null)
  if (sameId(subject.containerId, workload?.containerId ?? null)) return true
  if (workload?.pod == null) return workload?.podUid != null && workload.podUid === subject.podUid
  return workload.pod === subject.pod && isSame(workload.namespace, subject.namespace) && isSame(workload.container, subject.container)
}

/** What is not known on either side may be the same. */
const isSame = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

function ofCgroups(scene: Scene): Finding[] {
  const seen = new Set<string>()
  return scene.timeline.snapshots.flatMap((snapshot) => {
    if (snapshot.kind !== 'cgroup') return []
    const { path, files, host } = snapshot
    const counter = files['memory.events.local.oom_kill'] ?? files['memory.events.oom_kill']
    const counted = Number(counter?.value ?? 0)
    const { level } = identifyCgroup(path)
    if (counter === undefined || !(counted > 0) || !['container', 'unit'].includes(level) || seen.has(`${host} ${path}`)) return []
    seen.add(`${host} ${path}`)
    const shown = scene.kills.filter((kill) => kill.killer === 'kernel' && isIn(kill, snapshot)).length
    if (counted <= shown) return []
    return [
      {
        id: 'kills-counted-not-shown',
        statement: say`${code('memory.events')} of ${code(path)} counts ${times(counted)} since this cgroup was made; of these the input shows ${shown === 0 ? 'none' : count(shown)}.`,
        workload: null,
        evidence: evidence([counter.quote]),
      },
    ]
  })
}

function isIn({ memcg, workload }: Kill, { path }: CgroupSnapshot): boolean {
  if (memcg === null) return sameId(identifyCgroup(path).containerId, workload?.containerId ?? null)
  return memcg === path || memcg.startsWith(`${path}/`)
}
