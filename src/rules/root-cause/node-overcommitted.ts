import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf, podName } from '../../facts/names.ts'
import { isMemorySignal } from '../../kube/eviction-signal.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { watchHistory } from '../advice/history.ts'
import { cliOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines, lines } from '../evidence.ts'
import { giantOf, unclaimedOf } from './claims.ts'
import { courseOfNode, riseOnNode } from './node-curve.ts'
import { evictedShare, evictedUse, isGlobalKill, isMemcgKill, isPodVictim, shareOf } from './signs.ts'

/** Pods, or programs, that together need more than the node has, none of which alone is to blame. */
export const nodeOvercommitted = defineRule({
  question: 'rootCause',
  id: 'node-overcommitted',
  title: 'More promised than the node has',
  needs: ['kill'],
  weight: 66,
  evaluate: (facts) => ofPods(facts) ?? ofEviction(facts) ?? ofHost(facts),
  recommend: (facts) =>
    isOfPods(facts) ? [...spread(facts), ...listUse(facts), ...requests(facts)] : [...fewerServices(facts), ...watchHistory(facts)],
  settledBy: (facts) =>
    facts.node?.allocated == null && isOfPods(facts)
      ? [
          {
            text: say`What the pods of the node were promised: requests and limits against allocatable.`,
            command: `${cliOf(facts)} describe node${nodeName(facts)}`,
          },
        ]
      : [],
})

const isShared = (facts: IncidentFacts): boolean =>
  isMemcgKill(facts) && (facts.limitCgroup?.level === 'kubepods' || facts.limitCgroup?.level === 'qos')

const isOfPods = (facts: IncidentFacts): boolean => isShared(facts) || isPodVictim(facts)

const nodeName = (facts: IncidentFacts): string => {
  const name = facts.node?.name ?? facts.incident.host
  return name === null ? 's' : ` ${shellWord(name)}`
}

/** What the sums of requests and limits do not say. */
const unsaid = (facts: IncidentFacts): Phrase =>
  facts.node?.allocated == null
    ? say`What the pods of the node request and may use is not in the input.`
    : say`The sum of the limits is below what the node has: some pods have none.`

function ofPods(facts: IncidentFacts) {
  if (!isShared(facts) && !(isGlobalKill(facts) && isPodVictim(facts))) return null
  const allocated = facts.node?.allocated ?? null
  const over = (allocated?.limitsPercent ?? 0) > 100
  if (giantOf(facts) !== null) return null
  // Machine-wide, kernel memory or files in memory are no promise to a pod.
  if (!isShared(facts) && !over && (shareOf(facts, 'anon') < 0.5 || facts.kill?.killer !== 'kernel')) return null
  const named = over || isShared(facts) || unclaimedOf(facts) !== null
  const rise = riseOnNode(facts)
  const surely = (over && isShared(facts)) || rise?.alone === false
  return {
    confidence: rise?.alone === true ? ('low' as const) : surely ? facts.trust : named ? ('medium' as const) : ('low' as const),
    statement: say`The pods of ${machineOf(facts)} together needed more memory than they may use${sums(facts)}${unclaimed(facts)}${asked(facts)}.${rise?.alone === false ? say` ${rise.statement}` : say``}${courseOfNode(facts)}`,
    evidence: evidence(lines(facts, 'memory', 'summary'), [allocated?.quote], rise?.quotes ?? [], killLines(facts, 1)),
    against: rise?.alone === true ? rise.statement : over || surely ? null : unsaid(facts),
  }
}

/** A sum as far as it is told: its size, its share of what is allocatable, or both. */
function sum(size: number | null, share: number | null): Phrase | null {
  if (size === null) return share === null ? null : say`${share} %`
  return share === null ? say`${bytes(size)}` : say`${bytes(size)} (${share} %)`
}

