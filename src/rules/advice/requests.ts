import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { podName } from '../../facts/names.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { isMemorySignal } from '../../kube/eviction-signal.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { cliOf, namespaceOf, podOf } from './target.ts'

/** An evicted pod had used more than it asked for. Only where it was evicted for memory. */
export function requestOfEvicted(facts: IncidentFacts): readonly Recommendation[] {
  const pod = podOf(facts)
  const event = facts.kill?.event?.kind === 'eviction' ? facts.kill.event : null
  const signal = event?.signal ?? facts.context.evictions.find(({ event: one }) => one.signal !== null)?.event.signal ?? null
  if (pod === null || !isMemorySignal(signal)) return []
  // The kubelet's log names the pod only; its status and events tell what it used.
  const told = [event, ...facts.context.evictions.map(({ event: one }) => one)].find((one) =>
    one?.usages.some(({ usageBytes }) => usageBytes !== null),
  )
  const used = told?.usages.reduce((sum, one) => sum + (one.usageBytes ?? 0), 0) ?? 0
  // One without a limit is given a request with it: that advice has the size already.
  const bare = (facts.pod?.qosClass ?? facts.victimCgroup?.qosClass) === 'BestEffort' || hasNoLimit(facts)
  return [
    {
      text: bare
        ? say`If pod ${code(podName(facts) ?? pod)} is not to be the first to be evicted, give it a priority class above that of its neighbours.`
        : say`If pod ${code(podName(facts) ?? pod)} is not to be the first to be killed, set its memory request to what it uses${used > 0 ? say` (${bytes(used)} at the eviction)` : say``}, or give it a priority class.`,
      why: say`The kubelet evicts first what uses more than it requested, then by priority: a pod within its request goes last.`,
      command: `${cliOf(facts)} get pod${inNamespace(namespaceOf(facts))} ${shellWord(pod)} -o jsonpath='{.spec.priorityClassName} {.spec.containers[*].resources}{"\\n"}'`,
      when: 'prevent',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'application',
    },
  ]
}

const hasNoLimit = ({ container, pod }: IncidentFacts): boolean =>
  container !== null && container.limitBytes === null && pod?.limitBytes == null

/** The victim's own adjustment made it go before larger ones: the kubelet derives it from the memory request (1000 is BestEffort). */
export function requestOfVictim(facts: IncidentFacts): readonly Recommendation[] {
  const victim = facts.scores?.victim ?? null
  const adj = victim === null ? 0 : (adjustmentOf(victim.row) ?? 0)
  const pod = podName(facts)
  if (victim === null || adj < 900 || (facts.kill !== null && facts.kill.killer !== 'kernel')) return []
  if (pod === null && facts.victimCgroup?.podUid == null) return []
  return [
    {
      text: say`If ${code(pod ?? victim.row.comm)} is not to be the first to be killed, give it a memory request near its use (its process held ${bytes(victim.row.rssBytes ?? 0)}): its oom_score_adj then falls from ${adj}.`,
      why: say`The kubelet derives oom_score_adj from the request; without one it is 1000, and the kernel takes such processes before far larger ones.`,
      command: null,
      when: 'prevent',
      effect: say`Takes a new pod.`,
      owner: 'application',
    },
  ]
}
