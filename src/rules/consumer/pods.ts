import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { type NodeUsage, nodeUsage, type PodUsage } from '../../facts/pod-usage.ts'
import type { Confidence } from '../../model/diagnosis.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'

/** Behind an eviction there is no kernel report; a table of the pods' use tells who held the node, as of a moment that is not printed. */
function usageOf(facts: IncidentFacts): NodeUsage | null {
  return facts.kill?.killer === 'kubelet' && facts.composition === null ? nodeUsage(facts) : null
}

const nameOf = ({ namespace, pod }: PodUsage) => code(namespace === null ? pod : `${namespace}/${pod}`)

/** A table that still has the evicted pod, of pods known to be this node's, was printed in that shortage. */
const confidenceOf = ({ isBefore, isOfNode }: NodeUsage): Confidence => (isBefore && isOfNode ? 'medium' : 'low')

const doubt = ({ isBefore, isOfNode }: NodeUsage) =>
  isBefore && isOfNode
    ? say`The table has no time and shows pods, page cache in use included; which of its processes held it is not there.`
    : isBefore
      ? say`Whether all of these pods run on that node is not in the input.`
      : say`The evicted pod is no longer in the table: it was printed later.`

/** One pod that held half of the node or more. */
export function largestPod(facts: IncidentFacts) {
  const usage = usageOf(facts)
  const [first] = usage?.pods ?? []
  if (usage === null || first === undefined || first.bytes < usage.capacityBytes / 2 || first.bytes > usage.capacityBytes) return null
  const request =
    first.requestBytes === null || first.requestBytes === 0 ? say`` : say`, of the ${bytes(first.requestBytes)} that it requests`
  return {
    confidence: confidenceOf(usage),
    statement: say`Pod ${nameOf(first)} held ${bytes(first.bytes)}${request}: ${percent(first.bytes / usage.capacityBytes)} of the ${bytes(usage.capacityBytes)} of the node.`,
    evidence: evidence(first.quotes, [facts.node?.capacityBytes?.quote]),
    against: doubt(usage),
  }
}

/** Pods that hold half of the node or more together, and none of them alone. */
export function manyPods(facts: IncidentFacts) {
  const usage = usageOf(facts)
  if (usage === null || usage.pods.length < 2) return null
  const [first, second] = usage.pods as [PodUsage, PodUsage]
  const sum = usage.pods.reduce((all, { bytes: size }) => all + size, 0)
  if (first.bytes >= usage.capacityBytes / 2 || sum < usage.capacityBytes / 2 || sum > usage.capacityBytes) return null
  return {
    confidence: confidenceOf(usage),
    statement: say`${count(usage.pods.length)} pods together held ${bytes(sum)}, ${percent(sum / usage.capacityBytes)} of the ${bytes(usage.capacityBytes)} of the node; the largest are ${nameOf(first)} with ${bytes(first.bytes)} and ${nameOf(second)} with ${bytes(second.bytes)}.`,
    evidence: evidence(first.quotes, second.quotes, [facts.node?.capacityBytes?.quote]),
    against: doubt(usage),
  }
}
