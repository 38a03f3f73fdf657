import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import type { Answer, Confidence, Missing, Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { evidence, killLines, lines } from '../evidence.ts'

/** What the answers about memory cgroup limits share: the group is named, its counter stands at its limit. */
export type MemcgAnswer = Omit<Answer<never>, 'id'>

/** `null` unless the kernel said that a memory cgroup ran into its limit (a kill, or nothing killable, or a panic in one). */
export function hitsMemcg(facts: IncidentFacts): boolean {
  return facts.scope === 'memcg' && facts.dump !== null && !facts.dump.manual && (facts.kill === null || facts.kill.killer === 'kernel')
}

/** High when the group's name was printed and its counter agrees; medium when the name is only in the statistics' head or usage is below. */
function memcgConfidence(facts: IncidentFacts): Confidence {
  const limit = facts.memcgLimit
  if (facts.trust !== 'high' || limit?.pathFrom == null || limit.reached === false) return 'medium'
  return limit.pathFrom === 'printed' || limit.reached === true ? 'high' : 'medium'
}

function memcgEvidence(facts: IncidentFacts): Answer['evidence'] {
  const counter = facts.memcgLimit?.of === 'memory+swap' ? lines(facts, 'memorySwap', 'memory') : lines(facts, 'memory')
  return evidence(lines(facts, 'summary', 'taskIn'), counter, lines(facts, 'stats').slice(0, 1), killLines(facts, 1))
}

/** `used 80.0 MiB of its limit of 80.0 MiB`, with the counter's name when it is not the plain one. */
function usagePhrase(facts: IncidentFacts): Phrase {
  const limit = facts.memcgLimit
  if (limit?.limitBytes == null) return say`reached its memory limit, whose size is not in the log`
  const kind = limit.of === 'memory+swap' ? say`memory-and-swap limit` : say`memory limit`
  if (limit.usageBytes === null) return say`reached its ${kind} of ${bytes(limit.limitBytes)}`
  return limit.reached === false
    ? say`had a ${kind} of ${bytes(limit.limitBytes)} and used ${bytes(limit.usageBytes)} when the report was written`
    : say`reached its ${kind} of ${bytes(limit.limitBytes)} (usage ${bytes(limit.usageBytes)})`
}

/** cgroup v2: a swap limit that was full too left reclaim nowhere to go. One of 0 is none at all, as a container's usually is. */
function swapPhrase({ dump }: IncidentFacts): Phrase {
  const swap = dump?.swap ?? null
  if (swap === null || swap.limitBytes === null || swap.limitBytes === 0 || swap.usageBytes < swap.limitBytes * 0.99) return say``
  return say`, with the ${bytes(swap.limitBytes)} of swap that it may use full as well (${code('memory.swap.max')})`
}

export function memcgAnswer(facts: IncidentFacts, more: Phrase = []): MemcgAnswer {
  const below = facts.memcgLimit?.reached === false
  const difference = contradiction(facts)
  const against = below
    ? say`The printed usage is well below the limit: it fell between the failure and the print, or the request was large.`
    : difference
  return {
    confidence: difference === null ? memcgConfidence(facts) : 'medium',
    statement: say`${upper(groupOf(facts))} ${usagePhrase(facts)}${swapPhrase(facts)}; ${facts.kill === null ? say`the OOM killer then ran in it` : say`the kernel then had to kill inside it`}.${more}`,
    evidence: memcgEvidence(facts),
    against,
  }
}

/** The spec says another limit than the kernel: another pod's object, or a resize since. */
function contradiction(facts: IncidentFacts): Phrase | null {
  const spec = facts.container?.limitBytes?.value ?? null
  const hit = facts.memcgLimit?.limitBytes ?? null
  if (facts.limitCgroup?.level !== 'container' || spec === null || hit === null || Math.abs(spec - hit) <= 2 * 65536) return null
  return say`The pod's specification says ${bytes(spec)}, the kernel enforced ${bytes(hit)}: the object is newer than the kill, or the limit was resized.`
}

/** Phrases begin sentences: the first plain word gets its capital. */
export function upper(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase
  return typeof first === 'string' && first !== '' ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase
}

export function memcgMissing(facts: IncidentFacts): readonly Missing[] {
  if (!hitsMemcg(facts) || facts.memcgLimit?.limitBytes != null) return []
  const path = facts.memcgLimit?.path ?? null
  return [
    {
      text: say`The size of the limit: the lines ${code('memory: usage …, limit …')} of the report are not in the log.`,
      command: path === null ? 'journalctl -k -o short-precise' : 'journalctl -k -o short-precise | grep -A3 "memory: usage"',
    },
  ]
}
