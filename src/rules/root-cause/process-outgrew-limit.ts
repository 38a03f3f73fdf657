import type { Holder, IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf, nameOf, victimOf } from '../../facts/names.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import type { TaskRow } from '../../model/oom-dump.ts'
import { bytes, code, count, percent, say, seconds } from '../../text/say.ts'
import { largestFirst } from '../../units/extremes.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { ceilingOf } from '../advice/ceiling.ts'
import { alertBefore, watchHistory } from '../advice/history.ts'
import { keepTheLog } from '../advice/keep-log.ts'
import { lookInside } from '../advice/look-inside.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { readPreviousLog } from '../advice/read-log.ts'
import { sizesByCurve } from '../advice/sizes-by-curve.ts'
import { limitSetBefore } from '../advice/take-back.ts'
import { usageOverTime } from '../advice/usage-query.ts'
import { isOneOfTwo } from '../consumer/process-share.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { isMostlyFree } from '../limit/machine.ts'
import { trueSystemOom } from '../limit/system-oom.ts'
import { timesKilled } from '../pattern/runs.ts'
import { giantOf } from './claims.ts'
import { shortGrowth, spikeByCurve } from './curve.ts'
import { singleKill } from './group-kill-by-default.ts'
import { isGlobalKill, isMemcgKill, isStatusOnly, lifetimeSeconds, longLife, shareOf } from './signs.ts'
import { nextRunFits } from './startup-peak.ts'

/** A process must have held this share of the limit to have outgrown it. */
const MATERIAL = 0.2

/** The honest answer where the evidence cannot tell a low limit from a leak from a peak. */
export const processOutgrewLimit = defineRule({
  question: 'rootCause',
  id: 'process-outgrew-limit',
  title: 'A process outgrew its limit',
  needs: [],
  doubt: say`The cause above is more specific.`,
  weight: 56,
  evaluate(facts) {
    const memcg = isMemcgKill(facts) && facts.memcgLimit !== null
    const spike = spikeByCurve(facts) ?? shortGrowth(facts)
    if (isMostlyFree(facts)) return null
    const told = memcg || isGlobalKill(facts) ? null : fromStatus(facts, spike)
    if (told !== null || (!memcg && !isGlobalKill(facts) && spike === null)) return told
    if (giantOf(facts) !== null || shareOf(facts, 'shmem') > 0.5 || shareOf(facts, 'slab', 'kernel', 'sock') > 0.5) return null
    const limit = facts.memcgLimit?.limitBytes ?? facts.machineAccounting?.totalBytes ?? null
    const grown = grownProcess(facts)
    const counted = facts.memcgLimit?.of === 'memory+swap' ? grown.swapBytes : 0
    const share = grown.bytes === null || limit === null || limit <= 0 ? null : (grown.bytes + counted) / limit
    if (spike === null && share === null && grown.bytes !== null && grown.bytes < MATERIAL * groupBytes(facts)) return null
    if (spike === null && (share !== null ? share < (memcg ? MATERIAL : 0.3) : (!memcg && grown.isVictim) || isTiny(grown))) return null
    return {
      // A limit that was set within the hour is the nearer reason.
      confidence: (memcg && limitSetBefore(facts) === null) || spike !== null ? 'medium' : 'low',
      statement: say`${heldBy(facts, grown, share, limit, memcg)}${siblings(facts, grown)}${heapNote(facts, grown)}${nextRun(facts)} ${spike ?? openQuestion(facts, memcg)}`,
      evidence: evidence(
        killLines(facts, 1),
        [grown.quote],
        curveLines(facts, spike),
        lines(facts, 'memory'),
        counterLines(facts, 'anon', 'total_rss', 'rss', 'active_anon'),
      ),
      against: null,
    }
  },
  alternative: (facts) => {
    if (isStatusOnly(facts)) return say`A process may simply have grown: the status names no reason.`
    const { comm, bytes: held } = grownProcess(facts)
    return say`${code(comm ?? 'One process')} may simply have grown${held === null ? say`` : say`: it held ${bytes(held)}`}. It may leak, have had a peak, or need ${isOfAllPods(facts) ? say`more than the node gives its pods` : facts.scope === 'memcg' ? say`more than the limit` : say`a larger machine`}.`
  },
  recommend: (facts) => [
    ...(isStatusOnly(facts) ? keepTheLog(facts) : []),
    ...raiseLimit(facts),
    ...restartSurvivor(facts),
    ...sizesByCurve(facts),
    ...lookInside(facts),
    ...watchHistory(facts),
    ...readPreviousLog(facts),
    ...(isOneOfMany(facts) && facts.dump?.groupMemcg != null ? singleKill(facts) : []),
    ...boundRuntime(facts),
    ...alertBefore(facts),
  ],
  settledBy: (facts) =>
    (facts.kill === null && facts.incident.nature !== 'no-kill') || timesKilled(facts) > 2 ? [] : usageOverTime(facts, growing(facts)),
})

