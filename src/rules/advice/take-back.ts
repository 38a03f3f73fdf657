import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { beforeKill, type Change, changesBefore, releaseBefore } from '../changes.ts'
import { upper } from '../limit/memcg-limit.ts'
import { subjectOf } from './subject.ts'
import { namespaceOf, refOf, targetOf } from './target.ts'

/** What changed just before is taken back first: that stops the harm, and is a test of the suspicion. */
export function takeBack(facts: IncidentFacts): readonly Recommendation[] {
  return [...stopExperiment(facts), ...reloadOnce(facts), ...undoRelease(facts)]
}

/** A program that was loading its data anew holds both while it does: its own setting ends that. */
function reloadOnce(facts: IncidentFacts): readonly Recommendation[] {
  const change = changesBefore(facts).find(({ what }) => what === 'reload')
  const runtime = subjectOf(facts)?.runtime ?? null
  if (change === undefined || runtime === null) return []
  return [
    {
      text: runtime.bound,
      why: say`${upper(beforeKill(change))} it had begun to load its data.`,
      command: null,
      when: 'now',
      effect: say`Takes a restart of the program. While it reloads it does not answer.`,
      owner: 'application',
    },
  ]
}

/** A kill minutes after a rollout began. */
export function undoRelease(facts: IncidentFacts): readonly Recommendation[] {
  const release = releaseBefore(facts)
  const target = targetOf(facts)
  if (release === null || target === null || !target.undoable) return []
  const image = facts.container?.image ?? null
  return [
    {
      text: say`Go back to the former release of ${code(target.name)}, and compare its memory with the new one's before it is rolled out again.`,
      why: say`${upper(beforeKill(release))} ${code(release.name)} began to be rolled out${image === null ? say`` : say` (image ${code(image)})`}: what changed last is the first suspect.`,
      command: `${target.cli} rollout undo${inNamespace(target.namespace)} ${refOf(target)}`,
      when: 'now',
      effect: say`Rolls every replica back to the former pod template. Helm and GitOps bring the new one back unless they are told.`,
      owner: 'application',
    },
  ]
}

/** Memory that somebody takes on purpose is given back by ending what takes it. */
function stopExperiment(facts: IncidentFacts): readonly Recommendation[] {
  const change = changesBefore(facts).find(({ what }) => what === 'chaos' || what === 'load')
  if (change === undefined) return []
  return [
    {
      text:
        change.what === 'load'
          ? say`Ask who started ${code(change.name)}; end it, unless this kill is what it was meant to show.`
          : say`Ask who runs the experiment ${code(change.of)}; pause it, unless this kill is what it was made to show.`,
      why: say`${upper(beforeKill(change))} it began to take memory on purpose: nothing else need be wrong.`,
      command: change.what === 'load' ? 'pgrep -a stress; pgrep -a memtester' : pauseOf(facts, change),
      when: 'now',
      effect:
        change.what === 'load'
          ? say`The command changes nothing: it shows what still runs.`
          : say`The experiment ends at once, and can be taken up again.`,
      lookFirst: change.what === 'load',
      owner: 'platform',
    },
  ]
}

/** Chaos Mesh pauses by an annotation, Litmus by the state of its engine. */
function pauseOf(facts: IncidentFacts, { of }: Change): string {
  const [kind = '', name = ''] = of.split('/')
  const where = inNamespace(namespaceOf(facts))
  return kind.toLowerCase() === 'chaosengine'
    ? `kubectl patch${where} chaosengine ${shellWord(name)} --type merge -p '{"spec":{"engineState":"stop"}}'`
    : `kubectl annotate${where} ${shellWord(kind.toLowerCase())} ${shellWord(name)} experiment.chaos-mesh.org/pause=true`
}

/** A limit that was set shortly before, and is the one in force. */
export function limitSetBefore(facts: IncidentFacts): Change | null {
  return changesBefore(facts).find(({ what }) => what === 'limit') ?? null
}

/** For the advice to raise it: what was before may be known to whoever set it. */
export function formerLimit(facts: IncidentFacts) {
  const change = limitSetBefore(facts)
  return change === null
    ? say``
    : say` It was set ${beforeKill(change)} (${change.limitBytes === undefined ? code(change.name) : bytes(change.limitBytes)}): whoever set it knows the former one, which is the other way back.`
}
