import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isProxmoxId } from '../../kube/ids.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { code, say } from '../../text/say.ts'
import { needsShell, shellWord } from '../../text/shell.ts'
import { MIB, wholeMib } from './sizes.ts'

/** How a system container is reached from its host: its limit, and a command inside. */
export interface Lxc {
  readonly name: string
  /** Sets its memory limit. */
  set(size: number): string
  /** How long that lasts. */
  readonly lasts: Phrase
  /** In front of a command that is meant to run inside. */
  readonly inside: string
}

/**
 * Who manages it shows by the cgroup and the kernel: Proxmox VE makes `/lxc/<number>` and builds its own kernel (`6.8.12-4-pve`); LXD and Incus make `lxc.payload.<name>`,
 * as LXC itself does from 4.0 on, which has no command that keeps a limit.
 */
export function lxcOf(facts: IncidentFacts): Lxc | null {
  const identity = facts.limitCgroup
  if (identity?.runtime !== 'lxc' || identity.containerId === null) return null
  const name = identity.containerId
  const word = shellWord(name)
  const release = facts.dump?.release ?? facts.node?.kernelVersion ?? ''
  if (isProxmoxId(name) && release.includes('-pve'))
    return {
      name,
      set: (size) => `pct set ${word} --memory ${wholeMib(size)}`,
      lasts: say`Kept in the container's configuration.`,
      inside: `pct exec ${word} -- `,
    }
  if (identity.path.includes('lxc.payload.'))
    return {
      name,
      set: (size) => `lxc config set ${word} limits.memory ${wholeMib(size)}MiB`,
      lasts: say`Kept in its configuration (LXD; the command of Incus is ${code('incus')}, and plain LXC has ${code('lxc.cgroup2.memory.max')} in the container's file).`,
      inside: `lxc exec ${word} -- `,
    }
  const file = facts.dump?.cgroupVersion === 1 ? 'memory.limit_in_bytes' : 'memory.max'
  return {
    name,
    set: (size) => `lxc-cgroup -n ${word} ${file} ${Math.floor(size / MIB) * MIB}`,
    lasts: say`Lost at its next start: set it in the container's configuration too.`,
    inside: `lxc-attach -n ${word} -- `,
  }
}

/** `lxc-attach` in front; pipes, lists and `$( )` need a shell in there. */
export function insideLxc(facts: IncidentFacts, command: string): string {
  const lxc = lxcOf(facts)
  if (lxc === null) return command
  return needsShell(command) ? `${lxc.inside}sh -c ${shellWord(command)}` : `${lxc.inside}${command}`
}