/** Such a limit is not its own. */
const isOfAllPods = ({ limitCgroup }: IncidentFacts): boolean => limitCgroup?.level === 'kubepods' || limitCgroup?.level === 'qos'

const curveLines = (facts: IncidentFacts, byCurve: Phrase | null) => (byCurve === null ? [] : (ownCurve(facts)?.quotes.slice(0, 2) ?? []))

/** No kernel line, but a container with a limit of its own that its status calls OOMKilled: most likely it outgrew that. */
function fromStatus(facts: IncidentFacts, byCurve: Phrase | null) {
  const limit = facts.container?.limitBytes ?? null
  if (!isStatusOnly(facts) || limit === null || trueSystemOom(facts) !== null) return null
  const open = say`A status does not tell which process grew, nor whether the limit is too low, memory leaks, or this was a peak.`
  return {
    confidence: byCurve === null ? ('low' as const) : ('medium' as const),
    statement: say`What ran in ${groupOf(facts)} most likely outgrew the limit of ${bytes(limit.value)}: its status says OOMKilled.${nextRun(facts)} ${byCurve ?? open}`,
    evidence: evidence(killLines(facts, 2), [limit.quote], curveLines(facts, byCurve)),
    against: say`A shortage of the whole node leaves the same status.`,
  }
}

/** Who is to be watched: the one that grew, by its name, which outlives its PID. */
function growing(facts: IncidentFacts): Phrase {
  const grown = grownProcess(facts)
  return grown.comm === null ? groupOf(facts) : grown.isVictim ? victimOf(facts) : nameOf(grown.comm, null)
}

/** Its fellows could have gone on without it. */
const isOneOfMany = (facts: IncidentFacts): boolean => siblings(facts, grownProcess(facts)).length > 0

/** The sandbox, or something as small, outgrows nothing: whatever the limit was. */
const isTiny = (grown: Grown): boolean => grown.comm === 'pause' || (grown.bytes !== null && grown.bytes < 2 ** 20)

