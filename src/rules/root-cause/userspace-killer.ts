import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import type { Quote } from '../../model/origin.ts'
import { bytes, code, say, seconds } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import { isJobLimit, isUserspaceKiller } from '../limit/pressure-threshold.ts'

const CONFIGURATION: Readonly<Record<string, string>> = {
  'systemd-oomd': 'oomctl',
  earlyoom: 'systemctl cat earlyoom; cat /etc/default/earlyoom',
  nohang: 'cat /etc/nohang/nohang.conf',
  talos: 'talosctl dmesg',
  slurm: 'scontrol show config | grep -i mem',
  yarn: 'yarn application -list',
}

/** systemd-oomd, earlyoom, nohang, oomd, lmkd, Talos, Slurm, YARN: a policy killed, not the kernel. */
export const userspaceKiller = defineRule({
  question: 'rootCause',
  id: 'userspace-killer',
  title: "A userspace killer's policy",
  needs: ['kill'],
  weight: 90,
  evaluate: (facts) =>
    isUserspaceKiller(facts.kill.killer)
      ? {
          confidence: facts.trust,
          statement: isJobLimit(facts.kill.killer)
            ? say`The job used more memory than it had asked ${code(facts.kill.killer)} for; the machine need not have been short of any.`
            : say`${code(facts.kill.killer)} kills before the kernel has to, and its threshold was passed.${course(facts)}`,
          evidence: evidence(facts.kill.evidence, readingsOf(facts)),
          against: null,
        }
      : null,
  recommend: (facts) => [
    ...(isJobLimit(facts.kill.killer) ? askForMore(facts) : []),
    ...(isJobLimit(facts.kill.killer) ? [] : ownThreshold(facts)),
  ],
})

const eventOf = ({ kill }: IncidentFacts) => (kill?.event?.kind === 'userspace-kill' ? kill.event : null)

const readingsOf = (facts: IncidentFacts): readonly (Quote | undefined)[] => [eventOf(facts)?.earlier?.quote, eventOf(facts)?.after?.quote]

/** What the killer's own readings tell: how fast memory went, and what the death gave back. A twentieth of it is noise. */
function course(facts: IncidentFacts): Phrase {
  const event = eventOf(facts)
  const left = event?.memAvailableBytes ?? null
  if (event === null || left === null) return say``
  const least = (event.memTotalBytes ?? left) / 20
  const { earlier, after } = event
  const fell =
    earlier === undefined || earlier.availableBytes - left < least
      ? say``
      : say` Available memory had fallen from ${bytes(earlier.availableBytes)} to ${bytes(left)}${earlier.seconds === null ? say`` : say` in ${seconds(earlier.seconds)}`}.`
  if (after === undefined) return fell
  const freed = after.availableBytes - left
  return freed >= least
    ? say`${fell} After the kill ${bytes(after.availableBytes)} was available, ${bytes(freed)} more.`
    : say`${fell} The kill freed little: ${bytes(after.availableBytes)} was available after it.`
}

/** How each tool decides, and where its threshold stands: `earlyoom -m 10 -s 10` by default, systemd-oomd by pressure or swap. */
const DECIDES_BY: Readonly<Record<string, string>> = {
  earlyoom: 'MemAvailable and free swap, in percent (-m and -s; 10 % each by default)',
  nohang: 'free memory, free swap and pressure, each with a threshold of its own',
  'systemd-oomd': 'memory pressure or swap of a cgroup (ManagedOOMMemoryPressure=, ManagedOOMSwap=)',
  oomd: 'the rules of its configuration',
  lmkd: 'pressure and the importance of a process',
  talos: 'memory pressure of the node',
}
const READS_PRESSURE: ReadonlySet<string> = new Set(['systemd-oomd', 'nohang', 'oomd', 'lmkd', 'talos'])

const ownThreshold = (facts: IncidentFacts): readonly Recommendation[] => {
  const { kill } = facts
  if (kill === null) return []
  const name = code(nameOf(facts))
  const event = kill.event?.kind === 'userspace-kill' ? kill.event : null
  const held = event?.rssBytes ?? event?.usageBytes ?? kill.anonRssBytes ?? null
  return [
    {
      text: say`Decide whether ${code(kill.killer)} should kill ${name}${thresholdOf(facts)}: if not, ${exemption(facts)}. Either way give what grew a limit of its own.`,
      why: say`The kill was this tool's decision, by ${event?.bySwap ? 'how full swap is (ManagedOOMSwap=, SwapUsedLimit=)' : (DECIDES_BY[kill.killer] ?? 'its own threshold')}; the kernel's OOM settings do not change it.`,
      command: CONFIGURATION[kill.killer] ?? null,
      when: 'now',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'platform',
    },
    {
      text: say`Find out why memory ran short: whether ${name}${held === null ? say`` : say` (${bytes(held)})`} grew, or others did and it was only the first to be killed.`,
      why: say`Until that is known the next kill is a matter of time.`,
      command: 'ps -eo pid,rss,etime,unit,args --sort=-rss | head -15; sar -r 2>/dev/null | tail -30',
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'application',
    },
    ...(event?.bySwap ? [swapUse] : READS_PRESSURE.has(kill.killer) ? [pressure(facts)] : []),
  ]
}

