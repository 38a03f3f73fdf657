import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { hasPeak, watchHistory } from '../advice/history.ts'
import { lookInside } from '../advice/look-inside.ts'
import { machineBytes } from '../advice/room.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { roundDown, systemdSize } from '../advice/sizes.ts'
import { subjectOf } from '../advice/subject.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { isMostlyFree } from '../limit/machine.ts'
import { leak } from '../pattern/leak.ts'
import { isHostDaemon } from './claims.ts'
import { isGlobalKill, isHostVictim, isPodVictim, largestHolder, shareOfHolder } from './signs.ts'

/** A process of the host, outside of pods and containers, took the machine's memory. */
export const hostProcessGrowth = defineRule({
  question: 'rootCause',
  id: 'host-process-growth',
  title: 'A process of the host grew',
  needs: ['composition'],
  weight: 70,
  evaluate(facts) {
    const largest = largestHolder(facts)
    const evicted = facts.kill?.killer === 'kubelet' && facts.scope === 'global'
    if (!(isGlobalKill(facts) || evicted) || largest === null || facts.composition.scope !== 'machine' || isMostlyFree(facts)) return null
    const share = largest.bytes / facts.composition.totalBytes
    // Of what all processes hold in RAM and swap it must have the greater part: else they are too many together.
    // What no counter holds is more than that: then it is the cause, and the process one of its victims.
    if (share < 0.25 || shareOfHolder(facts, largest) < 0.5 || facts.composition.unaccountedBytes > largest.bytes + largest.swapBytes)
      return null
    const isVictim = largest.row === facts.scores?.victim?.row
    if (!(isVictim ? isHostVictim(facts) : isLikelyHost(facts))) return null
    const unit = unitOfLargest(facts)
    const swap = largest.swapBytes > 0 ? say` and ${bytes(largest.swapBytes)} in swap` : say``
    const other = facts.composition.second
    const beside = other !== null && other.bytes >= largest.bytes * 0.4
    return {
      confidence: !evicted && !beside && share >= 0.4 && unit?.endsWith('.service') ? facts.trust : 'medium',
      statement: say`${code(largest.row.comm)} (PID ${largest.row.pid}${unit === null ? say`` : say`, unit ${code(unit)}`}), a process of the host without a limit below the machine's memory, held ${bytes(largest.bytes)}${swap}, ${percent(Math.min(1, share))} of what the machine can use.${beside ? say` ${code(other.row.comm)} (PID ${other.row.pid}) held ${bytes(other.bytes)} beside it: which of the two grew is open.` : say``}`,
      evidence: evidence([largest.row.quote], killLines(facts, 1), facts.dump?.quotes.summary?.slice(0, 1) ?? []),
      against:
        isVictim || unit !== null
          ? null
          : say`The table does not tell its cgroup: only its oom_score_adj speaks for a process of the host.`,
    }
  },
  recommend: (facts) => [...contain(facts), ...profile(facts), ...watchHistory(facts), ...boundRuntime(facts)],
})

/** Nobody takes a heap profile of a daemon of the system. */
function profile(facts: IncidentFacts): readonly Recommendation[] {
  const subject = subjectOf(facts)
  return subject !== null && subject.runtime === null && isHostDaemon(subject.comm) ? [] : lookInside(facts)
}

