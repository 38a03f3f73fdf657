import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { endedContainers, type FindingRule, podLabel, workloadOfPod } from './scene.ts'

/** The kubelet invents reason, exit code and times when it no longer finds a container (kubernetes-oom §5.1). */
export const containerStatusUnknown: FindingRule = (scene) =>
  endedContainers(scene).flatMap(({ pod, container, state }) => {
    if (state.reason !== 'ContainerStatusUnknown') return []
    return [
      {
        id: 'container-status-unknown',
        statement: say`The exit code${state.exitCode === null ? say`` : say` ${state.exitCode}`} of container ${code(container.name)} of pod ${code(podLabel(pod))} was made up by the kubelet, which no longer found the container (ContainerStatusUnknown).`,
        workload: workloadOfPod(pod, container, state.containerId),
        evidence: evidence(state.quotes.slice(0, 3)),
      },
    ]
  })
