import { createHash } from 'node:crypto'
import { homeOf } from '../facts/names.ts'
import type { Workload } from '../model/incident.ts'
import type { AnyIncident, ReportKill } from '../model/report.ts'
import { plain } from '../report/plain.ts'
import { isNameless } from '../text/nameless.ts'
import type { IncidentRow } from './result.ts'

/** The incident as a row of the fleet view. `offset` and `length` are set by the writer. */
export function rowOf(i: AnyIncident): Omit<IncidentRow, 'offset' | 'length'> {
  return {
    id: i.id,
    headline: plain(i.headline),
    host: i.host,
    firstTime: i.firstTime,
    lastTime: i.lastTime,
    workload: workloadLabel(i),
    namespace: i.workload?.namespace ?? null,
    limit: i.diagnosis.limit.id,
    limitConfidence: i.diagnosis.limit.confidence,
    limitBytes: i.memcg?.limitBytes ?? null,
    consumer: i.diagnosis.consumer.id,
    rootCause: i.rootCause.id,
    rootCauseConfidence: i.rootCause.confidence,
    pattern: i.pattern,
    kills: i.kills.map((k) => ({ key: short(k.key), time: k.time, same: sameAs(k).map(short) })),
    page: pageName(i),
  }
}

/** Keys are only held against each other, and all of a fleet's stand in memory together. */
const short = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 16)

/**
 * What else tells that two kills are one, where one of the bundles does not name its host: kernel time to the millisecond (else the time to two seconds: each
 * stands in two spans of four, so that any two of them share one), pid, name, cgroup and size.
 */
function sameAs(k: ReportKill): string[] {
  const { pid, comm, totalVmBytes } = k.victim
  if (pid === null || comm === null) return []
  const who = `${pid}|${comm}|${k.victim.memcg ?? ''}`
  const same = k.uptimeSeconds === null ? [] : [`${k.uptimeSeconds.toFixed(3)}|${who}|${totalVmBytes ?? ''}`]
  if (k.time === null || k.timeBasis === 'assumed' || (k.timeUncertaintyMs ?? 0) > 1000) return same
  const seconds = Date.parse(k.time) / 1000
  return [...same, `${Math.floor(seconds / 4)}+0|${who}`, `${Math.floor((seconds + 2) / 4)}+2|${who}`]
}

/** Replicas and restarts of one workload share a label: the owner where it is known, a pod's name without its random ends otherwise. */
export function workloadLabel(i: AnyIncident): string {
  const w = i.workload
  const told = i.kills[0]?.victim.comm ?? null
  const comm = isNameless(told) ? null : told
  if (w === null) return comm === null ? 'unknown' : `process ${comm}`
  if (w.pod !== null || w.podUid !== null) {
    // A kernel log alone knows a pod by its UID, which no two pods share: the process is what they have in common.
    if (w.owner === null && w.pod === null && comm !== null && w.container === null) return `process ${comm} in a pod`
    const name = w.owner ?? (w.pod === null ? `pod ${w.podUid}` : `pod ${withoutRandomEnds(w.pod)}`)
    return `${w.namespace === null ? '' : `${w.namespace}/`}${name}${w.container === null ? '' : ` · ${w.container}`}`
  }
  return containerOrUnit(w, comm)
}

function containerOrUnit(w: Workload, comm: string | null): string {
  if (w.unit !== null) return w.unit
  if (w.containerId !== null) return comm === null ? `container ${w.containerId.slice(0, 12)}` : `process ${comm} in a container`
  if (w.kind === 'slurm-job' && w.owner !== null) return plain(homeOf(w))
  return comm === null ? w.kind : `process ${comm}`
}

/** `checkout-85b9f7d6c4-k2f9s` → `checkout`, `node-exporter-j2hfr` → `node-exporter`, `web-0` stays. */
const withoutRandomEnds = (pod: string): string => pod.replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$|-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '')

/** `<utc time>_<host>_<workload>_<id>.html`: stable, sortable, safe characters only, at most 120. */
export function pageName(i: AnyIncident): string {
  const time = i.firstTime === null ? 'unknown-time' : i.firstTime.replace(/\.\d+/, '').replace(/[-:]/g, '')
  const safe = (text: string, most: number): string =>
    text
      .replace(/[^A-Za-z0-9.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, most) || 'unknown'
  return `${time}_${safe(i.host ?? 'unknown-host', 32)}_${safe(workloadLabel(i), 44)}_${i.id}.html`
}
