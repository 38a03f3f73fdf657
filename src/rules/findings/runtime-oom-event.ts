import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, sameId } from './scene.ts'

/**
 * A runtime's OOM event (containerd `TaskOOM`, `docker events` oom) that neither a kernel line nor a status confirms: on 3.10 kernels it fires before the kill is
 * decided and may be false (containerd#7102), so alone it is a lead, not a kill.
 */
export const runtimeOomEvent: FindingRule = (scene) => {
  const ooms = scene.of('container').filter(({ event }) => event.what === 'oom')
  const events = ooms.filter(({ event }) => event.target.containerId !== null)
  const told = (id: string | null): boolean => scene.kills.some((k) => sameId(k.target?.containerId ?? k.workload?.containerId ?? null, id))
  const lone = events.filter(({ event }) => !told(event.target.containerId))
  const byId = new Map(lone.map((placed) => [placed.event.target.containerId as string, placed]))
  const named = [...byId].map(([id, { event }]) => ({
    id: 'runtime-oom-event',
    statement: say`${code(event.by)} reports an out-of-memory event of container ${code(event.target.container ?? id.slice(0, 12))}, but neither a kernel line nor a status confirms a kill: the kernel log of its node would.`,
    workload: null,
    evidence: evidence(lone.filter((p) => p.event.target.containerId === id).map((p) => p.event.quotes[0] ?? null)),
  }))
  // The words of ECS and Cloud Foundry name no container by its id: where nobody is known to be killed, nothing else tells of it.
  const nameless = scene.kills.length > 0 ? [] : ooms.filter(({ event }) => event.target.containerId === null)
  if (nameless.length === 0) return named
  return [
    ...named,
    {
      id: 'runtime-oom-event',
      statement: say`A container is said to be killed for its memory; neither a kernel line nor a status confirms it: the kernel log of its node would.`,
      workload: null,
      evidence: evidence(nameless.map((p) => p.event.quotes[0] ?? null)),
    },
  ]
}
