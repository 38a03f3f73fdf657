import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isOuter, workloadOf } from '../../facts/names.ts'
import { guestOfUnit } from '../../kube/cgroup-neighbours.ts'
import { minorOfVersion } from '../../kube/version.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { short } from '../../text/names.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { changesBefore } from '../changes.ts'
import { injectedLimit } from './injected.ts'
import { lxcOf } from './lxc.ts'
import { madeByOperator } from './operators.ts'
import { placeOf } from './places.ts'
import { requestsToo } from './room.ts'
import { runtimeCli } from './runtime-cli.ts'
import type { Setting } from './setting.ts'
import { dockerSize, quantity, systemdSize } from './sizes.ts'
import { isStaticPod, refOf, type Target, targetOf } from './target.ts'

/** Where schedulers that are not Kubernetes keep a limit. */
const ELSEWHERE: Readonly<Record<string, Phrase>> = {
  EcsTask: say`Set ${code('memory')} of the container (and of the task) in a new revision of the task definition, and update the service to it.`,
  NomadAllocation: say`Set ${code('memory')} (or ${code('memory_max')}) in the task's ${code('resources')} of the job file, and run the job again.`,
  YarnApplication: say`Set for the next run of the application: its containers' size and memory overhead.`,
}

const ownerKind = (facts: IncidentFacts): string | null => {
  const owner = workloadOf(facts)?.owner ?? null
  return owner === null ? null : owner.slice(0, owner.indexOf('/'))
}

/** The command that sets the limit to a size, for what this limit belongs to; without a command where none is known to do it. */
export function setLimit(facts: IncidentFacts, size: number): Setting {
  const lxc = lxcOf(facts)
  const inner = facts.limitCgroup?.level === 'unit' ? facts.limitCgroup.unit : null
  // A unit inside of the container has a limit of its own: the same size for the whole container would kill the rest of it.
  if (lxc !== null && inner !== null)
    return {
      command: `${lxc.inside}systemctl set-property ${shellWord(inner)} MemoryMax=${systemdSize(size)}`,
      effect: say`In force at once, without a restart, and kept in a drop-in of the unit inside the container.`,
    }
  if (lxc !== null)
    return {
      command: lxc.set(size),
      effect: say`In force at once, without a restart. ${lxc.lasts}`,
    }
  const guest = guestOfUnit(facts.limitCgroup?.unit ?? null)
  if (guest !== null)
    return {
      command: `virsh memtune ${shellWord(guest)} --hard-limit ${Math.ceil(size / 1024)} --live --config`,
      effect: say`In force at once, and kept in the machine's definition. Without a hard limit (${code('--hard-limit -1')}) libvirt sets none: what QEMU needs beside the guest's memory is hard to tell.`,
    }
  // None of the names inside a container that stands for a node is its own.
  const target = isOuter(facts) ? null : targetOf(facts)
  if (target !== null && facts.limitCgroup?.level !== 'unit') return inCluster(facts, target, size)
  const identity = facts.limitCgroup ?? facts.victimCgroup
  if (!isOuter(facts) && (workloadOf(facts)?.kind === 'pod' || identity?.podUid != null))
    return { command: null, effect: say`Set it where the pod's template is kept: a new pod has the new limit.` }
  const plain = identity !== null && identity.containerId === null && ['unit', 'slice', 'user-session'].includes(identity.level)
  // A container of systemd's own is its unit.
  const nspawn =
    identity?.unit != null &&
    identity.runtime === null &&
    (identity.unit.startsWith('systemd-nspawn@') || identity.unit.startsWith('machine-'))
  if (identity?.unit != null && (plain || nspawn)) {
    return {
      command: `systemctl set-property ${shellWord(identity.unit)} MemoryMax=${systemdSize(size)}`,
      effect: say`In force at once, without a restart, and kept in a drop-in of the unit.`,
    }
  }
  const elsewhere = ELSEWHERE[ownerKind(facts) ?? '']
  if (elsewhere !== undefined) return { command: null, effect: elsewhere }
  const id = identity?.containerId ?? null
  if (id !== null && (identity?.runtime === 'docker' || identity?.runtime === 'podman'))
    return {
      command: `${runtimeCli(identity)} update --memory ${dockerSize(size)} --memory-swap ${dockerSize(size + swapOf(facts))} ${shellWord(short(id))}`,
      effect: say`In force at once; lost when the container is made anew: change the compose file or unit too.`,
    }
  if (identity?.level === 'slurm-job') return inSlurm(identity.job, size)
  return { command: null, effect: say`In force when the group is set up anew.` }
}

/** A job's memory is asked for at its submission; the controller keeps its script for some minutes (MinJobAge), the accounting database longer. */
function inSlurm(job: string | null, size: number): Setting {
  const effect = say`Submits the job again with that much. A job that asks by CPU takes ${code('--mem-per-cpu=')}; once the controller has forgotten the script, ${code('sacct -B -j')} prints it.`
  const [id, script] = [shellWord(job ?? ''), shellWord(`job-${job}.sh`)]
  return job === null
    ? { command: null, effect: say`In force for the next submission: ${code('sbatch --mem=')} or ${code('--mem-per-cpu=')}.` }
    : { command: `scontrol write batch_script ${id} ${script} && sbatch --mem=${systemdSize(size)} ${script}`, effect }
}

