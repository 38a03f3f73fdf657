import type { Phrase } from '../../model/diagnosis.ts'
import { code, say } from '../../text/say.ts'
import type { Target } from './target.ts'

/** Where the limit of a pod stands that runs once or is made by something `kubectl set` cannot change: by the kind of its owner. */
const OF_OWNER: Readonly<Record<string, Phrase>> = {
  workflow: say`Set ${code('resources')} of the container in the Workflow's template (or its WorkflowTemplate), and submit it again.`,
  taskrun: say`Set ${code('computeResources')} of the step in its Task, and run it again.`,
  raycluster: say`Set it in the group's ${code('template')} of the RayCluster, then delete the pod: KubeRay makes it anew.`,
  ephemeralrunner: say`Set it in the ${code('template')} of the runner scale set; the next runner has it.`,
  pytorchjob: say`Set it in the replica's ${code('template')} of the job, and submit it again.`,
  mpijob: say`Set it in the replica's ${code('template')} of the job, and submit it again.`,
  rayjob: say`Set it in the group's ${code('template')} of the RayJob, and submit it again.`,
}

/** The pods of a maker that owns them without an owner's reference: by its names. */
const OF_NAMES: readonly { readonly container: string; readonly pod: string; readonly place: Phrase }[] = [
  {
    container: 'notebook',
    pod: 'jupyter-',
    place: say`Set ${code('singleuser.memory.limit')} of JupyterHub (${code('mem_limit')} of its spawner), and start the user's server again.`,
  },
  {
    container: 'build',
    pod: 'runner-',
    place: say`Set ${code('KUBERNETES_MEMORY_LIMIT')} for the job in ${code('.gitlab-ci.yml')} (the runner allows it by ${code('memory_limit_overwrite_max_allowed')}), and run it again.`,
  },
]

export const placeOf = ({ kind, pod, container }: Target): Phrase | null =>
  OF_OWNER[kind ?? ''] ??
  (kind === null ? (OF_NAMES.find((one) => one.container === container && pod?.startsWith(one.pod) === true)?.place ?? null) : null)
