import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../advice.ts'
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
            : say`${code(facts.kill.killer)} is set to kill before the kernel has to: its threshold was passed, and it killed.`,
          evidence: evidence(facts.kill.evidence),
          against: null,
        }
      : null,
  recommend: (facts) => [
    ...(isJobLimit(facts.kill.killer) ? askForMore(facts) : []),
    ...(isJobLimit(facts.kill.killer) ? [] : ownThreshold(facts)),
  ],
})

const ownThreshold = (facts: IncidentFacts) => {
  const { kill } = facts
  if (kill === null) return []
  return [
    {
      text: say`Compare the threshold of ${code(kill.killer)}${thresholdOf(facts)} with what ${code(nameOf(facts))} needs, and give that a memory limit or request of its own if it may not die first.`,
      why: say`The kill was this tool's decision; the kernel's OOM settings do not change it.`,
      command: CONFIGURATION[kill.killer] ?? null,
      when: 'now' as const,
    },
    {
      text: say`Watch memory pressure of ${code(kill.memcg ?? nameOf(facts))} instead of its size alone.`,
      why: say`Pressure tells how long tasks waited for memory; that is what such tools act on.`,
      command: kill.memcg === null ? 'cat /proc/pressure/memory' : `cat ${shellWord(`/sys/fs/cgroup${kill.memcg}/memory.pressure`)}`,
      when: 'find' as const,
    },
  ]
}

const askForMore = (facts: IncidentFacts) => [
  {
    text: say`Ask for more memory for ${code(stepOf(facts))}, by what the accounting says it used at most.`,
    why: say`The limit is the request's: only the job's owner can raise it.`,
    command:
      facts.kill?.killer === 'slurm'
        ? `sacct -j ${shellWord(/\d+/.exec(stepOf(facts))?.[0] ?? stepOf(facts))} --format=JobID,ReqMem,MaxRSS,State`
        : 'yarn application -list',
    when: 'now' as const,
  },
]

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
