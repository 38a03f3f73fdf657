import type { IncidentFacts } from '../facts/incident-facts.ts'
import { containerName, groupOf, machineOf, victimOf, workloadOf } from '../facts/names.ts'
import type { Recommendation } from '../model/diagnosis.ts'
import { bytes, code, instant, say } from '../text/say.ts'
import { leak } from './pattern/leak.ts'

const MIB = 2 ** 20

/** One argument of a shell command, safe whatever a log put into it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A next size to try: half as much again, rounded up to what people write (16 MiB, from 1 GiB on 128 MiB). */
export function nextSize(limit: number): number {
  const wanted = limit * 1.5
  const step = wanted >= 2 ** 30 ? 128 * MIB : wanted >= 128 * MIB ? 16 * MIB : 8 * MIB
  return Math.ceil(wanted / step) * step
}

/** The quantity as Kubernetes and systemd take it: `96Mi`, `96M`. */
const mebi = (size: number): number => Math.ceil(size / MIB)

/** `-n shop`, or nothing when the namespace is unknown. */
const inNamespace = (namespace: string | null): string => (namespace === null ? '' : ` -n ${shellWord(namespace)}`)

/** The object that owns the pod, as kubectl takes it (`deployment/cart`), else the pod. */
export function kubectlTarget(facts: IncidentFacts): string | null {
  const workload = workloadOf(facts)
  const owner = workload?.owner ?? facts.pod?.owner ?? null
  const match = owner === null ? null : /^(?<kind>Deployment|StatefulSet|DaemonSet|ReplicaSet|CronJob|Job)\/(?<name>.+)$/.exec(owner)
  if (match?.groups) return shellWord(`${match.groups['kind']?.toLowerCase()}/${match.groups['name']}`)
  const pod = workload?.pod ?? facts.pod?.name ?? null
  return pod === null ? null : shellWord(`pod/${pod}`)
}

export const namespaceOf = (facts: IncidentFacts): string | null => workloadOf(facts)?.namespace ?? facts.pod?.namespace ?? null

/** The command that sets the limit to a size, for what this limit belongs to; `null` where no command is known to do it. */
export function setLimitCommand(facts: IncidentFacts, size: number): string | null {
  const workload = workloadOf(facts)
  const target = kubectlTarget(facts)
  const container = containerName(facts)
  if (facts.limitCgroup?.level === 'pod' && target !== null && !isOneContainer(facts)) return podLevelCommand(facts, target, size)
  if (target !== null && !target.startsWith('pod/') && container !== null && facts.limitCgroup?.level !== 'unit') {
    return `kubectl set resources${inNamespace(namespaceOf(facts))} ${target} -c ${shellWord(container)} --limits=memory=${mebi(size)}Mi`
  }
  if (workload?.kind === 'pod' || target !== null) return null
  const identity = facts.limitCgroup
  if (identity?.unit != null && ['unit', 'slice', 'user-session'].includes(identity.level)) {
    return `systemctl set-property ${shellWord(identity.unit)} MemoryMax=${mebi(size)}M`
  }
  const id = identity?.level === 'container' ? identity.containerId : null
  if (id !== null && (identity?.runtime === 'docker' || identity?.runtime === 'podman'))
    return `${identity.runtime} update --memory ${mebi(size)}m ${shellWord(id)}`
  return null
}

/** A pod of one container: its limit is the pod's. */
const isOneContainer = (facts: IncidentFacts): boolean =>
  facts.pod?.containers.filter((c) => c.type === 'regular' || c.type === 'sidecar').length === 1 && facts.pod.limitBytes === null

/** Pod-level resources (KEP-2837) stand in the pod's template; a sum of containers has no one place to set. */
function podLevelCommand(facts: IncidentFacts, target: string, size: number): string | null {
  if (facts.pod?.limitBytes == null || target.startsWith('pod/')) return null
  const patch = JSON.stringify({ spec: { template: { spec: { resources: { limits: { memory: `${mebi(size)}Mi` } } } } } })
  return `kubectl patch${inNamespace(namespaceOf(facts))} ${target} --type=merge -p '${patch}'`
}

