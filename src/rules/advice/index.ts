import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { choose } from './choose.ts'
import { findPod } from './find-pod.ts'
import { keepTheLog } from './keep-log.ts'
import { seeItBack } from './see-it-back.ts'
import { subjectOf } from './subject.ts'
import { takeBack } from './take-back.ts'
import { isStaticPod, namespaceOf } from './target.ts'

/**
 * The report's last part. Rules tell what their answer asks for (the root cause first); here come what any incident asks for, the order and the number.
 * A fault in one piece of advice costs that piece: rules are asked under guard.
 */
export function adviseOn(facts: IncidentFacts, byAnswers: readonly Recommendation[]): readonly Recommendation[] {
  // Whose pod it was comes first, unless the killed one is a bystander: then what held the memory does.
  const bystander = facts.scope === 'global' && subjectOf(facts)?.isVictim !== true
  const pod = findPod(facts).map((one) => (bystander ? { ...one, when: 'find' as const } : one))
  const all = bystander ? [...byAnswers, ...pod] : [...pod, ...takeBack(facts), ...byAnswers]
  // There is always something to do now: what was killed is looked after, and what the log lacks is fetched while it is there.
  const chosen = choose(all.some(({ when }) => when === 'now') ? all : [...seeItBack(facts), ...keepTheLog(facts), ...all])
  return !bystander && isOfCluster(facts)
    ? chosen.map((one) => (one.owner === 'application' ? { ...one, owner: 'platform' } : one))
    : chosen
}

/** The cluster's own pods have no other owner than who runs the cluster. */
function isOfCluster(facts: IncidentFacts): boolean {
  const namespace = namespaceOf(facts)
  return isStaticPod(facts) || namespace === 'kube-system' || namespace?.startsWith('openshift-') === true
}
