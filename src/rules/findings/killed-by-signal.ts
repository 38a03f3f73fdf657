import type { RuntimeEvent } from '../../model/event.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule, Scene } from './scene.ts'

const MINUTE = 60_000_000

/** How a program is called that says so. */
const NAMES: Partial<Record<RuntimeEvent['runtime'], string>> = {
  postgresql: 'PostgreSQL',
  shell: 'The shell',
  redis: 'Redis',
  nginx: 'nginx',
}

/**
 * A program saw a child of its end by signal 9. That is what the OOM killer sends, and so does anybody who types `kill -9`: no kill, but a lead, unless a
 * kill of that process is known.
 */
export const killedBySignal: FindingRule = (scene) => {
  const seen = scene
    .of('runtime')
    .filter(({ event }) => event.what === 'child-killed' && event.pid !== null && !isTold(scene, event, MINUTE))
  const byRuntime = new Map<string, PlacedEvent<RuntimeEvent>[]>()
  for (const placed of seen) byRuntime.set(placed.event.runtime, [...(byRuntime.get(placed.event.runtime) ?? []), placed])
  return [...byRuntime.values()].map((group) => {
    const { event } = group[0] as PlacedEvent<RuntimeEvent>
    const others = group.length === 1 ? say`` : say` (and of ${count(group.length - 1)} more)`
    const words = event.command === undefined ? say`` : say` (${code(event.command)})`
    return {
      id: 'killed-by-signal-9',
      statement: say`${NAMES[event.runtime] ?? event.runtime} reports the end of process ${event.pid ?? '?'}${words}${others} by signal 9 (SIGKILL). Who sent it is not in that line: the kernel log of that time (${code('journalctl -k')}, ${code('dmesg -T')}) shows whether it was the OOM killer.`,
      workload: null,
      evidence: evidence(group.slice(0, 4).map((placed) => placed.event.quotes[0] ?? null)),
    }
  })
}

/** A kill of this process, or one of an unnamed process around it, says more. */
function isTold(scene: Scene, event: RuntimeEvent, us: number): boolean {
  const at = event.moment.wall?.epochUs ?? null
  return scene.kills.some(
    (kill) =>
      kill.pid === event.pid || (kill.pid !== null && at !== null && kill.at.epochUs !== null && Math.abs(kill.at.epochUs - at) < us),
  )
}
