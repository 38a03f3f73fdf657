import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { Kill } from '../model/incident.ts'
import { before } from './kills.ts'

const minuteUs = 60_000_000
/** Kills of one workload under its own limit belong together with less than 24 h between two of them (contract). */
const ownGapUs = 24 * 60 * minuteUs
/** Kills under one shared shortage belong together with less than 10 minutes between two of them (contract). */
const sharedGapUs = 10 * minuteUs

/** Under which shortage a kill happened: kills of the same key and near in time are one incident. */
export function shortageOf(kill: Kill): { readonly key: string; readonly gapUs: number } {
  const host = kill.host ?? ''
  const node = { key: `${host}|node`, gapUs: sharedGapUs }
  if (kill.killer === 'kubelet') return node
  if (kill.killer === 'slurm' || kill.killer === 'yarn')
    return { key: `${host}|${kill.killer}|${kill.memcg ?? kill.pid ?? ''}`, gapUs: ownGapUs }
  if (kill.killer !== 'kernel' && kill.killer !== 'unknown') return { key: `${host}|${kill.killer}`, gapUs: sharedGapUs }
  const { dump } = kill
  if (dump === null) return reportedShortage(kill, host, node)
  if (dump.oomMemcg === null)
    return dump.scope === 'memcg' ? { key: `${host}|memcg|${kill.memcg ?? kill.comm ?? ''}`, gapUs: ownGapUs } : node
  const limit = identifyCgroup(dump.oomMemcg)
  switch (limit.level) {
    case 'kubepods':
    case 'qos':
    case 'root':
      return node
    case 'container':
      return containerShortage(kill, host, limit.podUid, limit.containerId ?? dump.oomMemcg)
    case 'pod':
      return podShortage(kill, host, limit.podUid ?? dump.oomMemcg)
    case 'slice':
      return { key: `${host}|slice|${dump.oomMemcg}`, gapUs: kill.memcg === dump.oomMemcg ? ownGapUs : sharedGapUs }
    default:
      return { key: `${host}|own|${dump.oomMemcg}`, gapUs: ownGapUs }
  }
}

/** A container restarts under a new id: its name within its pod is what stays. Without the name, the comm stands for it. */
function containerShortage(kill: Kill, host: string, podUid: string | null, id: string): { key: string; gapUs: number } {
  const uid = kill.target?.podUid ?? podUid
  if (uid === null) return { key: `${host}|container|${id}`, gapUs: ownGapUs }
  return { key: `${host}|container|${uid}|${kill.target?.container ?? `comm ${kill.comm ?? ''}`}`, gapUs: ownGapUs }
}

function podShortage(kill: Kill, host: string, pod: string): { key: string; gapUs: number } {
  const name = kill.target?.container
  return { key: `${host}|pod|${kill.target?.podUid ?? pod}`, gapUs: name === undefined || name === null ? sharedGapUs : ownGapUs }
}

function reportedShortage(kill: Kill, host: string, node: { key: string; gapUs: number }): { key: string; gapUs: number } {
  const t = kill.target
  if (t !== null)
    return { key: `${host}|container|${t.podUid ?? `${t.namespace}/${t.pod}`}|${t.container ?? t.containerId ?? ''}`, gapUs: ownGapUs }
  return kill.workload?.unit != null ? { key: `${host}|own|${kill.workload.unit}`, gapUs: ownGapUs } : node
}

/** Splits the kills of one shortage where the gap to the one before is too long. Linear after one sort. */
export function clusters(kills: readonly Kill[]): Kill[][] {
  const byKey = new Map<string, { kill: Kill; gapUs: number }[]>()
  for (const kill of kills) {
    const { key, gapUs } = shortageOf(kill)
    const list = byKey.get(key)
    if (list === undefined) byKey.set(key, [{ kill, gapUs }])
    else list.push({ kill, gapUs })
  }
  const groups: Kill[][] = []
  for (const list of byKey.values()) {
    list.sort((a, b) => before(a.kill.at, b.kill.at))
    let open: Kill[] | null = null
    for (const { kill, gapUs } of list) {
      const last = open?.at(-1)
      if (open !== null && last !== undefined && apart(last, kill) < gapUs) open.push(kill)
      else {
        open = [kill]
        groups.push(open)
      }
    }
  }
  return groups.sort((a, b) => before((a[0] as Kill).at, (b[0] as Kill).at))
}

/** Microseconds between two kills; 0 where nothing tells (a log without any stamps is one story). */
function apart(a: Kill, b: Kill): number {
  if (a.at.epochUs !== null && b.at.epochUs !== null) return b.at.epochUs - a.at.epochUs
  if (a.boot === b.boot && a.at.uptimeSeconds !== null && b.at.uptimeSeconds !== null)
    return (b.at.uptimeSeconds - a.at.uptimeSeconds) * 1e6
  return 0
}
