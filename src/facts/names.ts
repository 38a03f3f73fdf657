import type { Phrase } from '../model/diagnosis.ts'
import type { ContainerRef } from '../model/event.ts'
import type { Kill, Workload } from '../model/incident.ts'
import { kindAndName } from '../text/echo.ts'
import { isNameless } from '../text/nameless.ts'
import { short } from '../text/names.ts'
import { code, say } from '../text/say.ts'
import type { IncidentFacts } from './incident-facts.ts'

// What processes, pods, containers, units, jobs and machines are called in sentences: here and nowhere else.

/** `java` (PID 4321); what is not in the log is said so. */
export function nameOf(comm: string | null, pid: number | null): Phrase {
  if (comm === null && pid === null) return say`a process whose name is not in the log`
  if (comm === null || isNameless(comm)) return pid === null ? say`a process without a name` : say`the process with PID ${pid}`
  return pid === null ? say`${code(comm)}` : say`${code(comm)} (PID ${pid})`
}

/** A userspace killer took a whole cgroup: its container, pod or unit is who was killed. Workload managers end a job by its processes. */
export function isWholeGroup({ comm, pid, memcg, killer, workload }: Kill): boolean {
  if (comm !== null || pid !== null || processKillers.has(killer)) return false
  return memcg !== null || (killer === 'systemd-oomd' && workload?.unit != null)
}
const processKillers: ReadonlySet<string> = new Set(['kernel', 'unknown', 'kubelet', 'slurm', 'yarn'])

/** Who was killed: a process, or all that lived in a cgroup. */
export function killedOf(kill: Kill | null): Phrase {
  if (kill === null || !isWholeGroup(kill)) return nameOf(kill?.comm ?? null, kill?.pid ?? null)
  const home = homeOf(kill.workload)
  return say`everything in ${home.length > 0 ? home : say`${code(kill.memcg?.split('/').at(-1) ?? '?')}`}`
}

export const victimOf = (facts: IncidentFacts): Phrase => killedOf(facts.kill)

/** `namespace/pod`, as kubectl takes it. */
export const podOf = (w: Pick<Workload, 'namespace' | 'pod'> | null): string | null =>
  w === null || w.pod === null ? null : w.namespace === null ? w.pod : `${w.namespace}/${w.pod}`

export function podName(facts: IncidentFacts): string | null {
  const workload = workloadOf(facts)
  const namespace = workload?.namespace ?? facts.pod?.namespace ?? null
  return podOf({ namespace, pod: workload?.pod ?? (facts.pod?.name || null) })
}

/** `container app of pod shop/cart-5d8f-x2x7k`, a unit, a job, a container by its id; where a line is short, `shop/cart-5d8f-x2x7k/app`. Empty where nothing names it. */
export function homeOf(w: Workload | null, brief = false): Phrase {
  const pod = podOf(w)
  if (w === null) return say``
  if (pod !== null && brief) return say`${code(w.container === null ? pod : `${pod}/${w.container}`)}`
  if (pod !== null) return w.container === null ? say`pod ${code(pod)}` : say`container ${code(w.container)} of pod ${code(pod)}`
  if (w.podUid !== null && !brief) return say`a container of the pod with UID ${code(w.podUid)}`
  if (w.kind === 'slurm-job' && w.owner !== null) return say`Slurm job ${code(w.owner.slice(w.owner.indexOf('/') + 1))}`
  if (w.unit !== null && w.containerId === null) return say`${code(w.unit)}`
  const container = w.container ?? (w.containerId === null ? null : short(w.containerId))
  return container === null ? say`` : say`container ${code(container)}`
}

/** The same as a list's cell has it: `shop/api-7c9d4 · api`; where nothing names it, what kind of thing it is. */
export function labelOf(w: Workload): Phrase {
  const pod = podOf(w)
  if (pod !== null) return w.container === null ? say`${code(pod)}` : say`${code(pod)} · ${code(w.container)}`
  if (w.owner !== null && w.kind !== 'slurm-job') return say`${code(w.namespace === null ? w.owner : `${w.namespace}/${w.owner}`)}`
  if (w.container === null && w.podUid !== null)
    return say`pod with UID ${code(w.podUid)}${w.containerId === null ? say`` : say`, container ${code(short(w.containerId))}`}`
  const home = homeOf({ ...w, podUid: null, ...(w.container !== null ? { unit: null } : w.unit !== null ? { containerId: null } : {}) })
  return home.length > 0 ? home : say`${kindWords[w.kind]}`
}

const kindWords: Record<Workload['kind'], string> = {
  pod: 'a pod',
  'systemd-unit': 'a systemd unit',
  container: 'a container',
  'slurm-job': 'a Slurm job',
  'user-session': 'a user’s session',
  process: 'a process',
}

/** `container app of pod shop/cart`, as far as a line knows it. Where it knows only the id (PLEG), it is still the container that it speaks of: the pod may live on. */
export function containerText(r: ContainerRef | null): string {
  const pod = podOf(r)
  const name = r === null ? null : (r.container ?? (r.containerId === null ? null : r.containerId.slice(0, 12)))
  const container = name === null ? null : kindAndName('container', name)
  if (pod === null) return container ?? 'a container'
  return container === null ? kindAndName('pod', pod) : `${container} of ${kindAndName('pod', pod)}`
}

/** ` in …`, else ` on` the machine, else nothing. */
export function livedIn(w: Workload | null, host: string | null, brief = false): Phrase {
  const home = homeOf(w, brief)
  return home.length > 0 ? say` in ${home}` : onHost(host)
}

export const onHost = (host: string | null): Phrase => (host === null ? say`` : say` on ${code(host)}`)

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
  const workload = workloadOf(facts)
  if (workload?.unit != null) return say`unit ${code(workload.unit)}`
  const home = homeOf(workload)
  return home.length > 0 ? home : say`a memory cgroup that the log does not name`
}

/** Where the victim lived: ` in container …`, or nothing; all that lived there needs no place. */
export function inPlace(facts: IncidentFacts): Phrase {
  if (facts.kill !== null && isWholeGroup(facts.kill)) return []
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
