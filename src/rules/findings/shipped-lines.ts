import { speakerOf } from '../../kube/speakers.ts'
import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** Kills that are known only through a container that ships its node's logs: believed, with medium confidence, and said. */
export const shippedLines: FindingRule = (scene) => {
  const shipped = scene.kills.filter(({ event, vouched }) => !vouched && event?.writer === 'shipper')
  const [first] = shipped
  const speaker = first?.event == null ? null : speakerOf(first.event)
  if (speaker === null) return []
  return [
    {
      id: 'lines-shipped-by-container',
      statement: say`The lines about ${shipped.length === 1 ? say`this kill` : say`these kills`} stand in the output of a container that ships the logs of its node or guest: they are taken as those of ${speaker === 'kernel' ? say`the kernel` : say`${code(speaker)}`}, with medium confidence, since whoever runs that container could have written them.`,
      workload: null,
      evidence: evidence(shipped.slice(0, 4).map((kill) => kill.evidence[0] ?? null)),
    },
  ]
}
