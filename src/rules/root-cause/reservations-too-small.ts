import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { presentLimit } from '../advice/need.ts'
import { quantity, roundUp } from '../advice/sizes.ts'
import { cliOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isHostDaemon } from './claims.ts'
import { hostProcessGrowth } from './host-process-growth.ts'
import { isGlobalKill, isMemcgKill, isPodVictim } from './signs.ts'

/** What the kubelet keeps for the host is less than its daemons use: the node runs out with its pods within bounds, or the daemons' own group does. */
export const reservationsTooSmall = defineRule({
  question: 'rootCause',
  id: 'reservations-too-small',
  title: 'Too little reserved for the host',
  needs: ['composition'],
  weight: 72,
  evaluate: (facts) => enforced(facts) ?? ofNode(facts),
  recommend: (facts) => [...raise(facts), ...seeUse(facts)],
})

/** Slices that the kubelet limits when `enforceNodeAllocatable` names them: systemReservedCgroup and kubeReservedCgroup by their customary names. */
const RESERVED: readonly string[] = [
  '/system.slice',
  '/runtime.slice',
  '/kubelet.slice',
  '/kube.slice',
  '/kubereserved.slice',
  '/podruntime.slice',
  '/podruntime',
  '/runtime',
  '/system',
  '/kubelet',
]

/** The daemons' own group reached the limit that the kubelet gives it. */
function enforced(facts: IncidentFacts) {
  const path = facts.memcgLimit?.path ?? null
  const limit = presentLimit(facts)
  if (!isMemcgKill(facts) || path === null || limit === null || !RESERVED.includes(path) || !isKubernetesNode(facts)) return null
  const daemons = facts.composition?.groups.filter((group) => isHostDaemon(group.comm)).slice(0, 2) ?? []
  return {
    confidence: 'medium' as const,
    statement: say`On this Kubernetes node the kubelet enforces ${reservation(path)} on ${code(path)}: the daemons of the host may use ${bytes(limit)} together${daemons.length === 0 ? say`` : say` (${daemons.reduce<Phrase>((all, group, i) => say`${all}${i === 0 ? '' : ', '}${code(group.comm)} ${bytes(group.bytes)}`, say``)} among them)`}, and need more.`,
    evidence: evidence(lines(facts, 'memory', 'summary', 'tableHead'), killLines(facts, 1)),
    against: null,
  }
}

const reservation = (path: string): Phrase => (path.startsWith('/system') ? say`${code('systemReserved')}` : say`${code('kubeReserved')}`)

/** The kubelet or its runtime is in the table, or the node's object is there. */
const isKubernetesNode = (facts: IncidentFacts): boolean =>
  facts.node !== null || facts.incident.coverage.kubelet || (facts.dump?.tasks.some((row) => row.comm === 'kubelet') ?? false)

/** Pods stay within allocatable, a daemon holds more than what is kept back. */
function ofNode(facts: IncidentFacts) {
  const capacity = facts.node?.capacityBytes ?? null
  const allocatable = facts.node?.allocatableBytes ?? null
  if (!isGlobalKill(facts) || !isPodVictim(facts) || capacity === null || allocatable === null || facts.composition === null) return null
  const reserved = capacity.value - allocatable.value
  const host = hostProcessGrowth.evaluate({ ...facts, composition: facts.composition })
  const largest = facts.composition.largest
  if (host === null || largest === null || largest.bytes <= reserved) return null
  return {
    confidence: 'medium' as const,
    statement: say`Capacity minus allocatable leaves ${bytes(reserved)} to the host, and ${code(largest.row.comm)} alone held ${bytes(largest.bytes)}: pods were promised memory that the host uses.`,
    evidence: evidence([capacity.quote, allocatable.quote], host.evidence.slice(0, 2), killLines(facts, 1)),
    against: say`One daemon that grew is the nearer cause; a larger reserve would only have kept the pods smaller.`,
  }
}

function raise(facts: IncidentFacts): readonly Recommendation[] {
  const limit = facts.scope === 'memcg' ? presentLimit(facts) : null
  const capacity = facts.node?.capacityBytes?.value ?? null
  const allocatable = facts.node?.allocatableBytes?.value ?? null
  const now = limit ?? (capacity === null || allocatable === null ? null : capacity - allocatable)
  const next = limit === null ? null : roundUp(limit * 1.5)
  const setting =
    limit !== null && facts.memcgLimit?.path != null
      ? reservation(facts.memcgLimit.path)
      : say`${code('systemReserved')} and ${code('kubeReserved')}`
  return [
    {
      text: say`Raise ${setting} in the kubelet's configuration${now === null ? say`` : say` from ${bytes(now)}`}${next === null ? say` to what the host's daemons use` : say` to ${bytes(next)} (${code(`memory: ${quantity(next)}`)})`}, or stop enforcing it.`,
      why: say`The kubelet writes this limit at its start: a change by systemctl does not last. ${code('oom_score_adj')} −999 of the kubelet and the runtime is right as it is.`,
      command: 'grep -nE -A4 "systemReserved|kubeReserved|enforceNodeAllocatable" /var/lib/kubelet/config.yaml',
      when: 'now',
      effect: say`The command changes nothing. The setting takes a restart of the kubelet, and makes allocatable smaller by as much.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}

function seeUse(facts: IncidentFacts): readonly Recommendation[] {
  const path = facts.memcgLimit?.path ?? '/system.slice'
  const node = facts.node?.name ?? null
  return [
    {
      text: say`See which daemon uses how much of it, and whether one of them grows.`,
      why: say`A reserve that is raised for a leak is used up too.`,
      command:
        facts.scope === 'memcg'
          ? `systemd-cgtop -m -n 1 -b ${shellWord(path)}`
          : node === null
            ? 'systemd-cgtop -m -n 1 -b /system.slice'
            : `${cliOf(facts)} get --raw /api/v1/nodes/${shellWord(node)}/proxy/stats/summary | jq '.node.systemContainers'`,
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}
