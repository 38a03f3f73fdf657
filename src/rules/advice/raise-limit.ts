import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, podName } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { leak } from '../pattern/leak.ts'
import { keepHeap } from './bound-runtime.ts'
import { type Ceiling, ceilingOf, sharePercent } from './ceiling.ts'
import { raisedAlready } from './need.ts'
import { unitOfItsOwn } from './own-unit.ts'
import { setLimit } from './set-limit.ts'
import type { Setting } from './setting.ts'
import { subjectOf } from './subject.ts'
import { type Suggestion, suggestLimit } from './suggest.ts'
import { formerLimit } from './take-back.ts'
import { cliOf, targetOf } from './target.ts'

/** Raising a limit is a measurement, not a cure: to what, from what, and what the result would mean. */
export function raiseLimit(facts: IncidentFacts, insteadOf: Phrase | null = null): readonly Recommendation[] {
  // Files in memory, kernel memory or page cache are not cured by a larger limit, nor is what grows without end.
  const held = facts.composition
  // The limit that was hit is another's: the node's, or all pods'.
  if (
    facts.scope === 'global' ||
    facts.limitCgroup?.level === 'kubepods' ||
    facts.limitCgroup?.level === 'qos' ||
    facts.kill?.killer === 'kubelet'
  )
    return []
  if (held !== null && held.main.id !== 'anon' && held.main.share >= 0.5) return []
  if (leak.holds(facts)) return []
  const suggestion = suggestLimit(facts)
  if (suggestion === null) return []
  if (suggestion.kind === 'no-room') return [noRoom(facts, suggestion)]
  if (suggestion.from === null) return []
  const derived = subjectOf(facts)?.runtime?.limitBy ?? null
  if (derived !== null && (targetOf(facts) !== null || facts.limitCgroup?.podUid != null)) return [derivedLimit(facts, derived, suggestion)]
  const apart = unitOfItsOwn(facts, suggestion)
  if (apart !== null) return [apart]
  return [
    {
      text: say`${insteadOf ?? 'As a trial,'} raise the memory limit of ${groupOf(facts)} from ${bytes(suggestion.from)} to ${bytes(suggestion.bytes)}${heapNote(facts, suggestion.bytes, insteadOf === null)}.${formerLimit(facts)}${raisedSaid(facts)}${whoSetIt(facts)}`,
      why: say`${basis(suggestion)} If usage then settles, the limit was too low; if the next kill only comes later, it is a leak and no limit is enough.`,
      when: 'now',
      ...withHeap(facts, suggestion.bytes, insteadOf === null),
      owner: 'application',
    },
  ]
}

/** A limit that its template does not set is not to be looked for there. */
function whoSetIt({ pod, limitCgroup, container }: IncidentFacts): Phrase {
  const source = pod?.limitSource ?? null
  if (source === null || limitCgroup?.level !== 'container') return say``
  if (source.by === 'vpa')
    return say` The VerticalPodAutoscaler ${code(source.of)} scales it with its recommendation at each start of the pod: raise ${code('minAllowed')} in its policy too.`
  return container !== null && source.of.split(' ').includes(container.name)
    ? say` Nobody chose it for this container: it is the default of the namespace's LimitRange.`
    : say``
}

/** What was tried before the last kill is not tried again in the same small steps. */
function raisedSaid(facts: IncidentFacts): Phrase {
  const raised = raisedAlready(facts)
  return raised === null
    ? say``
    : say` It was raised from ${bytes(raised.from)} between these kills, in ${count(raised.times)} steps, and was filled again each time: raise it once and far, or find first what grows.`
}

/** The pod is made from something else, where its limit is to be set: on the pod itself it would be undone. */
function derivedLimit(facts: IncidentFacts, by: Phrase, suggestion: Extract<Suggestion, { kind: 'size' }>): Recommendation {
  const target = targetOf(facts)
  return {
    text: say`${by} Aim at a limit of ${bytes(suggestion.bytes)} for ${groupOf(facts)} instead of ${bytes(suggestion.from ?? 0)}.`,
    why: say`${basis(suggestion)} What is set on the pod itself is lost: it is made anew from that setting.`,
    command:
      target?.pod == null
        ? null
        : `${target.cli} get pod${inNamespace(target.namespace)} ${shellWord(target.pod)} -o yaml | grep -n memory`,
    when: 'now',
    effect: say`The command shows what the pod was given. The setting holds for the next pod.`,
    lookFirst: true,
    owner: 'application',
  }
}

