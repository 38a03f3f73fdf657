import type { Phrase } from '../model/diagnosis.ts'
import type { Kill } from '../model/incident.ts'
import { short } from '../text/names.ts'
import { code, say } from '../text/say.ts'
import type { IncidentFacts } from './incident-facts.ts'

/** `java` (PID 4321); what is not in the log is said so. */
export function nameOf(comm: string | null, pid: number | null): Phrase {
  if (comm === null && pid === null) return say`a process whose name is not in the log`
  if (comm === null || comm === '') return say`the process with PID ${pid ?? '?'}`
  return pid === null ? say`${code(comm)}` : say`${code(comm)} (PID ${pid})`
}

export const victimOf = (facts: IncidentFacts): Phrase => nameOf(facts.kill?.comm ?? null, facts.kill?.pid ?? null)

/** `namespace/pod`, as kubectl takes it. */
export function podName(facts: IncidentFacts): string | null {
  const workload = workloadOf(facts)
  const pod = workload?.pod ?? (facts.pod?.name || null)
  const namespace = workload?.namespace ?? facts.pod?.namespace ?? null
  return pod === null ? null : namespace === null ? pod : `${namespace}/${pod}`
}

export const workloadOf = (facts: IncidentFacts): Kill['workload'] => facts.kill?.workload ?? facts.incident.workload

export const containerName = (facts: IncidentFacts): string | null =>
  (facts.container?.name || null) ?? workloadOf(facts)?.container ?? null

/** `container app of pod shop/cart-5d8f-x2x7k`, as far as they are named; an init container is called one. */
export function containerOfPod(facts: IncidentFacts, begins = false): Phrase {
  const [name, pod] = [containerName(facts), podName(facts)]
  const kind = facts.container?.type === 'init' ? 'init container' : 'container'
  const words = name === null ? `${kind === 'container' ? 'a' : 'an'} ${kind}` : kind
  const where = pod === null ? say` of a pod that is not named here` : say` of pod ${code(pod)}`
  return say`${begins ? words.charAt(0).toUpperCase() + words.slice(1) : words}${name === null ? say`` : say` ${code(name)}`}${where}`
}

/** The group that a limit belongs to, in the reader's words: container, pod, unit or path. */
export function groupOf(facts: IncidentFacts): Phrase {
  const identity = facts.limitCgroup ?? facts.victimCgroup
  if (identity === null) return placeWithoutPath(facts, containerName(facts), podName(facts))
  if (isOuter(facts)) return say`container ${code(short(identity.containerId ?? '?'))} (inside which the victim's container runs)`
  const pod = podName(facts)
  const container = containerName(facts)
  const id = workloadOf(facts)?.containerId ?? identity?.containerId ?? null
  switch (identity.level) {
    case 'container':
      if (container !== null && pod !== null) return say`container ${code(container)} of pod ${code(pod)}`
      if (container !== null) return say`container ${code(container)}`
      if (id !== null && pod !== null) return say`container ${code(short(id))} of pod ${code(pod)}`
      if (id !== null && identity.podUid !== null) return say`container ${code(short(id))} of pod ${code(identity.podUid)}`
      return id === null ? say`the container ${code(identity.path)}` : say`container ${code(short(id))}`
    case 'pod':
      return say`pod ${code(pod ?? identity.podUid ?? identity.path)}`
    case 'kubepods':
      return say`the cgroup of all pods of the node (${code(identity.path)})`
    case 'qos':
      return say`the cgroup of all ${identity.qosClass ?? ''} pods of the node (${code(identity.path)})`
    case 'unit':
    case 'user-session':
      return say`unit ${code(identity.unit ?? identity.path)}`
    case 'slice':
      return say`slice ${code(identity.unit ?? identity.path)}`
    case 'slurm-job':
      return say`Slurm job ${code(identity.job ?? identity.path)}`
    case 'vm':
      return say`the virtual machine's cgroup ${code(identity.path)}`
    default:
      return say`the memory cgroup ${code(identity.path)}`
  }
}

/** The limit is that of a container which stands for a node (kind, docker in docker, LXC): none of the names inside it are its own. */
export function isOuter(facts: IncidentFacts): boolean {
  const [limit, victim] = [facts.limitCgroup, facts.victimCgroup]
  if (limit?.level !== 'container' || limit.containerId === null) return false
  const inner = victim?.containerId ?? workloadOf(facts)?.containerId ?? null
  return inner !== null && !inner.startsWith(limit.containerId) && !limit.containerId.startsWith(inner)
}

function placeWithoutPath(facts: IncidentFacts, container: string | null, pod: string | null): Phrase {
  if (container !== null && pod !== null) return say`container ${code(container)} of pod ${code(pod)}`
  if (pod !== null) return say`pod ${code(pod)}`
  const unit = workloadOf(facts)?.unit ?? null
  return unit === null ? say`a memory cgroup that the log does not name` : say`unit ${code(unit)}`
}

/** Where the victim lived: ` in container …`, or nothing. */
export function inPlace(facts: IncidentFacts): Phrase {
  const identity = facts.victimCgroup
  const pod = podName(facts)
  const container = containerName(facts)
  if (container !== null && pod !== null) return say` in container ${code(container)} of pod ${code(pod)}`
  if (pod !== null) return say` in pod ${code(pod)}`
  if (identity?.level === 'container' && identity.containerId !== null) return say` in container ${code(short(identity.containerId))}`
  const unit = identity?.unit ?? workloadOf(facts)?.unit ?? null
  if (unit !== null) return unit.endsWith('.slice') ? say` in slice ${code(unit)}` : say` in unit ${code(unit)}`
  return identity === null || identity.level === 'root' ? [] : say` in cgroup ${code(identity.path)}`
}

/** The node or host, or words for it. */
export function machineOf(facts: IncidentFacts): Phrase {
  const name = facts.node?.name ?? facts.incident.host
  return name === null || name === undefined ? say`the machine` : say`node ${code(name)}`
}
