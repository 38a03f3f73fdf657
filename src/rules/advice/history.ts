import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf } from '../../facts/names.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import type { CgroupIdentity } from '../../model/figures.ts'
import { short } from '../../text/names.ts'
import { code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { isKernelFrom } from './kernel-age.ts'
import { lxcOf } from './lxc.ts'
import { runtimeCli } from './runtime-cli.ts'
import { subjectOf } from './subject.ts'
import { seriesOf } from './usage-query.ts'

/** The course of the last week: what one report cannot show. */
export function watchHistory(facts: IncidentFacts): readonly Recommendation[] {
  // The history is there, and has been read.
  if ((ownCurve(facts)?.shape ?? 'unknown') !== 'unknown') return []
  // In a shortage of the machine the history of a bystander tells nothing.
  const bystander = facts.scope === 'global' && subjectOf(facts)?.isVictim !== true
  const series = bystander ? null : seriesOf(facts)
  if (series === null) return onTheMachine(facts)
  const query = `max_over_time(${series.over('7d')})`
  return [
    {
      text: say`Look at a week of memory usage of ${series.of}: a plateau with one jump is a peak, a plateau at the limit is a limit too low, a steady slope in all its runs is a leak.`,
      why: say`One report shows the moment of the kill only. ${code(`deriv(${series.over('6h')})`)} gives the slope in bytes a second.`,
      command: `promtool query instant "$PROMETHEUS_URL" ${shellWord(query)}`,
      when: 'find',
      effect: say`Changes nothing. Needs a Prometheus that scrapes cAdvisor; the same query works in Grafana. Its answer as JSON (query_range) can be given to oom-report beside the logs.`,
      owner: 'application',
    },
  ]
}

/** A system container lives on: its counters are on the host. */
function recordGroup(facts: IncidentFacts, name: string): Recommendation {
  const path = facts.memcgLimit?.path ?? null
  const v1 = facts.dump?.cgroupVersion === 1
  const folder = path === null ? null : `/sys/fs/cgroup${v1 ? '/memory' : ''}${path}`
  const files = v1 ? ['memory.usage_in_bytes', 'memory.max_usage_in_bytes'] : ['memory.current', ...(hasPeak(facts) ? ['memory.peak'] : [])]
  return {
    text: say`Record the memory of container ${code(name)} over a working day or two, on its host.`,
    why: say`One report shows the moment of the kill only: a plateau, a slope and a peak look the same in it.`,
    command: folder === null ? null : `tail -n 1 ${files.map((file) => shellWord(`${folder}/${file}`)).join(' ')}`,
    when: 'find',
    effect: say`Changes nothing.`,
    owner: 'platform',
  }
}

/** A job runs once: the accounting database holds what it and its steps used. */
const compareJob = (job: string): Recommendation => ({
  text: say`Compare what job ${code(job)} used at most with what it had asked for, and with earlier jobs of its kind.`,
  why: say`One report shows the moment of the kill only.`,
  command: `sacct -j ${shellWord(job)} --format=JobID,JobName,ReqMem,MaxRSS,Elapsed,State`,
  when: 'find',
  effect: say`Changes nothing. ${code('MaxRSS')} is sampled: a short peak is not in it.`,
  owner: 'application',
})

/** A slice's limit is shared: which unit took it is the first question. */
function recordSlice({ unit, path }: CgroupIdentity): Recommendation {
  return {
    text: say`Record the memory of slice ${code(unit ?? path)}, and of each unit in it, over a working day or two.`,
    why: say`They share its limit: one report shows who held what at the kill, not who grew.`,
    command: `systemd-cgtop -b -n 1 -m --depth=3 ${shellWord(path)}`,
    when: 'find',
    effect: say`Changes nothing.`,
    owner: 'platform',
  }
}

/** Outside of Kubernetes: sysstat's own records, or the unit's counters (memory.peak is there from Linux 5.19 on). */
function onTheMachine(facts: IncidentFacts): readonly Recommendation[] {
  const lxc = lxcOf(facts)
  if (lxc !== null) return [recordGroup(facts, lxc.name)]
  const id = facts.limitCgroup?.containerId ?? facts.victimCgroup?.containerId ?? null
  const identity = facts.limitCgroup ?? facts.victimCgroup
  const runtime = identity?.runtime ?? null
  if (facts.limitCgroup?.level === 'slurm-job' && facts.limitCgroup.job !== null) return [compareJob(facts.limitCgroup.job)]
  if (facts.limitCgroup?.level === 'slice' && facts.limitCgroup.unit !== null) return [recordSlice(facts.limitCgroup)]
  if (identity !== null && id !== null && facts.limitCgroup?.level !== 'unit' && (runtime === 'docker' || runtime === 'podman'))
    return [
      {
        text: say`Record the memory of ${groupOf(facts)} over a working day.`,
        why: say`One report shows the moment of the kill only: a plateau, a slope and a peak look the same in it.`,
        command: `${runtimeCli(identity)} stats --no-stream ${shellWord(short(id))}`,
        when: 'find',
        effect: say`Changes nothing. After a restart under another id: by the container's name.`,
        owner: 'platform',
      },
    ]
  const unit = facts.limitCgroup?.unit ?? facts.victimCgroup?.unit ?? null
  const service = unit?.endsWith('.service') ? unit : null
  if (service !== null && facts.scope === 'memcg')
    return [
      {
        text: say`Record the memory of ${code(service)} over a working day or two, and its peak.`,
        why: say`One report shows the moment of the kill only: a plateau, a slope and a peak look the same in it.`,
        command: `systemctl show ${shellWord(service)} -p MemoryCurrent${hasPeak(facts) ? ' -p MemoryPeak' : ''} -p MemoryMax -p ActiveEnterTimestamp`,
        when: 'find',
        effect: say`Changes nothing.`,
        owner: 'platform',
      },
    ]
  const told = facts.curves.some(({ of, metric, shape }) => of === 'node' && metric === 'available' && shape !== 'unknown')
  if (facts.scope !== 'global' || told) return []
  return [
    {
      text: say`Look at a week of memory of ${machineOf(facts)}: whether it fell over days (growth) or within minutes (a job, a peak).`,
      why: say`One report shows the moment of the kill only.`,
      command: 'sar -r -f "/var/log/sysstat/sa$(date +%d)" 2>/dev/null || sar -r; ps -eo pid,ppid,rss,etime,args --sort=-rss | head -15',
      when: 'find',
      effect: say`Changes nothing. With node-exporter: ${code(isKernelFrom(facts, 3, 14) === false ? 'node_memory_MemFree_bytes' : 'node_memory_MemAvailable_bytes')}.`,
      owner: 'platform',
    },
  ]
}

/** systemd tells MemoryPeak from 256 on where the kernel has memory.peak (5.19). */
export const hasPeak = (facts: IncidentFacts): boolean => facts.dump?.cgroupVersion !== 1 && isKernelFrom(facts, 5, 19) !== false

/** An alarm before the next kill, in the incident's own labels. */
export function alertBefore(facts: IncidentFacts): readonly Recommendation[] {
  const series = seriesOf(facts)
  if (series?.nearLimit == null) return []
  return [
    {
      text: say`Alert before the next kill: ${code(series.nearLimit)} for 5 minutes, and on ${code('container_oom_events_total')}.`,
      why: say`The kernel gives no warning: what it cannot reclaim at the limit ends in a kill.`,
      command: null,
      when: 'prevent',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}
