import type { RuntimeEvent } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** An application that refused work at a limit of its own (Redis maxmemory, ClickHouse, circuit breakers): no OOM of the machine. */
export const ownLimits: FindingRule = (scene) => {
  const groups = new Map<string, PlacedEvent<RuntimeEvent>[]>()
  for (const placed of scene.of('runtime')) {
    if (placed.event.what !== 'own-limit') continue
    const key = `${placed.event.runtime}\0${placed.event.area ?? ''}\0${placed.event.quotes[0]?.source ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), placed])
  }
  return [...groups.values()].flatMap((group): readonly Finding[] => {
    const [first] = group
    if (first === undefined) return []
    return [
      {
        id: 'application-own-limit',
        statement: say`${count(group.length)} ${group.length === 1 ? say`line` : say`lines`} of ${code(first.event.runtime)} speak of ${first.event.area === 'threads' ? say`a thread that could not be made, mostly for a limit of processes (pids.max, ulimit -u), not of memory` : say`a memory limit of the program's own: it refused work`}, and nothing was killed for it.`,
        workload: null,
        evidence: evidence(group.slice(0, 3).map(({ event }) => event.quotes[0] ?? null)),
      },
    ]
  })
}
