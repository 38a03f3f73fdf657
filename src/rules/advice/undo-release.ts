import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { code, say, seconds } from '../../text/say.ts'
import { releaseBefore } from '../changes.ts'
import { inNamespace } from './shell.ts'
import { refOf, targetOf } from './target.ts'

/** A kill minutes after a rollout began: going back is the way to stop the harm, and a test of the suspicion. */
export function undoRelease(facts: IncidentFacts): readonly Recommendation[] {
  const release = releaseBefore(facts)
  const target = targetOf(facts)
  if (release === null || target === null || !target.undoable) return []
  const image = facts.container?.image ?? null
  return [
    {
      text: say`Go back to the former release of ${code(target.name)}, and compare its memory with the new one's before it is rolled out again.`,
      why: say`The first kill came ${seconds(Math.max(0, Math.round(release.secondsBefore)))} after ${code(release.name)} began to be rolled out${image === null ? say`` : say` (image ${code(image)})`}: what changed last is the first suspect.`,
      command: `${target.cli} rollout undo${inNamespace(target.namespace)} ${refOf(target)}`,
      when: 'now',
      effect: say`Rolls every replica back to the former pod template. Helm and GitOps bring the new one back unless they are told.`,
      owner: 'application',
    },
  ]
}
