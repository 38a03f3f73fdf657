import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName, containerOfPod, nameOf, victimOf } from '../../facts/names.ts'
import { namingLabels } from '../../facts/own-curve.ts'
import { identifyCgroup } from '../../kube/cgroup-path.ts'
import { short } from '../../text/names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, lines } from '../evidence.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'
import { trueSystemOom } from './system-oom.ts'

/** The group is a container's own, or the pod's where the pod's one container set that very limit (the kernel names the upper one). */
export const containerLimit = defineRule({
  question: 'limit',
  id: 'container-limit',
  title: "A container's own memory limit",
  needs: [],
  weight: 60,
  evaluate: (facts) => (facts.dump === null ? fromStatus(facts) : fromKernel(facts)),
  settledBy: memcgMissing,
})

function fromKernel(facts: IncidentFacts) {
  if (!hitsMemcg(facts)) return null
  const group = facts.limitCgroup
  if (group?.level === 'container' && group.runtime !== 'lxc') {
    const answer = memcgAnswer(facts)
    return { ...answer, evidence: evidence(answer.evidence, namingLabels(facts)) }
  }
  if (group?.level === 'pod' && isOnlyContainersLimit(facts)) {
    const limit = facts.container?.limitBytes ?? null
    const answer = memcgAnswer(
      facts,
      say` The pod has one container, whose limit is the same: the kernel charges the pod first and names it.`,
    )
    return { ...answer, evidence: evidence(answer.evidence.slice(0, 4), [limit?.quote]) }
  }
  if (group !== null || facts.memcgLimit?.path !== null) return null
  return fromWorkload(facts) ?? fromCpuset(facts)
}

/**
 * No line names the group or the victim, but the task whose charge failed lived in it or below: the cpuset that the report names by its last component is a
 * container's scope.
 */
function fromCpuset(facts: IncidentFacts) {
  const name = facts.dump?.cpuset ?? facts.dump?.trigger?.cpuset ?? null
  const identity = name === null ? null : identifyCgroup(`/kubepods/pod/${name}`)
  const id = identity?.level === 'container' ? identity.containerId : null
  if (id === null) return null
  return {
    confidence: 'medium' as const,
    statement: say`A memory cgroup ran into its limit; ${nameOf(facts.dump?.trigger?.comm ?? null, facts.dump?.trigger?.pid ?? null)}, which asked for memory, lived in container ${code(short(id))}: most likely that container's own limit.`,
    evidence: evidence(lines(facts, 'header', 'summary', 'stack'), facts.kill?.evidence ?? []),
    against: say`The lines that name the group are not in the log: its pod's limit, or one above, is possible too.`,
  }
}

/** The kernel's line names no group, but the victim's container is known from elsewhere. */
function fromWorkload(facts: IncidentFacts) {
  const id = facts.victimCgroup?.level === 'container' ? facts.victimCgroup.containerId : (facts.kill?.workload?.containerId ?? null)
  if (id === null || facts.kill === null) return null
  const where = containerName(facts) ?? id
  return {
    confidence: 'medium' as const,
    statement: say`A memory cgroup limit stopped ${victimOf(facts)}, which lived in container ${code(where)}: most likely that container's own limit.`,
    evidence: evidence(facts.kill.evidence),
    against: say`The lines that name the group (${code('oom_memcg=')}) are not in the log: its pod's limit is possible too.`,
  }
}

export function isOnlyContainersLimit(facts: IncidentFacts): boolean {
  const hit = facts.memcgLimit?.limitBytes ?? null
  const regular = facts.pod?.containers.filter((c) => c.type === 'regular' || c.type === 'sidecar') ?? []
  const own = facts.container?.limitBytes?.value ?? null
  return hit !== null && own !== null && regular.length === 1 && facts.pod?.limitBytes == null && Math.abs(own - hit) <= 2 * 65536
}

/** Only a container status tells of the kill. `OOMKilled` says that the kernel killed in the container's cgroup, not whose limit it was. */
function fromStatus(facts: IncidentFacts) {
  const kill = facts.kill
  if (kill === null || kill.killer !== 'kernel' || kill.target === null) return null
  if (kill.constraint === 'none' || trueSystemOom(facts) !== null) return null
  const limit = facts.container?.limitBytes ?? null
  if (limit === null) return fromInspect(facts)
  const init = [facts.container?.state, facts.container?.lastState].find((s) => s?.initKilled)
  if (init != null)
    return {
      confidence: 'medium' as const,
      statement: say`${containerOfPod(facts, true)} was killed for memory before its program began; its limit is ${bytes(limit.value)}.`,
      evidence: evidence(init.quotes.slice(0, 3), [limit.quote]),
      against: say`No kernel line tells which limit it was.`,
    }
  return {
    confidence: 'medium' as const,
    statement: say`The status of ${containerOfPod(facts)} says OOMKilled, and the container has a memory limit of ${bytes(limit.value)}: most likely that limit was reached.`,
    evidence: evidence(kill.evidence, [limit.quote]),
    against: say`No kernel line tells which limit it was: a node-wide shortage leaves the same status.`,
  }
}

/** docker's, podman's or crictl's own word, with the limit that the runtime set. */
function fromInspect(facts: IncidentFacts) {
  const id = facts.kill?.target?.containerId ?? null
  const found = facts.incident.snapshots.find((s) => s.kind === 'runtime-container' && s.oomKilled === true && s.containerId === id)
  if (found?.kind !== 'runtime-container' || found.limitBytes === null || facts.kill === null) return null
  return {
    confidence: 'medium' as const,
    statement: say`The runtime says that container ${code(containerName(facts) ?? id?.slice(0, 12) ?? 'unknown')} was OOMKilled, and it has a memory limit of ${bytes(found.limitBytes)}: most likely that limit was reached.`,
    evidence: evidence(facts.kill.evidence),
    against: say`No kernel line tells which limit it was: a shortage of the whole machine leaves the same mark.`,
  }
}
