import type { AnyIncident, ReportKill } from '../../model/report.ts'
import { isNameless } from '../../text/nameless.ts'
import { printedTimeText, secondsText } from '../../text/values.ts'
import type { EvidenceBook, EvidenceRef } from './evidence.ts'
import { bytesOf, codeOf, countOf, dash, join, numberOf, type Rich, words } from './rich.ts'
import { type Clock, timeOf } from './times.ts'
import { workloadFacts } from './workload.ts'

export interface Fact {
  readonly label: string
  readonly value: Rich
}

export interface KillRow {
  readonly time: Rich
  readonly victim: Rich
  readonly killer: Rich
  readonly anon: Rich
  readonly resident: Rich
  readonly adj: Rich
  readonly badness: Rich
  readonly memcg: Rich
  readonly refs: readonly EvidenceRef[]
}

export function killRows(incident: AnyIncident, book: EvidenceBook, clock: Clock): KillRow[] {
  return incident.kills.map((kill) => ({
    time: timeOf(kill.time, kill.timeUncertaintyMs, clock, whenElse(kill)),
    victim: victimName(kill),
    killer: words(kill.killer === 'unknown' ? 'not in the log' : kill.killer),
    anon: bytesOf(kill.victim.anonRssBytes),
    resident: bytesOf(residentOf(kill)),
    adj: numberOf(kill.victim.oomScoreAdj),
    badness: countOf(kill.victim.badness),
    memcg: kill.victim.memcg === null ? dash : codeOf(kill.victim.memcg),
    refs: book.refs(kill.evidence),
  }))
}

function victimName(kill: ReportKill): Rich {
  const { comm, pid } = kill.victim
  if (comm === null || isNameless(comm)) return pid === null ? words('not in the log') : words(`PID ${pid}`)
  return pid === null ? codeOf(comm) : join(codeOf(comm), ` (${pid})`)
}

/** A time that cannot be placed on UTC: as it was printed, or by the kernel's own clock; a headline has no microseconds. */
export function whenElse(kill: Pick<ReportKill, 'localTime' | 'uptimeSeconds'>, roughly = false): Rich {
  if (kill.localTime !== null) return join(codeOf(printedTimeText(kill.localTime)), ' (zone not in the log)')
  const { uptimeSeconds: uptime } = kill
  if (uptime !== null && roughly) return words(`${secondsText(uptime)} after boot`)
  return uptime === null ? dash : words(`${uptime} s after boot${uptime < 60 ? '' : ` (${secondsText(uptime)})`}`)
}

