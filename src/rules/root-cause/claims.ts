import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { sumOf } from '../../kernel/sums.ts'
import { requestFromAdj, subjectOfAdj } from '../../kube/oom-score-adj.ts'
import type { ScoredTask } from '../../model/figures.ts'
import type { TaskRow } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import { largestFirst } from '../../units/extremes.ts'
import { machineBytes } from '../advice/room.ts'

/** Programs that keep a host alive: their adjustment shields them rightly, and comes back with their next start. */
const DAEMONS: ReadonlySet<string> = new Set([
  ...[
    'kubelet',
    'containerd',
    'containerd-shim',
    'containerd-shim-',
    'dockerd',
    'crio',
    'conmon',
    'runc',
    'pause',
    'k3s-server',
    'k3s-agent',
  ],
  ...['systemd', 'systemd-journal', 'systemd-udevd', 'systemd-logind', 'systemd-network', 'systemd-resolve', '(udev-worker)', 'udevd'],
  ...['sshd', 'multipathd', 'auditd', 'dbus-daemon', 'dbus-broker', 'dbus-broker-lau', 'iscsid', 'polkitd', 'snapd', 'rpcbind', 'chronyd'],
])

export const isHostDaemon = (comm: string): boolean => DAEMONS.has(comm)

/** What must be held of what was full to count as a cause: nothing smaller can have filled it. */
const MATERIAL = 0.2

/** What a process holds of its own, in RAM and in swap. */
export const sizeOfRow = (row: TaskRow): number => sumOf([row.rssAnonBytes ?? row.rssBytes, row.swapBytes])

/** How the largest spared process stands to what it was promised. */
export interface Giant {
  readonly task: ScoredTask
  readonly bytes: number
  /** Of what was held altogether; `null` without figures. */
  readonly share: number | null
  readonly adj: number
  /** `kubelet`: a Guaranteed or node-critical pod; `burstable`: beyond its request; `own`: somebody else set the value. */
  readonly by: 'kubelet' | 'burstable' | 'own'
}

/**
 * The process that an adjustment spared and that is to blame: it held a material part, is no daemon of the host, and held more than the request that
 * its adjustment implies (Burstable: `request` in [k·C/1000, (k+1)·C/1000), k = 1000 − adj, C the node's capacity).
 */
export function giantOf(facts: IncidentFacts): Giant | null {
  const task = facts.scores?.shieldedGiant ?? null
  const adj = task === null ? null : adjustmentOf(task.row)
  if (task === null || adj === null || facts.kill?.killer !== 'kernel') return null
  const bytes = sizeOfRow(task.row)
  const share = shareOfHeld(facts, bytes)
  if (!isMaterial(facts, bytes, share) || isHostDaemon(task.row.comm) || task.row.comm === 'pause') return null
  if (isEntitled(facts, adj, bytes)) return null
  const subject = subjectOfAdj(adj, task.row.comm)
  return { task, bytes, share, adj, by: subject === 'guaranteed-or-critical' ? 'kubelet' : subject === 'burstable' ? 'burstable' : 'own' }
}

/** Nothing spares it: others had raised their own adjustment, as browsers do. Where it holds less than half it is one of many. */
export const isOneOfMany = ({ by, adj, share }: Giant): boolean => by === 'own' && adj >= 0 && share !== null && share < 0.5

function shareOfHeld(facts: IncidentFacts, bytes: number): number | null {
  const used = facts.composition?.usedBytes ?? null
  // What the giant has in swap counts, so what is in swap does.
  const swapped = facts.swap === null ? 0 : Math.max(0, facts.swap.totalBytes - facts.swap.freeBytes)
  return used === null || used <= 0 ? null : bytes / (used + swapped)
}

/** Without figures what all of the table hold together stands for what was full, and no small process fills a machine. */
function isMaterial(facts: IncidentFacts, bytes: number, share: number | null): boolean {
  if (share !== null) return share >= MATERIAL
  const all = sumOf((facts.dump?.tasks ?? []).map(sizeOfRow))
  return bytes >= all / 2 && bytes >= 256 * 2 ** 20
}

/** Within the memory request that a Burstable container's adjustment stands for. */
function isEntitled(facts: IncidentFacts, adj: number, bytes: number): boolean {
  const capacity = facts.node?.capacityBytes?.value ?? machineBytes(facts)
  const request = capacity === null ? null : requestFromAdj(adj, capacity)
  return adj >= 3 && adj <= 998 && request !== null && bytes <= request.maxBytes
}

/** A process that holds much, and no more than it asked for. */
export interface Entitled {
  readonly row: TaskRow
  readonly bytes: number
  readonly adj: number
  readonly request: { readonly minBytes: number; readonly maxBytes: number }
}

/** The largest process of the table, where it stays within its own request: others took the rest. */
export function entitledGiant(facts: IncidentFacts): Entitled | null {
  const row = facts.composition?.largest?.row ?? null
  const adj = row === null ? null : adjustmentOf(row)
  const capacity = facts.node?.capacityBytes?.value ?? machineBytes(facts)
  if (row === null || adj === null || capacity === null || facts.composition === null) return null
  const bytes = sizeOfRow(row)
  const request = requestFromAdj(adj, capacity)
  const much = bytes >= facts.composition.usedBytes * MATERIAL
  return much && request !== null && isEntitled(facts, adj, bytes) ? { row, bytes, adj, request } : null
}

/** All processes of BestEffort pods: the kubelet gives them 1000, and asks nothing of the scheduler for them. */
export interface Unclaimed {
  readonly bytes: number
  readonly processes: number
  readonly share: number
  /** The names that hold the most, the largest first. */
  readonly names: readonly string[]
  readonly quotes: readonly Quote[]
}

export function unclaimedOf(facts: IncidentFacts): Unclaimed | null {
  const held = facts.composition
  if (held === null || (held.scope === 'memcg' && facts.limitCgroup?.level === 'container')) return null
  const rows = largestFirst(
    (facts.dump?.tasks ?? []).filter((row) => adjustmentOf(row) === 1000),
    sizeOfRow,
  )
  const bytes = sumOf(rows.map(sizeOfRow))
  const share = held.usedBytes > 0 ? bytes / held.usedBytes : 0
  if (rows.length === 0 || share < MATERIAL) return null
  return {
    bytes,
    processes: rows.length,
    share,
    names: [...new Set(rows.map((row) => row.comm))].slice(0, 3),
    quotes: rows.slice(0, 3).map((row) => row.quote),
  }
}
