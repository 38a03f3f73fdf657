import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf, victimOf } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { instant, say } from '../../text/say.ts'

/** Where the input tells of a death and no more: what would tell, before it is overwritten. */
export function keepTheLog(facts: IncidentFacts): readonly Recommendation[] {
  const { kill, dump, incident } = facts
  // A report without a kill is a head whose rest is missing, unless nothing was to be killed.
  const isCut = kill === null && dump !== null && incident.nature !== 'no-kill'
  if (!isCut && (kill === null || kill.killer !== 'kernel' || (facts.composition !== null && facts.scores !== null))) return []
  const at = (kill?.at ?? incident.first).epochUs
  const when = at === null ? say`` : say` (${instant(at)})`
  const since = at === null ? '-b all' : `--since=@${Math.floor(at / 1_000_000) - 120} --until=@${Math.floor(at / 1_000_000) + 120}`
  return [
    {
      text: say`Save the kernel's log of ${machineOf(facts)} around ${aroundWhat(facts)}${when} before it is rotated away.`,
      why: say`The whole report names the limit, what filled it and who was chosen among; what was read here does not.`,
      command: `journalctl -k ${since} -o short-precise --no-pager`,
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}

function aroundWhat(facts: IncidentFacts): Phrase {
  if (facts.kill === null) return say`the report of the OOM killer`
  return facts.kill.comm === null ? say`the kill in ${groupOf(facts)}` : say`the kill of ${victimOf(facts)}`
}