function residentOf({ victim }: ReportKill): number | null {
  const parts = [victim.anonRssBytes, victim.fileRssBytes, victim.shmemRssBytes]
  return parts.every((part) => part === null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
}

const constraints = { none: 'none (whole machine)', memcg: 'memory cgroup', cpuset: 'cpuset', memory_policy: 'memory policy' } as const
const bases = {
  absolute: 'printed with its zone',
  anchored: 'converted through another clock in the logs',
  assumed: 'zone or year assumed, see the warnings',
} as const

/** What a kernel engineer wants to check: the first kill, the request that failed, the groups, the kernel. Only what is known. */
export function particularsOf(incident: AnyIncident, clock: Clock): readonly Fact[] {
  const kill = incident.kills[0]
  const facts: Fact[] = []
  const add = (label: string, value: Rich | null): void => {
    if (value !== null && value.raw !== null) facts.push({ label, value })
  }
  if (kill !== undefined) addKill(add, kill, clock)
  const memcg = kill?.memcg ?? incident.memcg
  if (memcg !== null) {
    add('Limited memcg', memcg.path === null ? null : codeOf(memcg.path))
    add('Limit', bytesOf(memcg.limitBytes))
    add('Usage', bytesOf(memcg.usageBytes))
    add('Times at the limit (failcnt)', countOf(memcg.failcnt))
  }
  const { kernel } = incident
  add('Request', requestOf(incident))
  add('Kernel', kernel.release === null ? null : codeOf(kernel.release))
  add('cgroup version', kernel.cgroupVersion === null ? null : words(`v${kernel.cgroupVersion}`))
  add('Page size', kernel.pageBytes === null ? null : join(bytesOf(kernel.pageBytes), kernel.pageBytesAssumed ? ' (assumed)' : ''))
  for (const fact of workloadFacts(incident.workload)) add(fact.label, fact.value)
  return facts
}

function addKill(add: (label: string, value: Rich | null) => void, kill: ReportKill, clock: Clock): void {
  const { victim } = kill
  add('Killed', join(victimName(kill), victim.uid === null ? '' : `, uid ${victim.uid}`))
  add('Command line', victim.commandLine && join(codeOf(victim.commandLine.text), ' from ', codeOf(victim.commandLine.from)))
  add('Killed by', kill.killer === 'unknown' ? null : words(kill.killer))
  add(
    'Time',
    kill.time === null
      ? null
      : join(timeOf(kill.time, kill.timeUncertaintyMs, clock), kill.timeBasis === null ? '' : ` (${bases[kill.timeBasis]})`),
  )
  add('Time as printed', kill.localTime === null ? null : codeOf(kill.localTime))
  add('Time since boot', kill.uptimeSeconds === null ? null : words(`${kill.uptimeSeconds} s (${secondsText(kill.uptimeSeconds)})`))
  add('anon-rss', bytesOf(victim.anonRssBytes))
  add('file-rss', bytesOf(victim.fileRssBytes))
  add('shmem-rss', bytesOf(victim.shmemRssBytes))
  add('Page tables', bytesOf(victim.pgtablesBytes))
  add('Swap', bytesOf(victim.swapBytes))
  add('total-vm', bytesOf(victim.totalVmBytes))
  add('oom_score_adj', numberOf(victim.oomScoreAdj))
  const unit = victim.badnessUnit === null ? '' : ` ${victim.badnessUnit}`
  const rank = victim.rank === null ? '' : `, rank ${victim.rank}`
  add('Badness (recomputed)', victim.badness === null ? null : join(countOf(victim.badness), `${unit}${rank}`))
  add('Its memcg', victim.memcg === null ? null : codeOf(victim.memcg))
  add('Constraint', kill.constraint === null ? null : words(constraints[kill.constraint]))
}

/** The same in a line of the first screen: who asked, for how much, with which flags. */
export function askedOf({ kills: [kill], kernel }: AnyIncident): Rich | null {
  const order = kill?.trigger?.order ?? kernel.order
  if (order === null || order < 0) return null
  const { comm = null, gfpMask = null } = kill?.trigger ?? {}
  const mask = kernel.gfpFlags.join('|') || gfpMask
  const flags = mask === null ? '' : join(', ', codeOf(mask))
  return join(...(comm === null ? [] : [codeOf(comm), ' asked: ']), `order ${order}`, flags)
}

function requestOf(incident: AnyIncident): Rich | null {
  const trigger = incident.kills[0]?.trigger ?? null
  const order = trigger?.order ?? incident.kernel.order
  const mask = trigger?.gfpMask ?? incident.kernel.gfpMask
  const parts: (Rich | string)[] = []
  if (order !== null) parts.push(order === -1 ? 'by hand (order −1)' : `order ${order}`)
  if (mask !== null) parts.push(parts.length > 0 ? ', ' : '', codeOf(mask))
  const flags = incident.kernel.gfpFlags.join('|')
  if (flags !== '' && mask !== null && !mask.includes(flags)) parts.push(' = ', codeOf(flags))
  if (trigger !== null && trigger.comm !== null) {
    parts.push(parts.length > 0 ? ' by ' : 'by ', codeOf(trigger.comm))
    const more = [
      trigger.pid === null ? '' : `PID ${trigger.pid}`,
      trigger.oomScoreAdj === null ? '' : `oom_score_adj ${trigger.oomScoreAdj}`,
    ].filter((text) => text !== '')
    if (more.length > 0) parts.push(` (${more.join(', ')})`)
  }
  return parts.length === 0 ? null : join(...parts)
}
