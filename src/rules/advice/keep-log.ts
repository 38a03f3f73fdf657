import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf, machineOf, victimOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { instant, say } from '../../text/say.ts'

/** Where the input tells of a death and no more: what would tell, before it is overwritten. */
export function keepTheLog(facts: IncidentFacts): readonly Recommendation[] {
  if (facts.kill === null || facts.kill.killer !== 'kernel') return []
  const at = facts.kill.at.epochUs
  const when = at === null ? say`` : say` (${instant(at)})`
  const since = at === null ? '-b all' : `--since=@${Math.floor(at / 1_000_000) - 120} --until=@${Math.floor(at / 1_000_000) + 120}`
  return [
    {
      text: say`Save the kernel's log of ${machineOf(facts)} around the kill ${facts.kill.comm === null ? say`in ${groupOf(facts)}` : say`of ${victimOf(facts)}`}${when} before it is rotated away.`,
      why: say`The whole report names the limit, what filled it and who was chosen among; what was read here does not.`,
      command: `journalctl -k ${since} -o short-precise --no-pager`,
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}
