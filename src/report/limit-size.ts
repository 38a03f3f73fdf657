import type { IncidentFacts } from '../facts/incident-facts.ts'
import { hitLimit } from '../kernel/memcg-limit.ts'
import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { LimitId, Phrase } from '../model/diagnosis.ts'
import type { Kill } from '../model/incident.ts'
import { bytes, code, say } from '../text/say.ts'

/** Bytes of the limit that the kernel's report says was hit, `null` where it does not. */
export const limitBytesOf = (kill: Kill): number | null => (kill.dump === null ? null : (hitLimit(kill.dump)?.counter.limitBytes ?? null))

/** The same, where no report of the kernel's tells it by what the status or the runtime says that the container may use: for a container's own limit only. */
export function limitSizeOf(kill: Kill, id: LimitId, { container, incident }: IncidentFacts): number | null {
  if (kill.dump !== null || id !== 'container-limit') return limitBytesOf(kill)
  const own = kill.target?.containerId ?? null
  const told = incident.snapshots.find((s) => s.kind === 'runtime-container' && own !== null && s.containerId === own)
  return container?.limitBytes?.value ?? (told?.kind === 'runtime-container' ? told.limitBytes : null)
}

/** Whether it is the combined limit of cgroup v1, which counts swap too. */
export const isCombinedLimit = (kill: Kill): boolean => kill.dump !== null && hitLimit(kill.dump)?.of === 'memory+swap'

/** `512 MiB limit`, `34 GiB memory-and-swap limit`, or `limit` where its size is not in the log. */
export function limitOf(kill: Kill, size: number | null): Phrase {
  return size === null ? say`limit` : say`${bytes(size)} ${isCombinedLimit(kill) ? 'memory-and-swap limit' : 'limit'}`
}

/** `the container`, or by its id where it is not the victim's own but one around it (kind, docker in docker, LXC). */
export function limitedContainer(kill: Kill): Phrase {
  const path = kill.dump?.oomMemcg ?? null
  const limited = path === null ? null : identifyCgroup(path)
  const own = (kill.memcg === null ? null : identifyCgroup(kill.memcg).containerId) ?? kill.workload?.containerId ?? null
  const id = limited?.level === 'container' ? limited.containerId : null
  if (id === null || own === null || own.startsWith(id) || id.startsWith(own)) return say`the container`
  return say`container ${code(id.slice(0, 12))}, around that of the victim,`
}
