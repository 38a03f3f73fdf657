import type { CgroupIdentity } from '../model/figures.ts'
import type { Workload } from '../model/incident.ts'

/** No name: hex digits, Fargate's `<32 digits>-<number>`, a UUID of Mesos. */
const ID = /^(?:[0-9a-f]{12,64}|[0-9a-f]{32}-\d{1,20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/**
 * The workload that a cgroup path alone tells, names of Kubernetes objects still unknown. A job of another scheduler stands in `owner`,
 * in the manner of Kubernetes owners: `SlurmJob/123`, `EcsTask/<id>`, `NomadAllocation/<id>`, `YarnApplication/application_…`.
 */
export function workloadOf(identity: CgroupIdentity): Workload {
  const { containerId, unit } = identity
  return {
    kind: kindOf(identity),
    namespace: null,
    pod: null,
    podUid: identity.podUid,
    // LXC, nspawn and Nomad name their containers.
    container: containerId === null || ID.test(containerId) ? null : containerId,
    containerId,
    containerIds: containerId === null ? [] : [containerId],
    owner: ownerOfJob(identity),
    runtime: identity.runtime,
    qosClass: identity.qosClass,
    unit,
  }
}

function kindOf(identity: CgroupIdentity): Workload['kind'] {
  if (identity.podUid !== null && identity.runtime !== 'podman') return 'pod'
  if (identity.containerId !== null) return 'container'
  if (identity.level === 'slurm-job') return 'slurm-job'
  if (identity.level === 'user-session') return 'user-session'
  // A group that someone made below a slice is not the slice.
  const named = identity.unit !== null && (identity.level !== 'other' || !identity.unit.endsWith('.slice'))
  return named ? 'systemd-unit' : 'process'
}

function ownerOfJob({ job, unit, containerId }: CgroupIdentity): string | null {
  if (job === null) return null
  // Also around a container that somebody runs in the job.
  if (/^\d{1,10}$/.test(job)) return `SlurmJob/${job}`
  if (job.startsWith('application_')) return `YarnApplication/${job}`
  return unit !== null && containerId !== null && unit.startsWith(job) ? `NomadAllocation/${job}` : `EcsTask/${job}`
}