/** A limit turns a shortage of the machine into one service's restart. Only what grows without end may get less than it held. */
function contain(facts: IncidentFacts): readonly Recommendation[] {
  const largest = largestHolder(facts)
  const machine = machineBytes(facts)
  if (largest === null || machine === null) return []
  const unit = unitOfLargest(facts)
  const service = unit?.endsWith('.service') ? unit : null
  const comm = code(largest.row.comm)
  const size = roundDown(machine * 0.8)
  if (leak.holds(facts) && service !== null && size > 0)
    return [
      {
        text: say`Contain ${comm} until its growth is found: ${code(`MemoryMax=${systemdSize(size)}`)} for ${code(service)}, so that systemd restarts it before the machine runs out.`,
        why: say`It grew each time until the machine was full: no limit is enough for it, but its own end does less harm.`,
        command: `systemctl set-property ${shellWord(service)} MemoryMax=${systemdSize(size)}`,
        when: 'now',
        effect: say`In force at once; kills it now if it holds more: restart it first. It needs ${code('Restart=on-failure')} to come back.`,
        owner: 'platform',
      },
    ]
  if (largest.row.comm === 'kubelet' || largest.row.comm === 'containerd' || largest.row.comm === 'dockerd')
    return [
      {
        text: say`Take a heap profile of ${comm} while it is large, then restart it: that frees its ${bytes(largest.bytes + largest.swapBytes)} at once.`,
        why: say`It is shielded from the kernel rightly (the node is lost without it), so others are killed for it until it is smaller.`,
        command: `systemctl restart ${shellWord(largest.row.comm === 'dockerd' ? 'docker' : largest.row.comm)}`,
        when: 'now',
        effect:
          largest.row.comm === 'dockerd'
            ? say`Ends the containers, unless ${code('live-restore')} is set.`
            : say`Containers run on; the node may be NotReady for some seconds.`,
        owner: 'platform',
      },
    ]
  const given = runtimeOf(largest.row.comm, '')?.given
  if (given !== undefined)
    return [
      {
        text: given.instead,
        why: say`What it holds is what it was given: a limit below that kills it. ${comm} held ${bytes(largest.bytes + largest.swapBytes)}.`,
        command: given.command,
        when: 'now',
        effect: say`The command changes nothing.`,
        lookFirst: true,
        owner: 'platform',
      },
    ]
  if (isHostDaemon(largest.row.comm))
    return [
      {
        text: say`Read what ${comm} did while it grew (its log, the known leaks of its version), then restart its unit: that frees its ${bytes(largest.bytes + largest.swapBytes)} at once.`,
        why: say`It is shielded from the kernel rightly, so others are killed for it until it is smaller; ${code('MemoryMax=')} on what may not be killed makes it hang instead.`,
        command: `systemctl status ${largest.row.pid} --no-pager | head -3; journalctl _PID=${largest.row.pid} -n 100 --no-pager`,
        when: 'now',
        effect: say`Changes nothing: it names the unit. A restart interrupts what the daemon serves for some seconds.`,
        lookFirst: true,
        owner: 'platform',
      },
    ]
  return [
    {
      text: say`Find out what ${comm} needs in a normal week, and give it a limit above that and below what the machine can spare; it held ${bytes(largest.bytes + largest.swapBytes)}, which leaves too little for the rest. If it needs that much, the machine is too small for it.`,
      why: say`A limit of its own turns a shortage of the machine into one service's restart; one below its need turns it into a loop of kills.`,
      command:
        service === null
          ? `ps -eo pid,ppid,rss,etime,unit,args --sort=-rss | head -15`
          : `systemctl show ${shellWord(service)} -p MemoryCurrent${hasPeak(facts) ? ' -p MemoryPeak' : ''} -p MemoryHigh -p MemoryMax`,
      when: 'now',
      effect: say`Changes nothing. ${code('MemoryHigh=')} slows a process down; ${code('MemoryMax=')} below what it holds kills at once.`,
      owner: 'platform',
    },
  ]
}

/** The victim lived in a pod and the largest has no adjustment that a kubelet gives to pods: a daemon, or at most a Guaranteed pod. */
function isLikelyHost(facts: IncidentFacts): boolean {
  const largest = largestHolder(facts)
  const adj = largest === null ? null : adjustmentOf(largest.row)
  return (
    adj !== null &&
    adj <= 0 &&
    adj !== -997 &&
    adj !== -998 &&
    (isHostDaemon(largest?.row.comm ?? '') ||
      isPodVictim(facts) ||
      facts.kill?.killer === 'kubelet' ||
      unitOf(facts, largest?.row.pid ?? -1) !== null)
  )
}

function unitOfLargest(facts: IncidentFacts): string | null {
  const largest = largestHolder(facts)
  if (largest === null) return null
  return largest.row === facts.scores?.victim?.row ? (facts.victimCgroup?.unit ?? null) : unitOf(facts, largest.row.pid)
}

function unitOf(facts: IncidentFacts, pid: number): string | null {
  const found = facts.incident.snapshots.find((s) => s.kind === 'process' && s.pid === pid && s.unit !== null)
  return found?.kind === 'process' ? found.unit : null
}
