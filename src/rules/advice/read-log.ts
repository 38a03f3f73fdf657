import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { count, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { targetOf } from './target.ts'

/** The last lines of the run that died: which request, job or file it was at. The kubelet keeps one run's log. */
export function readPreviousLog(facts: IncidentFacts): readonly Recommendation[] {
  const target = targetOf(facts)
  const restarts = facts.container?.restartCount?.value ?? null
  if (target?.pod == null || restarts === null || restarts < 1) return []
  const container = target.container === null ? '' : ` -c ${shellWord(target.container)}`
  return [
    {
      text: say`Read what the killed run of ${groupOf(facts)} wrote last (${count(restarts)} ${restarts === 1 ? 'restart' : 'restarts'} so far).`,
      why: say`It most likely did the same before each kill, and only the last run's log is kept.`,
      command: `${target.cli} logs${inNamespace(target.namespace)} ${shellWord(target.pod)}${container} --previous --tail=200 --timestamps`,
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'application',
    },
  ]
}
