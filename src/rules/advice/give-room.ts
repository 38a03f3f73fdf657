import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { boundRuntime } from './bound-runtime.ts'
import { lookInside } from './look-inside.ts'

/** A limit on the control plane stops the cluster: the machine is to be large enough for it, or it is to do less. */
export function giveRoom(facts: IncidentFacts, comm: string, held: number): readonly Recommendation[] {
  return [
    {
      text: say`Give ${code(comm)} room, not a limit: move what else can be moved off ${machineOf(facts)}, or give the machine more memory. It held ${bytes(held)}.`,
      why: say`The cluster stands still without it: a limit that it reaches does more harm than the kills beside it.`,
      command: `kubectl get pods -A -o wide${facts.incident.host === null ? '' : ` --field-selector spec.nodeName=${shellWord(facts.incident.host)}`}`,
      when: 'now',
      effect: say`The command changes nothing; a pod that is moved is restarted elsewhere.`,
      lookFirst: true,
      owner: 'platform',
    },
    ...lookInside(facts),
    ...boundRuntime(facts),
  ]
}