/** What grew was not what died: it still holds the machine's memory, and the next kill waits for the next request. */
function restartSurvivor(facts: IncidentFacts): readonly Recommendation[] {
  const grown = grownProcess(facts)
  const { kills } = facts.incident
  if (!isGlobalKill(facts) || facts.kill === null || grown.isVictim || grown.pid === null || grown.bytes === null) return []
  if (grown.quote === null || kills.some(({ pid }) => pid === grown.pid)) return []
  return [
    {
      text: say`Restart ${nameOf(grown.comm, grown.pid)}, or end what it is doing: it was not killed, and most likely still holds its ${bytes(grown.bytes)}.`,
      why: say`What was killed freed little; the next request for memory kills again.`,
      command: `grep -E "^(Name|VmRSS|VmSwap)" /proc/${grown.pid}/status; systemctl status ${grown.pid} --no-pager | head -3`,
      when: 'now',
      effect: say`The command changes nothing: it shows whether it is still there, and names its unit.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}

/** On a machine there is no limit that somebody set too low; under a limit that fitted for hours it is not the limit that changed. */
function openQuestion(facts: IncidentFacts, memcg: boolean): Phrase {
  const life = longLife(facts)
  if (memcg && life !== null)
    return say`It had run for ${seconds(life)} under that limit, so the limit fits its ordinary work: it leaks, or this was a peak. Its memory over time tells which.`
  const reports = timesKilled(facts) > 1 ? say`These reports alone do` : say`One report does`
  const curve = ownCurve(facts)
  const end = curve === null || curve.shape === 'unknown' ? say`: its memory over time does` : say`, nor does its memory over time here`
  return say`${reports} not tell whether ${memcg ? say`the limit is too low, memory leaks, or this was a peak` : say`it leaks, had more to do than usual, or needs a larger machine`}${end}.`
}

interface Grown {
  readonly comm: string | null
  readonly pid: number | null
  readonly bytes: number | null
  readonly swapBytes: number
  readonly isVictim: boolean
  readonly quote: Holder['row']['quote'] | null
}

/** The one that grew: the largest of the table, else the victim. A group kill or a small victim dies for it. */
function grownProcess(facts: IncidentFacts): Grown {
  const later = facts.composition === null ? laterVictim(facts) : null
  if (later !== null) return later
  const largest = facts.composition?.largest ?? largestRow(facts)
  const kill = facts.kill
  // The table and the kill line are printed a moment apart: one figure of a process in the whole report, the one that the consumer's answer has.
  const inTable = largest !== null && largest.row.pid === kill?.pid && facts.composition?.largest?.exact === true ? largest.bytes : null
  const own = inTable ?? kill?.anonRssBytes ?? null
  if (largest !== null && largest.row.pid !== kill?.pid && largest.bytes + largest.swapBytes > (own ?? 0) * 1.2)
    return {
      comm: largest.row.comm,
      pid: largest.row.pid,
      bytes: largest.bytes,
      swapBytes: largest.swapBytes,
      isVictim: false,
      quote: largest.row.quote,
    }
  const swapBytes = kill?.swapBytes ?? facts.scores?.victim?.row.swapBytes ?? 0
  return { comm: kill?.comm ?? null, pid: kill?.pid ?? null, bytes: own, swapBytes, isVictim: true, quote: null }
}

/** A small one dies first, the large one seconds later: without figures of the first report the second victim tells who filled the machine. */
function laterVictim(facts: IncidentFacts): Grown | null {
  const own = facts.kill?.anonRssBytes ?? null
  const [largest] = largestFirst(facts.incident.kills.slice(1), (kill) => kill.anonRssBytes)
  if (own === null || largest?.anonRssBytes == null || largest.anonRssBytes < Math.max(own * 10, 256 * 2 ** 20) || !isGlobalKill(facts))
    return null
  return {
    comm: largest.comm,
    pid: largest.pid,
    bytes: largest.anonRssBytes,
    swapBytes: largest.swapBytes ?? 0,
    isVictim: false,
    quote: largest.evidence[0] ?? null,
  }
}

/** Without a limit to hold it against there is no composition, but the table may be there. */
function largestRow(facts: IncidentFacts) {
  const ownOf = (row: TaskRow): number => row.rssAnonBytes ?? row.rssBytes ?? 0
  const [row] = largestFirst(facts.dump?.tasks ?? [], ownOf)
  return row === undefined ? null : { row, bytes: ownOf(row), swapBytes: row.swapBytes ?? 0 }
}

function heldBy(facts: IncidentFacts, grown: Grown, share: number | null, limit: number | null, memcg: boolean): Phrase {
  const who = grown.isVictim ? code(grown.comm ?? 'The process') : nameOf(grown.comm, grown.pid)
  const where = memcg ? say`the limit of ${groupOf(facts)}` : say`the memory of ${machineOf(facts)}`
  const dead =
    grown.isVictim || facts.kill === null
      ? say``
      : say`; ${victimOf(facts)} was killed${facts.incident.kills.length > 1 ? say` first` : say``}`
  if (grown.bytes === null) return say`${who} outgrew ${where}${dead}.`
  if (share === null || limit === null) return say`${who} outgrew ${where}: it held ${bytes(grown.bytes)}${togetherInGroup(facts)}${dead}.`
  const swap =
    grown.swapBytes > 0 ? say` and ${bytes(grown.swapBytes)} in swap${swapIsFull(facts) ? say` (which was full too)` : say``}` : say``
  return say`${who} outgrew ${where}: it alone held ${bytes(grown.bytes)}${swap}, ${percent(Math.min(1, share))} of ${bytes(limit)}${fellows(facts, grown)}${dead}.`
}

/** The dead of one group kill: where no line tells the limit, what they held is the least that it was full of. */
const deadOfGroup = ({ incident, kill }: IncidentFacts) =>
  incident.kills.filter((one) => one.eventKey === kill?.eventKey && one.killer === 'kernel')

const groupBytes = (facts: IncidentFacts): number => sumOf(deadOfGroup(facts).map(({ anonRssBytes }) => anonRssBytes))

function togetherInGroup(facts: IncidentFacts): Phrase {
  const dead = deadOfGroup(facts)
  return dead.length < 2 ? say`` : say`, of ${bytes(groupBytes(facts))} that the ${count(dead.length)} killed together held`
}

/** What the consumer's answer names beside it: the others of its name together, or one as large. */
function fellows(facts: IncidentFacts, grown: Grown): Phrase {
  const held = facts.composition
  const group = held?.groups.find(({ comm, count: size }) => comm === grown.comm && size > 1) ?? null
  if (group !== null && grown.bytes !== null && group.bytes > grown.bytes * 1.5)
    return say`; the ${count(group.count)} processes of that name held ${bytes(group.bytes)} together`
  const other = held !== null && isOneOfTwo(held) ? [held.largest, held.second].find((one) => one?.row.pid !== grown.pid) : null
  if (other != null) return say`; ${nameOf(other.row.comm, other.row.pid)} held ${bytes(other.bytes)} beside it`
  const { comm: own, bytes: size } = grown
  // A process without a name, or under another one, is in one of the groups itself; `conn*` is the group of all that begin so.
  const crowd =
    own === null || size === null
      ? undefined
      : held?.groups.find(
          (one) => !own.startsWith(one.comm.replace('*', '')) && one.bytes >= size * 0.4 && one.bytes + size <= held.usedBytes,
        )
  return crowd === undefined
    ? say``
    : say`; beside it ${crowd.count > 1 ? say`${count(crowd.count)} processes named ` : say``}${code(crowd.comm)} held ${bytes(crowd.bytes)}`
}

/** Usage at the limit of swap too, of the group or the machine. */
function swapIsFull(facts: IncidentFacts): boolean {
  const swap = facts.dump?.swap ?? null
  if (facts.scope === 'memcg' && swap?.limitBytes != null) return swap.usageBytes >= swap.limitBytes * 0.98
  return facts.swap !== null && facts.swap.freeBytes <= facts.swap.totalBytes * 0.02
}

/** Its fellows of the same name are small: this one grew, not all of them. */
function siblings(facts: IncidentFacts, grown: Grown): Phrase {
  const rows = facts.dump?.tasks.filter((row) => row.comm === grown.comm && row.pid !== grown.pid) ?? []
  const sizes = rows.flatMap((row) => row.rssAnonBytes ?? row.rssBytes ?? []).filter((size) => size > 0)
  const most = Math.max(0, ...sizes)
  if (sizes.length < 2 || grown.bytes === null || grown.pid === null || most > grown.bytes / 2) return say``
  return say` It is one of ${count(sizes.length + 1)} (PID ${grown.pid}); the others held ${bytes(most)} at most: that one process grew.`
}

/** What the heap cannot hold lies outside of it. */
function heapNote(facts: IncidentFacts, grown: Grown): Phrase {
  const ceiling = ceilingOf(facts)
  if (ceiling === null || grown.bytes === null) return say``
  const outside = grown.bytes - ceiling.bytes
  if (outside <= 0) return say` Its ${ceiling.what} may grow to ${bytes(ceiling.bytes)} (${code(ceiling.flag)}).`
  return say` Its ${ceiling.what} is at most ${bytes(ceiling.bytes)} (${code(ceiling.flag)}), so at least ${bytes(outside)} lie outside of it: ${ceiling.runtime === 'jvm' ? 'native memory, direct buffers, metaspace, threads' : ceiling.beside}.`
}

/** Killed early, but what it loads at start is not the reason. */
const nextRun = (facts: IncidentFacts): Phrase =>
  (lifetimeSeconds(facts) ?? Number.POSITIVE_INFINITY) > 90 || !nextRunFits(facts)
    ? say``
    : say` It had just started, but the next run, under the same limit, is Ready: its start does fit.`