/** Where the size comes from: seen whole, or cut off at the limit. */
function basis(suggestion: Extract<Suggestion, { kind: 'size' }>): Phrase {
  const { need, cappedBy, beside } = suggestion
  const swap = need.swapBytes > 0 ? say` (${bytes(need.bytes - need.swapBytes)} resident and ${bytes(need.swapBytes)} in swap)` : say``
  const floor = need.floor
    ? say`At least ${bytes(need.bytes)}${swap} was wanted: usage was cut off at the limit.`
    : say`${bytes(need.bytes)}${swap} was in use.`
  return cappedBy === null
    ? floor
    : say`${floor} The node allows no more than ${bytes(cappedBy)}${beside === null ? say`` : say` beside the requests of its other pods`}.`
}

/** A heap that is a share of the limit grows with it: it is kept as large as it was, or takes the lower share that is advised beside this. */
function heapNote(facts: IncidentFacts, to: number, kept: boolean): Phrase {
  const ceiling = ceilingOf(facts)
  if (ceiling === null) return say``
  if (ceiling.fixed)
    return say` (the ${ceiling.what} of ${bytes(ceiling.bytes)}, ${code(ceiling.flag)}, then takes ${percent(ceiling.bytes / to)} of it at most)`
  return kept
    ? say`, and set ${code(shareFlag(ceiling, to))} with it: ${code(ceiling.flag)} is a share of the limit, and the heap would grow with it from its ${bytes(ceiling.bytes)}`
    : say`, with ${code(`-XX:MaxRAMPercentage=${sharePercent(ceiling)}`)} there too`
}

/** The limit alone would let the heap grow with it: where its flag can be set, one command sets both. */
function withHeap(facts: IncidentFacts, to: number, kept: boolean): Setting {
  const set = setLimit(facts, to)
  const ceiling = ceilingOf(facts)
  if (set.command === null || ceiling === null || ceiling.fixed || !kept) return set
  const heap = keepHeap(facts, ceiling, shareFlag(ceiling, to))
  return heap === null
    ? { ...set, effect: say`${set.effect} It sets the limit only: the flag stands where the program's arguments are kept.` }
    : { ...set, command: `${heap} && ${set.command}` }
}

/** The same heap as a share of the larger limit, in whole percent. */
const shareFlag = (ceiling: Ceiling, to: number): string => `-XX:MaxRAMPercentage=${Math.floor((ceiling.bytes / to) * 100)}`

/** No size that the node has is enough. */
export function noRoom(facts: IncidentFacts, suggestion: Extract<Suggestion, { kind: 'no-room' }>): Recommendation {
  const node = facts.node?.name ?? facts.incident.host
  const pod = podName(facts)
  return {
    text:
      suggestion.beside === null
        ? say`Do not look for a larger limit on this machine: ${bytes(suggestion.need.bytes)} was in use, and it can give ${bytes(suggestion.roomBytes)} at most. Find what grows, split the work, or move it to a larger node.`
        : say`Move ${pod === null ? 'it' : say`pod ${code(pod)}`} to a node with more room: ${bytes(suggestion.need.bytes)} was in use, and the requests of the other pods leave ${bytes(suggestion.roomBytes)} here. With a request of what it uses the scheduler finds such a node.`,
    why:
      suggestion.beside === null
        ? say`A request or limit above what a node has cannot be met: the pod would stay pending, or take its neighbours along.`
        : say`The scheduler places a pod only where its whole request is free; a request below what it holds takes memory that others were promised.`,
    command: node === null || targetOf(facts) === null ? null : `${cliOf(facts)} describe node ${shellWord(node)}`,
    when: 'now',
    effect: say`Changes nothing by itself.`,
    lookFirst: true,
    owner: 'application',
  }
}
