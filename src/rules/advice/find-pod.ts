import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isOuter } from '../../facts/names.ts'
import { isContainerId, isPodUid } from '../../kube/ids.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { short } from '../../text/names.ts'
import { code, say } from '../../text/say.ts'
import { runtimeCli } from './runtime-cli.ts'
import { podOf } from './target.ts'

/** From the kernel's log alone a pod is a UID: what turns it into a name comes first, before the object is gone. */
export function findPod(facts: IncidentFacts): readonly Recommendation[] {
  if (podOf(facts) !== null) return []
  const identity = facts.victimCgroup?.podUid != null ? facts.victimCgroup : facts.limitCgroup
  const uid = identity?.podUid ?? facts.kill?.workload?.podUid ?? null
  const id = identity?.containerId ?? facts.kill?.workload?.containerId ?? null
  if (uid === null || !isPodUid(uid)) return inDocker(facts)
  const field = identity?.staticPod ? '.metadata.annotations["kubernetes.io/config.hash"]' : '.metadata.uid'
  const onNode = id === null || !isContainerId(id) ? '' : `  # on the node: crictl ps -a --id ${id.slice(0, 13)}`
  return [
    {
      text: say`Find out which pod ${code(uid)} is: its name, owner and limits are not in the kernel's log.`,
      why: say`The API forgets a deleted pod at once and an event after an hour; Prometheus keeps ${code(`kube_pod_info{uid="${uid}"}`)}.`,
      command: `kubectl get pods -A -o json | jq -r '.items[] | select(${field}=="${uid}") | .metadata.namespace+"/"+.metadata.name'${onNode}`,
      // The limit is that of the container around it: the pod is no more than where it showed.
      when: isOuter(facts) ? 'find' : 'now',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}

/** A plain container is an id. */
function inDocker(facts: IncidentFacts): readonly Recommendation[] {
  const identity = facts.victimCgroup
  if (identity === null || identity.level !== 'container' || identity.containerId === null) return []
  if ((identity.runtime !== 'docker' && identity.runtime !== 'podman') || facts.kill?.workload?.container != null) return []
  if (!isContainerId(identity.containerId)) return []
  const id = short(identity.containerId)
  const outer = facts.limitCgroup?.runtime
  // A container within another is known to the daemon in there.
  const around =
    isOuter(facts) && (outer === 'docker' || outer === 'podman') ? `${outer} exec ${short(facts.limitCgroup?.containerId ?? '')} ` : ''
  return [
    {
      text: say`Find out which container ${code(id)} is, and what it may use.`,
      why: say`The kernel's log knows its id only; a container started with ${code('--rm')} is gone.`,
      command: `${around}${around === '' ? runtimeCli(identity) : identity.runtime} inspect -f '{{.Name}} {{.Config.Image}} memory={{.HostConfig.Memory}} restarts={{.RestartCount}}' ${id}`,
      when: 'find',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ]
}