/** The command that shows the present usage of what was hit. */
function watchCommand(facts: IncidentFacts): string | null {
  const workload = workloadOf(facts)
  const pod = workload?.pod ?? facts.pod?.name ?? null
  if (pod !== null) return `kubectl top pod${inNamespace(namespaceOf(facts))} ${shellWord(pod)} --containers`
  const identity = facts.limitCgroup ?? facts.victimCgroup
  if (identity?.unit != null && identity.containerId === null)
    return `systemctl show ${shellWord(identity.unit)} -p MemoryCurrent -p MemoryPeak -p MemoryMax`
  if (identity?.containerId != null && (identity.runtime === 'docker' || identity.runtime === 'podman'))
    return `${identity.runtime} stats --no-stream ${shellWord(identity.containerId)}`
  if (identity === null) return null
  return facts.dump?.cgroupVersion === 1
    ? `cat ${shellWord(`/sys/fs/cgroup/memory${identity.path}/memory.max_usage_in_bytes`)}`
    : `cat ${shellWord(`/sys/fs/cgroup${identity.path}/memory.peak`)}`
}

/** Raising a limit is a measurement, not a cure: to what, from what, and what the result would mean. */
export function raiseLimit(facts: IncidentFacts): readonly Recommendation[] {
  const limit = facts.memcgLimit?.limitBytes ?? facts.container?.limitBytes?.value ?? null
  if (limit === null || limit <= 0) return []
  // Files in memory, kernel memory or page cache are not cured by a larger limit.
  const held = facts.composition
  if (held !== null && held.main.id !== 'anon' && held.main.share >= 0.5) return []
  if (leak.holds(facts)) return []
  const next = nextSize(limit)
  return [
    {
      text: say`As a trial, raise the memory limit of ${groupOf(facts)} from ${bytes(limit)} to ${bytes(next)}, and watch how long it takes until usage comes near it.`,
      why: say`If usage settles below ${bytes(next)}, the limit was too low; if the time to the next kill merely grows in proportion, it is a leak and no limit will do.`,
      command: setLimitCommand(facts, next),
      when: 'now',
    },
  ]
}

export function watchUsage(facts: IncidentFacts): readonly Recommendation[] {
  const limit = facts.memcgLimit?.limitBytes ?? null
  const command = watchCommand(facts)
  if (command === null) return []
  const against = limit === null ? say`` : say` against its limit of ${bytes(limit)}`
  return [
    {
      text: say`Record the memory usage of ${groupOf(facts)}${against} over at least one working day, and alert at 80 %.`,
      why: say`One report shows the moment of the kill only: a steady plateau, a ramp and a spike look the same in it.`,
      command,
      when: 'find',
    },
  ]
}

export function lookAtProcess(facts: IncidentFacts): readonly Recommendation[] {
  if (leak.holds(facts)) return []
  const largest = facts.composition?.largest ?? null
  const comm = largest?.row.comm ?? facts.kill?.comm ?? null
  if (comm === null || comm === '') return []
  const size = largest?.bytes ?? facts.kill?.anonRssBytes ?? null
  const held = size === null ? say`` : say`, which held ${bytes(size)} of its own when the limit was hit`
  return [
    {
      text: say`Take a heap profile of ${code(comm)}${held}.`,
      why: say`Anonymous memory cannot be reclaimed without swap: only the program can give it back.`,
      command: null,
      when: 'find',
    },
  ]
}

/** Where the input tells of a death and no more: what would tell, before it is overwritten. */
export function keepTheLog(facts: IncidentFacts): readonly Recommendation[] {
  if (facts.kill === null) return []
  const at = facts.kill.at.epochUs
  const when = at === null ? say`` : say` (${instant(at)})`
  const since = at === null ? '-b all' : `--since=@${Math.floor(at / 1_000_000) - 120} --until=@${Math.floor(at / 1_000_000) + 120}`
  return [
    {
      text: say`Save the kernel's log of ${machineOf(facts)} around the kill of ${victimOf(facts)}${when} before it is rotated away.`,
      why: say`The whole report names the limit, what filled it and who was chosen among; what was read here does not.`,
      command: `journalctl -k ${since} -o short-precise --no-pager`,
      when: 'now',
    },
  ]
}