/** Requests and limits of all pods, as describe node adds them up. */
function sums(facts: IncidentFacts): Phrase {
  const allocated = facts.node?.allocated ?? null
  if (allocated === null) return say``
  const requests = sum(allocated.requestsBytes, allocated.requestsPercent)
  const limits = sum(allocated.limitsBytes, allocated.limitsPercent)
  // Of a row that was cut the sum of the limits is not known, which is not 0.
  if (requests === null) return limits === null ? say`` : say`: their limits add up to ${limits} of allocatable`
  return say`: their requests add up to ${requests} of allocatable${limits === null ? say`` : say`, their limits to ${limits}`}`
}

/** What one of them asked for and what it held: the difference, times their number, is what the scheduler did not know of. */
function asked(facts: IncidentFacts): Phrase {
  const request = facts.container?.requestBytes?.value ?? null
  const crowd = facts.composition?.groups[0] ?? null
  if (request === null || crowd === null || facts.kill?.comm !== crowd.comm || crowd.bytes / crowd.count < request * 1.2) return say``
  const each = crowd.count > 1 ? say`, ${crowd.count} of them here` : say``
  return say`; ${code(facts.container?.name ?? crowd.comm)} requests ${bytes(request)} and held ${bytes(crowd.bytes / crowd.count)}${each}`
}

/** What asked for nothing is in no sum. */
function unclaimed(facts: IncidentFacts): Phrase {
  const crowd = unclaimedOf(facts)
  if (crowd === null) return say``
  return say`; ${code(crowd.names[0] ?? '?')}${crowd.names.length > 1 ? say` and others` : say``} held ${bytes(crowd.bytes)} without a memory request (BestEffort)`
}

/** The kubelet evicted a small pod: others hold the node's memory. */
function ofEviction(facts: IncidentFacts) {
  const eviction =
    facts.kill?.event?.kind === 'eviction'
      ? facts.kill.event
      : (facts.context.evictions.find(({ event }) => event.thresholdBytes !== null)?.event ?? null)
  if (facts.kill?.killer !== 'kubelet' || !isMemorySignal(eviction?.signal)) return null
  const share = evictedShare(facts)
  const small = share !== null && share < 0.2
  const used = evictedUse(facts)
  if (share !== null && !small) return null
  return {
    confidence: small ? ('medium' as const) : ('low' as const),
    statement:
      share === null
        ? say`The pods of ${machineOf(facts)} together used more than it can give: the evicted pod ${code(podName(facts) ?? '?')} ${used > 0 ? say`held ${bytes(used)}, more than its request` : say`was chosen by the kubelet`}. Whether it or others filled the node is open${sums(facts)}.`
        : say`The memory of ${machineOf(facts)} was used by others: the evicted pod ${code(podName(facts) ?? '?')} held ${percent(share)} of it and was chosen for having used more than its request, not for having filled the node${sums(facts)}.`,
    evidence: evidence(killLines(facts, 2), eventLines(facts.context.evictions, 2), [
      facts.node?.allocated?.quote,
      facts.node?.allocatableBytes?.quote,
    ]),
    against: small
      ? null
      : used > 0
        ? say`How much memory the node has is not in the input.`
        : say`How much the evicted pod held is not in the input.`,
  }
}

/** Outside of Kubernetes: several programs, none of which holds half of it. */
function ofHost(facts: IncidentFacts) {
  const held = facts.composition
  if (!isGlobalKill(facts) || isPodVictim(facts) || held === null || held.scope !== 'machine' || held.main.id !== 'anon') return null
  const [first, second, third] = held.groups
  if (first === undefined || second === undefined || giantOf(facts) !== null) return null
  const all = held.groups.reduce((sum, group) => sum + group.bytes, 0)
  if (first.bytes > all * 0.6 || second.bytes < all * 0.1) return null
  const rest = third === undefined ? say`` : say`, ${code(third.comm)} ${bytes(third.bytes)}`
  return {
    confidence: 'medium' as const,
    statement: say`The programs of ${machineOf(facts)} together need more than its ${bytes(held.totalBytes)}: ${code(first.comm)} held ${bytes(first.bytes)}, ${code(second.comm)} ${bytes(second.bytes)}${rest}. None of them alone filled it.`,
    evidence: evidence([held.largest?.row.quote], lines(facts, 'ram', 'tableHead'), killLines(facts, 1)),
    against: null,
  }
}