/** docker refuses a memory limit above its memory-plus-swap limit: both are set, with the swap that the container was allowed. */
const swapOf = ({ dump }: IncidentFacts): number =>
  dump?.swap?.limitBytes ?? Math.max(0, (dump?.memorySwap?.limitBytes ?? 0) - (dump?.memory?.limitBytes ?? Number.POSITIVE_INFINITY))

function inCluster(facts: IncidentFacts, target: Target, size: number): Setting {
  if (isStaticPod(facts))
    return {
      command: null,
      effect: say`The pod is static: the kubelet of its node restarts it when its file in ${code('/etc/kubernetes/manifests')} is changed.`,
    }
  if (facts.limitCgroup?.level === 'pod' && facts.pod?.limitBytes != null) return podLevel(target, size)
  const injected = injectedLimit(facts, target, size)
  if (injected !== null) return injected
  if (target.kind === 'job') return { command: null, effect: say`A Job's template cannot be changed: delete it and create it anew.` }
  const made = madeByOperator(facts, target, size)
  if (made !== null) return made
  if (!target.settable || target.container === null) return unmanaged(facts, target, size)
  if (isOfOperator(facts))
    return {
      command: `${target.cli} get${inNamespace(target.namespace)} ${refOf(target)} -o jsonpath='{range .metadata.ownerReferences[*]}{.kind}/{.name}{"\\n"}{end}'`,
      effect: say`The command changes nothing: it names the object that ${code(facts.pod?.managedBy ?? '')} makes this from. Set the limit there: on the ${target.kind ?? 'pod'} it is taken back.`,
      lookFirst: true,
    }
  const both = requestsToo(facts) ? ` --requests=memory=${quantity(size)}` : ''
  return {
    command: `${target.cli} set resources${inNamespace(target.namespace)} ${refOf(target)} -c ${shellWord(target.container)} --limits=memory=${quantity(size)}${both}`,
    effect: effectOf(facts, target),
  }
}

/** An operator compares what it made with its own object, and takes every other change back at once. */
export const isOfOperator = (facts: IncidentFacts): boolean =>
  ['operator', 'controller', '-gateway', '-manager'].some((end) => facts.pod?.managedBy?.toLowerCase().endsWith(end) === true)

/** Whose template it is decides how long the change lives. */
export function effectOf(facts: IncidentFacts, target: Target): Phrase {
  const rolls =
    target.kind === 'cronjob'
      ? say`Holds for the next run.`
      : target.kind === 'daemonset'
        ? say`Replaces the pod on every node, one after another.`
        : say`Rolls every replica.`
  const manager = facts.pod?.managedBy ?? null
  if (manager === null) return say`${rolls} Lost at the next deploy unless the manifest is changed too.`
  return manager === 'Helm'
    ? say`${rolls} The next ${code('helm upgrade')} overwrites it: change the chart's values too.`
    : say`${rolls} ${code(manager)} overwrites it: change what it deploys from.`
}

/** A bare pod, or one whose controller kubectl cannot change: from 1.33 on (resize is on by default) a limit is raised in place. */
function unmanaged(facts: IncidentFacts, target: Target, size: number): Setting {
  const owner = workloadOf(facts)?.owner ?? facts.pod?.owner ?? null
  const place = placeOf(target)
  if (place !== null) return { command: null, effect: place }
  if (target.kind !== null && target.kind !== 'pod' && owner !== null)
    return { command: null, effect: say`${code(owner)} makes this pod: set it in what that is made from. On the pod itself it is lost.` }
  const minor = minorOfVersion(facts.node?.kubeletVersion ?? null)
  // What was resized in place before can be again.
  const resizes = changesBefore(facts).some(({ name }) => name.startsWith('Resize')) || (minor ?? 0) >= 33
  if (target.pod === null || target.container === null || !resizes)
    return {
      command: null,
      effect: say`Set it where the pod is made, and make it anew${resizes || minor === null ? say`; from Kubernetes 1.33 on ${code('kubectl patch pod --subresource resize')} raises it in place` : say`: a pod's limit is fixed at its start here`}.`,
    }
  const patch = JSON.stringify({ spec: { containers: [{ name: target.container, resources: { limits: { memory: quantity(size) } } }] } })
  return {
    command: `${target.cli} patch pod${inNamespace(target.namespace)} ${shellWord(target.pod)} --subresource resize --patch ${shellWord(patch)}`,
    effect: say`Raised in place (Kubernetes 1.33 and later), without a restart unless the container's ${code('resizePolicy')} asks for one; lost with the pod.`,
  }
}

/** Pod-level resources (KEP-2837) stand in the pod's template. */
function podLevel(target: Target, size: number): Setting {
  if (!target.settable || target.kind === 'cronjob') return { command: null, effect: say`Set it where the pod's template is kept.` }
  const patch = JSON.stringify({ spec: { template: { spec: { resources: { limits: { memory: quantity(size) } } } } } })
  return {
    command: `${target.cli} patch${inNamespace(target.namespace)} ${refOf(target)} --type=merge -p ${shellWord(patch)}`,
    effect: say`Rolls every replica. Lost at the next deploy unless the manifest is changed too.`,
  }
}
