import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf, podName } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { short } from '../../text/names.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { giveRoom } from '../advice/give-room.ts'
import { lookInside } from '../advice/look-inside.ts'
import { processNeed } from '../advice/need.ts'
import { noRoom } from '../advice/raise-limit.ts'
import { roomOf } from '../advice/room.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { effectOf, isOfOperator } from '../advice/set-limit.ts'
import { quantity } from '../advice/sizes.ts'
import { requestWithin, suggestLimit } from '../advice/suggest.ts'
import { cliOf, refOf, targetOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { entitledGiant, giantOf, unclaimedOf } from './claims.ts'
import { evictedShare, evictedUse, isGlobalKill, isPodVictim, largestHolder } from './signs.ts'

/** Pods without request or limit took what they could: BestEffort ones, or a container without a memory limit. */
export const unboundedWorkload = defineRule({
  question: 'rootCause',
  id: 'unbounded-workload',
  title: 'A workload without a limit',
  needs: ['kill'],
  weight: 71,
  evaluate(facts) {
    if (!isShared(facts) || giantOf(facts) !== null || isOfAnotherResource(facts)) return null
    return ownGrowth(facts) ?? crowdWithout(facts)
  },
  recommend(facts) {
    const largest = largestHolder(facts)
    if (ownGrowth(facts) !== null && largest !== null && runtimeOf(largest.row.comm, '')?.vital === true)
      return [...giveRoom(facts, largest.row.comm, largest.bytes), ...boundsForAll(facts)]
    return [...giveItBounds(facts), ...(ownGrowth(facts) === null ? [] : lookInside(facts)), ...boundsForAll(facts)]
  },
})

/** The shortage was the node's, or that of all its pods. */
function isShared(facts: IncidentFacts): boolean {
  const shared = facts.limitCgroup?.level === 'kubepods' || facts.limitCgroup?.level === 'qos'
  return isGlobalKill(facts) || (facts.kill?.killer === 'kernel' && shared) || facts.kill?.killer === 'kubelet'
}

/** Evicted for disk, inodes or process ids: memory has no part in it. */
function isOfAnotherResource(facts: IncidentFacts): boolean {
  const signal = facts.kill?.event?.kind === 'eviction' ? facts.kill.event.signal : null
  return facts.kill?.killer === 'kubelet' && signal !== null && !signal.toLowerCase().includes('memory')
}

const MOST_OF_IT = 0.4

function shareOfLargest(facts: IncidentFacts): number {
  const largest = largestHolder(facts)
  return largest === null ? 1 : largest.bytes / (facts.composition?.usedBytes ?? Number.POSITIVE_INFINITY)
}

/** The victim itself has no bound, and held much. */
function ownGrowth(facts: IncidentFacts) {
  const evicted = facts.kill?.killer === 'kubelet'
  const plain = isGlobalKill(facts) && facts.victimCgroup?.level === 'container' && !isPodVictim(facts)
  if (!isPodVictim(facts) && !plain) return null
  // Containers have no limit as a rule where no cluster asks for one: only the one that held most of it is to be named.
  if (plain && shareOfLargest(facts) < MOST_OF_IT) return null
  const best = isBestEffort(facts)
  const noLimit = facts.container !== null && facts.container.limitBytes === null && facts.pod?.limitBytes == null
  if (!best && !noLimit && !plain) return null
  const largest = largestHolder(facts)
  const isLargest = largest !== null && largest.row === facts.scores?.victim?.row
  const share = largest === null ? 0 : largest.bytes / (facts.composition?.usedBytes ?? Number.POSITIVE_INFINITY)
  // One that held little cannot have used up a node: the crowd, or others, did.
  // Of an evicted pod whose usage nobody tells, the kernel's own table says who held the memory instead.
  if (evicted ? (evictedShare(facts) ?? (share >= 0.2 ? 0 : 1)) < 0.2 : largest !== null && (!isLargest || share < 0.2)) return null
  const sure = isLargest && share >= 0.4 && !plain && (noLimit || facts.victimCgroup?.qosClass === 'BestEffort')
  const held =
    isLargest && largest !== null ? say`: it held ${bytes(largest.bytes)}, ${percent(Math.min(1, share))} of what was in use` : say``
  const what = plain ? say`has no memory limit` : best ? say`has neither memory request nor limit (BestEffort)` : say`has no memory limit`
  return {
    confidence: sure ? facts.trust : ('medium' as const),
    statement: say`The ${evicted ? say`evicted` : say`killed`} ${subjectOf(facts)} ${what}, and so ${facts.kill?.comm == null ? say`its processes` : code(facts.kill.comm)} could use up the memory of ${machineOf(facts)}${held}.`,
    evidence: evidence(killLines(facts, 2).slice(0, 2), facts.pod?.quotes.slice(0, 1) ?? [], [facts.scores?.victim?.row.quote]),
    against: isLargest ? null : say`The log does not show who held the most.`,
  }
}

/** Many processes without a request share the blame. */
function crowdWithout(facts: IncidentFacts) {
  const crowd = unclaimedOf(facts)
  if (crowd === null || facts.kill?.killer !== 'kernel') return null
  const giant = entitledGiant(facts)
  const rest =
    giant === null
      ? say``
      : say` ${code(giant.row.comm)} held more, ${bytes(giant.bytes)}, but no more than the request of about ${bytes(giant.request.minBytes)} that its oom_score_adj of ${giant.adj} implies.`
  const alone = crowd.share >= 0.4 || giant !== null
  return {
    confidence: alone ? ('medium' as const) : ('low' as const),
    statement: say`${count(crowd.processes)} ${crowd.processes === 1 ? say`process` : say`processes`} of ${crowd.processes === 1 ? say`a BestEffort pod` : say`BestEffort pods`}, without a memory request (oom_score_adj 1000), held ${bytes(crowd.bytes)}${crowd.processes === 1 ? say`` : say` together`}, ${percent(Math.min(1, crowd.share))} of what was in use: ${namesOf(crowd.names)}. The scheduler had left no room for ${crowd.processes === 1 ? say`it` : say`them`}.${rest}`,
    evidence: evidence(crowd.quotes, giant === null ? [] : [giant.row.quote], killLines(facts, 1)),
    against: alone ? null : say`Others held more.`,
  }
}

const namesOf = (names: readonly string[]): Phrase =>
  names.reduce<Phrase>((all, name, i) => (i === 0 ? say`${code(name)}` : say`${all}, ${code(name)}`), say``)

/** A request and limit for the victim's workload: what it held, with room, and no more than the node has. */
function giveItBounds(facts: IncidentFacts): readonly Recommendation[] {
  if (ownGrowth(facts) === null) return []
  const plain = plainContainer(facts)
  if (plain !== null) return [plain, ...boundRuntime(facts)]
  const need = processNeed(facts)
  const suggestion = suggestLimit(facts, need)
  if (suggestion === null || need === null) return [unsized(facts)]
  if (suggestion.kind === 'no-room') return [noRoom(facts, suggestion)]
  const target = targetOf(facts)
  // An operator takes back what is set on what it made.
  const known = target?.settable && target.container !== null && !isOfOperator(facts)
  const size = quantity(suggestion.bytes)
  const request = requestWithin(facts, suggestion.bytes)
  // A request below what it holds promises the scheduler memory that is taken.
  if (request < need.bytes)
    return [noRoom(facts, { kind: 'no-room', need, roomBytes: roomOf(facts)?.requestBytes ?? 0, beside: 'requests' })]
  const begin =
    request === suggestion.bytes
      ? say`begin with ${bytes(request)}`
      : say`begin with a limit of ${bytes(suggestion.bytes)} and a request of ${bytes(request)}, which is what the other pods' requests leave on this node,`
  return [
    {
      text: say`Set a memory request and limit for ${subjectOf(facts)}: its process held ${bytes(need.bytes)} when it was killed; ${begin} and adjust it to its usage.`,
      why: say`With a request the scheduler keeps room for it; with a limit it is restarted when it grows, and nothing else is killed for it.`,
      command: known
        ? `${target.cli} set resources${inNamespace(target.namespace)} ${refOf(target)} -c ${shellWord(target.container ?? '')} --requests=memory=${quantity(request)} --limits=memory=${size}`
        : null,
      when: 'now',
      effect: known ? effectOf(facts, target) : say`Takes a restart of the workload.`,
      owner: 'application',
    },
  ]
}

/** A container of docker or podman, without a pod around it. */
export function plainOf(facts: IncidentFacts): { readonly runtime: string; readonly containerId: string } | null {
  const { runtime = null, containerId = null, podUid = null } = facts.victimCgroup ?? {}
  if (isPodVictim(facts) || podUid !== null || containerId === null) return null
  return runtime === 'docker' || runtime === 'podman' ? { runtime, containerId } : null
}

/**
 * A container of docker or podman alone: no scheduler counts requests for it. In a shortage of the machine what it held is nearly what is left, so any
 * number is a loop of kills or no limit at all: what it needs is to be known first, and its own setting lowered.
 */
function plainContainer(facts: IncidentFacts): Recommendation | null {
  const plain = plainOf(facts)
  if (plain === null) return null
  const { runtime, containerId } = plain
  const largest = largestHolder(facts)
  return {
    text: say`Find out what container ${code(short(containerId))} needs in a normal week, and give it a limit above that and below what the machine can spare (${code(`${runtime} update --memory`)}; ${code('mem_limit')} in compose).${largest === null ? say`` : say` It held ${bytes(largest.bytes + largest.swapBytes)}: if it needs that much, the machine is too small for all that runs on it.`}`,
    why: say`Without a limit of its own one container can use up the machine; with one below its need it is killed in a loop.`,
    command: `${runtime} stats --no-stream; free -m`,
    when: 'now',
    effect: say`The command changes nothing; ${code(`${runtime} update`)} is in force at once, and kills at once if the limit is below what is held.`,
    owner: 'application',
  }
}

/** What it held is not known: its usage tells the size. */
function unsized(facts: IncidentFacts): Recommendation {
  const target = targetOf(facts)
  const used = evictedUse(facts)
  return {
    text: say`Set a memory request and limit for ${subjectOf(facts)} by what it uses in a normal week: ${used > 0 ? say`its largest container used ${bytes(used)} when it was evicted` : say`what it held is not in the input`}.`,
    why: say`With a request the scheduler keeps room for it; with a limit it is restarted when it grows, and nothing else is killed for it.`,
    command:
      target === null
        ? null
        : `${target.cli} ${target.cli === 'oc' ? 'adm top' : 'top'} pods${inNamespace(target.namespace)} --containers --sort-by=memory | head`,
    when: 'now',
    effect: say`The command changes nothing; the setting takes a restart of the workload.`,
    lookFirst: true,
    owner: 'application',
  }
}

/** Which pods else have no request, and a default for all of them. */
function boundsForAll(facts: IncidentFacts): readonly Recommendation[] {
  if (!isPodVictim(facts) && unclaimedOf(facts) === null) return []
  const node = facts.node?.name ?? facts.incident.host
  const here = node === null ? '' : ` --field-selector spec.nodeName=${shellWord(node)}`
  return [
    {
      text: say`List the pods of the node that have no memory request, and give each a request of what it uses, or move it.${whoHasNone(facts)}`,
      why: say`The scheduler counts requests only: what asks for nothing is placed on top of a full node.`,
      command: `${cliOf(facts)} get pods -A${here} -o json | jq -r '.items[] | select(.status.qosClass=="BestEffort") | .metadata.namespace+"/"+.metadata.name'`,
      when: ownGrowth(facts) === null ? 'now' : 'find',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
    {
      text: say`Give every namespace a ${code('LimitRange')} with a default memory request and limit.`,
      why: say`Then no pod goes without them because somebody forgot.`,
      command: `${cliOf(facts)} get limitrange,resourcequota -A`,
      when: 'prevent',
      effect: say`The command changes nothing. A default holds for pods created after it.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}

/** The programs among them that held the most, by the report. */
function whoHasNone(facts: IncidentFacts): Phrase {
  const crowd = unclaimedOf(facts)
  return crowd === null || ownGrowth(facts) !== null
    ? say``
    : say` In the report they are ${namesOf(crowd.names)}, ${bytes(crowd.bytes)} together.`
}

/** The path, the object, or the kubelet's value for it (1000) says so. */
function isBestEffort(facts: IncidentFacts): boolean {
  const named = facts.victimCgroup?.qosClass ?? facts.pod?.qosClass ?? facts.kill?.workload?.qosClass ?? null
  return named === 'BestEffort' || (named === null && facts.kill?.oomScoreAdj === 1000)
}

function subjectOf(facts: IncidentFacts): Phrase {
  const pod = podName(facts) ?? facts.victimCgroup?.podUid ?? null
  return pod !== null ? say`pod ${code(pod)}` : say`container ${code(short(facts.victimCgroup?.containerId ?? '?'))}`
}
