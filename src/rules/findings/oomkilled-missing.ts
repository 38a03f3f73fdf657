import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { endedContainers, type FindingRule, killOf, podLabel, workloadOfPod } from './scene.ts'

/** The kernel killed in the container, and its status says Error: lost or late OOM events of runtimes (kubernetes-oom §5.3). */
export const oomkilledMissing: FindingRule = (scene) =>
  endedContainers(scene).flatMap((ended) => {
    const { pod, container, state } = ended
    if (state.reason !== 'Error' || state.exitCode !== 137) return []
    const kill = killOf(scene, ended)
    if (kill === null || kill.dump === null || kill.killer !== 'kernel') return []
    return [
      {
        id: 'oomkilled-missing',
        statement: say`The status of container ${code(container.name)} of pod ${code(podLabel(pod))} says Error, not OOMKilled, although the kernel killed ${code(kill.comm ?? 'a process')} in it for memory: the runtime missed it.`,
        workload: workloadOfPod(pod, container, state.containerId),
        evidence: evidence(state.quotes.slice(0, 3), kill.evidence.slice(0, 1)),
      },
    ]
  })
