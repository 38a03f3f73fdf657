import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Phrase, Recommendation } from '../model/diagnosis.ts'
import type { Owner } from '../model/ids.ts'
import { say } from '../text/say.ts'

/** What a command does to what runs now, by its first words. What is not here changes nothing by itself. */
const effects: readonly { readonly begins: string; readonly effect: Phrase }[] = [
  { begins: 'kubectl set resources', effect: say`Replaces every pod of it, one after another; the next deploy from a manifest undoes it.` },
  { begins: 'kubectl patch', effect: say`Replaces every pod of it, one after another; the next deploy from a manifest undoes it.` },
  { begins: 'systemctl set-property', effect: say`Acts at once and stays; a limit below present use kills.` },
  { begins: 'docker update', effect: say`Acts at once, on this container only.` },
  { begins: 'podman update', effect: say`Acts at once, on this container only.` },
  { begins: 'sysctl -w', effect: say`Acts at once, until the next boot.` },
  { begins: 'echo', effect: say`Acts at once, until the next boot.` },
]
const none: Phrase = say`Changes nothing that runs.`
const byHand: Phrase = say`Takes effect with the next start of what it changes.`

/** Whose limit was hit is whose work it is, where a rule does not say otherwise. */
const ownerOf = (facts: IncidentFacts): Owner => (facts.scope === 'memcg' ? 'application' : 'platform')

/** A recommendation with what it does and whose work it is. */
export function completed(one: Recommendation, facts: IncidentFacts): Required<Recommendation> {
  const effect =
    one.effect ??
    (one.command === null
      ? one.when === 'find'
        ? none
        : byHand
      : (effects.find(({ begins }) => one.command?.startsWith(begins))?.effect ?? none))
  return { ...one, effect, owner: one.owner ?? ownerOf(facts) }
}
