import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import type { IncidentFacts } from '../facts.ts'
import { isUserspaceKiller } from '../limit/pressure-threshold.ts'

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
          statement: say`${code(facts.kill.killer)} is set to kill before the kernel has to: its threshold was passed, and it killed.`,
          evidence: evidence(facts.kill.evidence),
          against: null,
        }
      : null,
  recommend: (facts) => [
    {
      text: say`Compare the threshold of ${code(facts.kill.killer)}${thresholdOf(facts)} with what ${code(nameOf(facts))} needs, and give that a memory limit or request of its own if it may not die first.`,
      why: say`The kill was this tool's decision; the kernel's OOM settings do not change it.`,
      command: CONFIGURATION[facts.kill.killer] ?? null,
      when: 'now',
    },
    {
      text: say`Watch memory pressure of ${code(facts.kill.memcg ?? nameOf(facts))} instead of its size alone.`,
      why: say`Pressure tells how long tasks waited for memory; that is what such tools act on.`,
      command:
        facts.kill.memcg === null ? 'cat /proc/pressure/memory' : `cat ${shellWord(`/sys/fs/cgroup${facts.kill.memcg}/memory.pressure`)}`,
      when: 'this-week',
    },
  ],
})

const nameOf = (facts: IncidentFacts): string =>
  facts.kill?.comm ?? facts.kill?.workload?.container ?? facts.kill?.workload?.unit ?? facts.kill?.memcg ?? 'the victim'

function thresholdOf(facts: IncidentFacts) {
  const event = facts.kill?.event
  if (event?.kind !== 'userspace-kill') return say``
  if (event.reason !== null) return say` (${code(event.reason)})`
  return event.memAvailableBytes === null ? say`` : say` (it acted with ${bytes(event.memAvailableBytes)} left)`
}
