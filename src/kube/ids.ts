/** A pod's UID, with dashes (`5931aa75-…`) or without, as the runtimes of old wrote it. */
export const isPodUid = (text: string): boolean => /^[0-9a-f-]{32,36}$/.test(text)

/** A container's id of a runtime, whole (64 digits) or shortened (12 at least). */
export const isContainerId = (text: string): boolean => /^[0-9a-f]{12,64}$/.test(text)

/** An id with all of its digits. */
const isWholeId = (id: string): boolean => id.length === 64

/**
 * The keys under which a name is noted where others ask for it by `askedKeys`: an id may be short there or here (conmon prints 20 digits of 64, `docker ps` 12). A whole
 * one is asked for by all of its digits: the first may be those of every other (`000000000000…`). Two that meet so are the same by `sameId`, or else not.
 */
export function notedKeys(name: string): readonly string[] {
  if (!isContainerId(name)) return [name]
  const first = name.slice(0, 12)
  return [isWholeId(name) ? name : `short ${first}`, `begin ${first}`]
}

export function askedKeys(name: string): readonly string[] {
  if (!isContainerId(name)) return [name]
  const first = name.slice(0, 12)
  return isWholeId(name) ? [name, `short ${first}`] : [`begin ${first}`]
}

/** Ids are equal when one is a prefix of the other. */
export function sameId(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false
  return a === b || (Math.min(a.length, b.length) >= 12 && (a.startsWith(b) || b.startsWith(a)))
}

/** A unit of systemd that has a cgroup of its own. */
export const isCgroupUnit = (text: string): boolean => /\.(?:service|scope|slice)$/.test(text)

/** The number that Proxmox VE names its containers by. */
export const isProxmoxId = (text: string): boolean => /^\d{3,9}$/.test(text)

/** A cpuset that Slurm made for a job or one of its steps: `slurm`, `step_0`, `job_123`, `slurmstepd.scope`. */
export const isSlurmCpuset = (name: string): boolean => /slurm|^step_|^job_/.test(name)

/** Kinds of objects by which chaos is made: `PodChaos`, `StressChaos`, `ChaosEngine`. */
export const isChaosKind = (kind: string | null): boolean => kind?.toLowerCase().includes('chaos') === true

/** A name that a label of a metric can be asked for by: letters, digits, `.`, `_`, `-`. */
export const isHostName = (text: string): boolean => /^[a-z0-9][\w.-]*$/i.test(text)
