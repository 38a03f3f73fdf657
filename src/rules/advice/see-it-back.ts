import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isOuter } from '../../facts/names.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { code, count, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'

/** As many names as a sentence bears. */
const MOST = 4

/** Processes of the host that the kernel killed: nobody starts them again but systemd, and that only where their unit says so. */
export function seeItBack(facts: IncidentFacts): readonly Recommendation[] {
  const { kill, victimCgroup } = facts
  const isHost = victimCgroup?.podUid == null && victimCgroup?.containerId == null && kill?.workload?.pod == null && !isOuter(facts)
  if (kill?.killer !== 'kernel' || facts.scope !== 'global' || !isHost) return []
  const names = [...new Set(facts.incident.kills.flatMap(({ comm }) => comm ?? []))]
  if (names.length === 0) return []
  const unit = victimCgroup?.unit ?? null
  return [
    {
      text: say`See that what was killed runs again: ${listed(names)}.`,
      why: say`systemd starts a killed service again only where its unit has ${code('Restart=')}; what was started by hand or by a session stays away.`,
      command: `systemctl --failed --no-pager${unit === null ? '' : `; systemctl status ${shellWord(unit)} --no-pager`}`,
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}

function listed(names: readonly string[]): Phrase {
  const shown = names.slice(0, MOST).reduce<Phrase>((all, name, at) => say`${all}${at === 0 ? '' : ', '}${code(name)}`, say``)
  return names.length > MOST ? say`${shown} and ${count(names.length - MOST)} more` : shown
}
