import type { ForeignWords } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule, Scene } from './scene.ts'

/** Text that looks like the kernel's or a killer's but was written by a program: through logger, systemd-cat, /dev/kmsg, or as a container's output. */
export const linesByProgram: FindingRule = (scene) => [...kernelLines(scene), ...foreignWords(scene)]

function kernelLines(scene: Scene): readonly Finding[] {
  const written = scene.of('kernel-notice').filter(({ event }) => event.notice === 'forged-oom-line')
  if (written.length === 0) return []
  return [
    {
      id: 'oom-killer-lines-by-program',
      statement: say`${count(written.length)} ${written.length === 1 ? say`piece` : say`pieces`} of text like the kernel's out-of-memory report were written by a program, not by the kernel: they are no kills.`,
      workload: null,
      evidence: evidence(written.slice(0, 4).map(({ event }) => event.quotes[0] ?? null)),
    },
  ]
}

/** One finding for each pair of who wrote and whose words they would be. */
function foreignWords(scene: Scene): readonly Finding[] {
  const pairs = new Map<string, PlacedEvent<ForeignWords>[]>()
  for (const placed of scene.of('foreign-words')) {
    const key = `${placed.event.of}\n${placed.event.by ?? ''}`
    pairs.set(key, [...(pairs.get(key) ?? []), placed])
  }
  return [...pairs.values()].slice(0, mostPairs).flatMap((placed) => {
    const first = placed[0]?.event
    if (first === undefined) return []
    const { of, by } = first
    const writer = by === null ? say`a container on its output` : say`${code(by)}`
    return [
      {
        id: 'lines-by-another-program',
        statement: say`Text like that of ${of === 'kernel' ? say`the kernel` : say`${code(of)}`} about a death was written by ${writer}${placed.length === 1 ? '' : say` (${count(placed.length)} times)`}: no kill is counted for it.`,
        workload: null,
        evidence: evidence(placed.slice(0, 4).map(({ event }) => event.quotes[0] ?? null)),
      },
    ]
  })
}

const mostPairs = 8