export function spread(facts: IncidentFacts): readonly Recommendation[] {
  const allocatable = facts.node?.allocatableBytes?.value ?? (isShared(facts) ? (facts.memcgLimit?.limitBytes ?? null) : null)
  const most = facts.composition?.largest ?? null
  const free = unclaimedOf(facts)
  const who =
    free !== null
      ? say` First what has no memory request: ${code(free.names[0] ?? '?')}, ${bytes(free.bytes)}.`
      : most === null
        ? say``
        : say` The largest in the report is ${code(most.row.comm)} with ${bytes(most.bytes)}.`
  return [
    {
      text: say`Move a pod off ${machineOf(facts)}, so that the others stay within ${allocatable === null ? say`what it has` : say`its allocatable ${bytes(allocatable)}`}.${who}`,
      why: say`Nothing on a full node can be given more: each kill only makes room for the next.`,
      command: `${cliOf(facts)} describe node${nodeName(facts)} | sed -n '/Non-terminated Pods/,/Events/p'`,
      when: 'now',
      effect: say`The command changes nothing; a pod that is moved is restarted elsewhere.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}

export function listUse(facts: IncidentFacts): readonly Recommendation[] {
  return [
    {
      text: say`See which pods use more than they request: real use against the requests of the pods on this node.`,
      why: say`The scheduler counts requests only; nobody has reserved what is used above them.`,
      command: `${cliOf(facts)} ${cliOf(facts) === 'oc' ? 'adm top' : 'top'} pods -A --containers --sort-by=memory | head -30`,
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}

function requests(facts: IncidentFacts): readonly Recommendation[] {
  return [
    {
      text: say`Set memory requests near real use (and limits not far above) for the pods of ${machineOf(facts)}, and give every namespace a ${code('LimitRange')} with defaults.`,
      why: say`Then the scheduler does not place more on a node than fits.`,
      command: null,
      when: 'prevent',
      effect: say`Rolls the workloads that are changed; some may find no node and stay pending.`,
      owner: 'application',
    },
    {
      text: say`Check what the node keeps for itself: ${code('kubeReserved')}, ${code('systemReserved')} and ${code('evictionHard')} make up what is not allocatable.`,
      why: say`With a larger reserve the kubelet evicts by request and priority before the kernel kills by size.`,
      command:
        nodeName(facts) === 's'
          ? null
          : `${cliOf(facts)} get --raw /api/v1/nodes/${nodeName(facts).trim()}/proxy/configz | jq '.kubeletconfig | {kubeReserved, systemReserved, evictionHard}'`,
      when: 'prevent',
      effect: say`The command changes nothing.`,
      owner: 'platform',
    },
  ]
}

function fewerServices(facts: IncidentFacts): readonly Recommendation[] {
  const [first, second] = facts.composition?.groups ?? []
  return [
    {
      text: say`Decide what this machine can do without, or lower what the largest take${first === undefined || second === undefined ? say`` : say` (${code(first.comm)} ${bytes(first.bytes)}, ${code(second.comm)} ${bytes(second.bytes)})`}; else it needs more memory.`,
      why: say`No single one is too large: whichever is limited or killed, the sum stays above what there is.`,
      command: 'ps -eo pid,rss,etime,unit,args --sort=-rss | head -20; systemctl list-units --type=service --state=running --no-pager',
      when: 'now',
      effect: say`The command changes nothing.`,
      owner: 'platform',
    },
    {
      text: say`Give the machine swap, or more of it (zram on a small one), for the peaks.`,
      why: say`Swap takes what is seldom used, and leaves time to act; it does not hold steady growth.`,
      command: 'swapon --show; free -h',
      when: 'prevent',
      effect: say`The command changes nothing.`,
      owner: 'platform',
    },
  ]
}
