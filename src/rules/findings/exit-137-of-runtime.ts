import type { RuntimeContainerSnapshot } from '../../model/snapshot.ts'
import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, sameId } from './scene.ts'

/** The same trap outside Kubernetes: docker and podman say by themselves whether the kernel killed (`OOMKilled`), and `docker kill` leaves its event. */
export const exit137OfRuntime: FindingRule = (scene) =>
  scene.timeline.snapshots.flatMap((snapshot) => {
    if (
      snapshot.kind !== 'runtime-container' ||
      snapshot.containerId === null ||
      snapshot.exitCode !== 137 ||
      snapshot.oomKilled !== false ||
      snapshot.podUid !== null
    )
      return []
    if (scene.kills.some((k) => sameId(k.target?.containerId ?? null, snapshot.containerId))) return []
    const stops = stopsOf(scene, snapshot)
    const who = say`container ${code(snapshot.name ?? snapshot.containerId.slice(0, 12))}`
    const flag = snapshot.runtime === 'docker' || snapshot.runtime === 'podman' ? say`; ${code('OOMKilled')} is false` : say``
    return [
      {
        id: stops.length > 0 ? 'exit-137-not-oom' : 'exit-137-unexplained',
        statement:
          stops.length > 0
            ? say`Exit code 137 of ${who} is no out-of-memory kill: somebody stopped it with a signal${flag}.`
            : say`Exit code 137 of ${who} means SIGKILL, whoever sent it${flag}, and nothing in the input says that memory was short.`,
        workload: null,
        evidence: evidence(
          snapshot.quotes.slice(0, 4),
          stops.slice(0, 3).map(({ event }) => event.quotes[0] ?? null),
        ),
      },
    ]
  })

const stopsOf = (scene: Parameters<FindingRule>[0], snapshot: RuntimeContainerSnapshot) =>
  scene
    .of('container')
    .filter(
      ({ event }) =>
        (event.what === 'killing' || event.what === 'stop-requested') && sameId(event.target.containerId, snapshot.containerId),
    )
