import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { endedContainers, type FindingRule, killOf, podLabel, workloadOfPod } from './scene.ts'

/** OOMKilled is a property of the cgroup, not of pid 1: a child's death makes it, whatever code the container ends with later (§0.1, §5.3). */
export const oomkilledExitCode: FindingRule = (scene) =>
  endedContainers(scene).flatMap((ended) => {
    const { pod, container, state } = ended
    if (state.reason !== 'OOMKilled' || state.exitCode === null || state.exitCode === 137) return []
    const kill = killOf(scene, ended)
    const known = kill?.comm == null ? say`some process inside it` : say`${code(kill.comm)} inside it`
    return [
      {
        id: state.exitCode === 0 ? 'oomkilled-exit-code-zero' : 'oomkilled-other-exit-code',
        statement: say`Container ${code(container.name)} of pod ${code(podLabel(pod))} is reported as OOMKilled although it ended with exit code ${state.exitCode}: the kernel had killed ${known} before, and the container's first process went on; the reported time is that of the exit.`,
        workload: workloadOfPod(pod, container, state.containerId),
        evidence: evidence(state.quotes.slice(0, 3), kill?.evidence.slice(0, 1) ?? []),
      },
    ]
  })
