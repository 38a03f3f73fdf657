import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { Kill } from '../model/incident.ts'
import { inTime } from './in-time.ts'
import { gapUs } from './instants.ts'

const minuteUs = 60_000_000
/** Kills of one workload under its own limit belong together with less than 24 h between two of them (contract). */
const ownGapUs = 24 * 60 * minuteUs
/** Kills under one shared shortage belong together with less than 10 minutes between two of them (contract). */
const sharedGapUs = 10 * minuteUs

interface Shortage {
  readonly key: string
  /** Other names of the same shortage: who shares one of them shares it. */
  readonly also?: readonly string[]
  /** What the same shortage is called where the container's name is lost; it counts where only one container of the pod answers to it. */
  readonly nick?: string
  readonly gapUs: number
}

/** Under which shortage a kill happened: kills of the same key and near in time are one incident. */
function shortageOf(kill: Kill): Shortage {
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

/**
 * A container restarts under a new id: its name within its pod is what stays. Without the name, the comm stands for it; whatever dies under one id
 * is the same container.
 */
function containerShortage(kill: Kill, host: string, podUid: string | null, id: string): Shortage {
  const uid = kill.target?.podUid ?? podUid
  const own = `${host}|container|${id}`
  if (uid === null) return { key: own, gapUs: ownGapUs }
  const nick = `${host}|container|${uid}|comm ${kill.comm ?? ''}`
  const name = kill.target?.container ?? null
  return name === null
    ? { key: nick, also: [own], gapUs: ownGapUs }
    : { key: `${host}|container|${uid}|${name}`, also: [own], nick, gapUs: ownGapUs }
}

function podShortage(kill: Kill, host: string, pod: string): Shortage {
  const name = kill.target?.container
  return { key: `${host}|pod|${kill.target?.podUid ?? pod}`, gapUs: name === undefined || name === null ? sharedGapUs : ownGapUs }
}

function reportedShortage(kill: Kill, host: string, node: Shortage): Shortage {
  const t = kill.target
  if (t !== null)
    return { key: `${host}|container|${t.podUid ?? `${t.namespace}/${t.pod}`}|${t.container ?? t.containerId ?? ''}`, gapUs: ownGapUs }
  const step = kill.event?.kind === 'userspace-kill' ? kill.event.monitored : null
  if (step !== null) return { key: `${host}|own|${step}`, gapUs: ownGapUs }
  return kill.workload?.unit != null ? { key: `${host}|own|${kill.workload.unit}`, gapUs: ownGapUs } : node
}

/** Splits the kills of one shortage where the gap to the one before is too long. Linear after one sort. */
export function clusters(kills: readonly Kill[]): Kill[][] {
  const byKey = new Map<string, { kill: Kill; gapUs: number }[]>()
  const texts = new Map<string, string>()
  const same = (text: string): string => {
    const known = texts.get(text) ?? text
    texts.set(text, known)
    return known
  }
  const drafts = kills.map((kill) => {
    const { key, also, nick, gapUs } = shortageOf(kill)
    return { kill, key: same(key), also, nick: nick === undefined ? nick : same(nick), gapUs }
  })
  const named = new Map<string, Set<string>>()
  for (const { key, nick } of drafts) if (nick !== undefined) named.set(nick, (named.get(nick) ?? new Set()).add(key))
  const keyOf = joinedKeys(
    drafts.map(({ kill, key, also, nick }) => [
      key,
      ...(also ?? []),
      ...(nick !== undefined && named.get(nick)?.size === 1 ? [nick] : []),
      // The one kill of a report shares its event with no other.
      ...(kill.dump?.kills.length === 1 ? [] : [`event ${kill.eventKey}`]),
    ]),
  )
  for (const { kill, key, gapUs } of drafts) {
    const joined = keyOf(key)
    const list = byKey.get(joined)
    if (list === undefined) byKey.set(joined, [{ kill, gapUs }])
    else list.push({ kill, gapUs })
  }
  const groups: Kill[][] = []
  for (const list of byKey.values()) {
    let open: Kill[] | null = null
    for (const { kill, gapUs } of inTime(list, ({ kill }) => kill.at)) {
      const last = open?.at(-1)
      if (open !== null && last !== undefined && apart(last, kill) < gapUs && !(gapUs === sharedGapUs && isRebooted(last, kill)))
        open.push(kill)
      else {
        open = [kill]
        groups.push(open)
      }
    }
  }
  return inTime(groups, ([kill]) => (kill as Kill).at)
}

/** One key for all that share a name: a group kill is one event, whatever its victims are called. */
function joinedKeys(names: readonly (readonly [string, ...string[]])[]): (key: string) => string {
  const parents = new Map<string, string>()
  const rootOf = (name: string): string => {
    let at = name
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up
    if (at !== name) parents.set(name, at)
    return at
  }
  for (const [key, ...others] of names) {
    for (const other of others) {
      const [a, b] = [rootOf(key), rootOf(other)]
      if (a !== b) parents.set(b, a)
    }
  }
  return rootOf
}

/** One source's own uptimes of two boots: a shortage of the machine ends with the boot, however long that took. */
const isRebooted = (a: Kill, b: Kill): boolean =>
  a.boot !== b.boot &&
  a.at.uptimeSeconds !== null &&
  b.at.uptimeSeconds !== null &&
  a.evidence.some((quote) => b.evidence.some((other) => other.source === quote.source))

/** Microseconds between two kills; 0 where nothing tells (a log without any stamps is one story). */
const apart = (a: Kill, b: Kill): number => Math.abs(gapUs(a.at, b.at) ?? 0)
