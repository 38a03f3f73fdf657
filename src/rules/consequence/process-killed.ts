import { inPlace, victimOf, workloadOf } from '../../facts/names.ts'
import { code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { inspectedAlive, inspectedEnd, isAboutWorkload } from './aftermath.ts'
import { livedOn } from './lived-on.ts'
import { unitLines } from './unit-failed.ts'

/** A process died, and no source tells more. */
export const processKilled = defineRule({
  question: 'consequence',
  id: 'process-killed',
  title: 'A process died',
  needs: ['kill'],
  weight: 20,
  evaluate(facts) {
    const { pid, dump, killer, event } = facts.kill
    const told = event?.kind === 'userspace-kill' || event?.kind === 'object-event'
    if (killer === 'kubelet' || (pid === null && dump === null && killer === 'kernel' && !told)) return null
    if (livedOn(facts) !== null && workloadOf(facts)?.kind === 'pod') return null
    const { coverage, kills } = facts.incident
    const others = new Set(kills.map((kill) => kill.pid)).size
    // Lines about the container say more than this answer: then any that reads them is the better one.
    const spoken =
      facts.context.containers.some((told) => isAboutWorkload(facts, told)) ||
      inspectedEnd(facts) !== null ||
      inspectedAlive(facts) !== null
    const blind = !coverage.kubelet && !coverage.pods && !coverage.runtime && !coverage.events
    const lived = unitLines(facts).filter(({ event }) => event.what === 'oom-killed')
    return {
      confidence: spoken ? 'low' : blind && facts.context.units.length === 0 ? facts.trust : 'medium',
      statement: say`${upper(victimOf(facts))} was killed${inPlace(facts)}${others > 1 ? say`, the first of ${others} processes of this incident` : say``}; what happened next is not in the log.`,
      evidence: evidence(killLines(facts, 2), lines(facts.kill.dump !== null, lived)),
      against: null,
    }
  },
  recommend(facts) {
    const { event } = facts.kill
    const job = event?.kind === 'userspace-kill' && event.echo === true ? event.job : undefined
    if (job === undefined) return []
    return [
      {
        text: say`Compare what job ${code(job)} used at most with what it had asked for, and ask for that and some room.`,
        why: say`Slurm gives a job's cgroup the limit that the job asked for; the kernel killed in it when that was reached.`,
        command: `sacct -j ${shellWord(job)} --format=JobID,ReqMem,MaxRSS,State`,
        when: 'now' as const,
        effect: say`Changes nothing that runs.`,
      },
    ]
  },
  settledBy: (facts) =>
    workloadOf(facts)?.kind === 'pod'
      ? [
          {
            text: say`What Kubernetes saw of it: the pod's status and events.`,
            command: 'kubectl get pods -A -o yaml; kubectl get events -A',
          },
        ]
      : [
          {
            text: say`What became of the service: its unit's state and journal.`,
            command: unitCommand(facts),
          },
        ],
})

const lines = (use: boolean, events: Parameters<typeof eventLines>[0]) => (use ? eventLines(events, 1) : [])

function unitCommand(facts: Parameters<typeof workloadOf>[0]): string {
  const unit = workloadOf(facts)?.unit ?? facts.victimCgroup?.unit ?? null
  return unit === null
    ? 'systemctl --failed; journalctl -b all -o short-precise --no-pager'
    : `systemctl status ${shellWord(unit)}; journalctl -b all -u ${shellWord(unit)}`
}