/**
 * How what was killed is left alone. systemd-oomd heeds a preference of units (248 and later), which no pod template can set: of pods it is told at the slice
 * that is watched, `kubepods.slice` where none is named.
 */
function exemption(facts: IncidentFacts): Phrase {
  const { kill } = facts
  if (kill?.killer === 'earlyoom') return say`exempt it (${code('--avoid')} in ${code('/etc/default/earlyoom')}) or change the threshold`
  if (kill?.killer !== 'systemd-oomd') return say`exempt it or change the threshold`
  const setting = eventOf(facts)?.bySwap ? 'ManagedOOMSwap=auto' : 'ManagedOOMMemoryPressure=auto'
  if (facts.victimCgroup?.podUid != null || kill.workload?.kind === 'pod')
    return say`leave pods to their limits and the kubelet: ${code(`systemctl set-property ${sliceOf(facts)} ${setting}`)}`
  const unit = facts.victimCgroup?.unit ?? kill.workload?.unit ?? null
  return unit === null
    ? say`exempt it (${code('ManagedOOMPreference=avoid')} of its unit) or change the threshold`
    : say`exempt it (${code(`systemctl set-property ${shellWord(unit)} ManagedOOMPreference=avoid`)}) or change the threshold`
}

/** The slice that is watched, by its cgroup's last part. */
function sliceOf(facts: IncidentFacts): string {
  const last = eventOf(facts)?.monitored?.split('/').at(-1) ?? ''
  return last.endsWith('.slice') ? shellWord(last) : 'kubepods.slice'
}

/** The group that was killed is gone, and its file with it: what is watched is the group that it was part of, else the machine. */
const pressure = (facts: IncidentFacts): Recommendation => {
  const { monitored = null } = eventOf(facts) ?? {}
  const group = monitored === facts.kill?.memcg ? null : monitored
  return {
    text: say`Watch the memory pressure of ${group === null ? machineOf(facts) : code(group)}, not its size alone.`,
    why: say`Pressure tells how long tasks waited for memory; that is what this tool acts on.`,
    command: `cat ${group === null ? '/proc/pressure/memory' : shellWord(`/sys/fs/cgroup${group}/memory.pressure`)}`,
    when: 'prevent',
    effect: say`Changes nothing.`,
    owner: 'platform',
  }
}

const swapUse: Recommendation = {
  text: say`Watch how full swap is, not memory pressure: more swap, or a higher ${code('SwapUsedLimit=')} (90 % unless set), only puts the next kill off.`,
  why: say`It acts where memory and swap are both fuller than that, and kills the cgroup that uses the most swap.`,
  command: 'swapon --show; free -m; grep -H VmSwap /proc/[0-9]*/status | sort -k2 -rn | head',
  when: 'prevent',
  effect: say`The command changes nothing.`,
  lookFirst: true,
  owner: 'platform',
}

const askForMore = (facts: IncidentFacts): readonly Recommendation[] => [
  {
    text: say`Ask for more memory for ${code(stepOf(facts))}, by what the accounting says it used at most.`,
    why: say`The limit is the request's: only the job's owner can raise it.`,
    command:
      facts.kill?.killer === 'slurm' ? `sacct -j ${shellWord(jobOf(facts))} --format=JobID,ReqMem,MaxRSS,State` : 'yarn application -list',
    when: 'now' as const,
    effect: say`The command changes nothing; the new request holds for the next job.`,
    lookFirst: true,
    owner: 'application' as const,
  },
]

/** The job's number, else what the line calls it. */
const jobOf = (facts: IncidentFacts): string =>
  (facts.kill?.event?.kind === 'userspace-kill' ? facts.kill.event.job : undefined) ?? stepOf(facts)
const stepOf = (facts: IncidentFacts): string =>
  (facts.kill?.event?.kind === 'userspace-kill' ? facts.kill.event.monitored : null) ?? nameOf(facts)

const nameOf = (facts: IncidentFacts): string =>
  facts.kill?.comm ?? facts.kill?.workload?.container ?? facts.kill?.workload?.unit ?? facts.kill?.memcg ?? 'the victim'

function thresholdOf(facts: IncidentFacts) {
  const event = facts.kill?.event
  if (event?.kind !== 'userspace-kill') return say``
  if (event.reason !== null) return say` (${code(event.reason)})`
  return event.memAvailableBytes === null ? say`` : say` (it acted with ${bytes(event.memAvailableBytes)} left)`
}
