import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerName, workloadOf } from '../../facts/names.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'

/** Controllers that `kubectl set resources` and `kubectl set env` can change (their pod template is mutable). */
const SETTABLE: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'cronjob',
  'replicaset',
  'replicationcontroller',
  'deploymentconfig',
])
/** Owners that are no objects of Kubernetes. */
const ELSEWHERE: ReadonlySet<string> = new Set(['SlurmJob', 'EcsTask', 'NomadAllocation', 'YarnApplication'])
/** Controllers with a history that `rollout undo` can go back to. */
const UNDOABLE: ReadonlySet<string> = new Set(['deployment', 'statefulset', 'daemonset', 'deploymentconfig'])
/** Controllers whose pods end: there is nothing to exec into or to `top` once the pod is killed. */
const ENDING: ReadonlySet<string> = new Set(['job', 'cronjob'])

/** What a command about a workload in Kubernetes needs. */
export interface Target {
  readonly cli: 'kubectl' | 'oc'
  readonly namespace: string | null
  /** Lower case: `deployment`, `cronjob`; `null` where only the pod is known. */
  readonly kind: string | null
  /** Name of the controller, else of the pod. */
  readonly name: string
  readonly pod: string | null
  readonly container: string | null
  readonly settable: boolean
  readonly undoable: boolean
  readonly ends: boolean
}

export const namespaceOf = (facts: IncidentFacts): string | null => workloadOf(facts)?.namespace ?? facts.pod?.namespace ?? null

export const podOf = (facts: IncidentFacts): string | null => workloadOf(facts)?.pod ?? facts.pod?.name ?? null

/** The object that owns the pod as kubectl takes it, else the pod; `null` outside of Kubernetes and where neither name is known. */
export function targetOf(facts: IncidentFacts): Target | null {
  const pod = podOf(facts)
  const owner = workloadOf(facts)?.owner ?? facts.pod?.owner ?? null
  const slash = owner?.indexOf('/') ?? -1
  const [kind, name] = owner === null || slash <= 0 ? [null, null] : [owner.slice(0, slash), owner.slice(slash + 1)]
  if (pod === null && (kind === null || ELSEWHERE.has(kind))) return null
  const controller = kind === null || kind === 'Node' ? null : kind.toLowerCase()
  return {
    cli: cliOf(facts),
    namespace: namespaceOf(facts),
    kind: controller,
    name: controller === null ? (pod ?? '') : (name ?? ''),
    pod,
    container: containerName(facts),
    settable: controller !== null && SETTABLE.has(controller),
    undoable: controller !== null && UNDOABLE.has(controller),
    ends: (controller !== null && ENDING.has(controller)) || hasEnded(facts),
  }
}

/** A pod that is over, or whose container ended and is not started again: nothing in it can be run. */
function hasEnded(facts: IncidentFacts): boolean {
  const { phase = null, restartPolicy = null } = facts.pod ?? {}
  return phase === 'Failed' || phase === 'Succeeded' || (restartPolicy === 'Never' && facts.container?.state?.kind === 'terminated')
}

/** `deployment/cart`, else `pod/cart-0`: safe for a shell. */
export const refOf = (target: Target): string => shellWord(`${target.kind ?? 'pod'}/${target.name}`)

/** The container waits to be started again (CrashLoopBackOff): nothing can be run in it, and nothing in it answers. */
export const isWaiting = (facts: IncidentFacts): boolean =>
  facts.container?.state?.kind === 'waiting' || facts.pod?.reason === 'CrashLoopBackOff'

/** What `kubectl` takes for a living pod of the workload; `null` where none can be named. */
function livingOf(facts: IncidentFacts): { readonly target: Target; readonly ref: string } | null {
  const target = targetOf(facts)
  if (target === null || target.ends || isWaiting(facts)) return null
  // A Deployment's pod may be gone by now and its pods are alike; elsewhere kubectl would take any of them.
  const alike = target.kind === 'deployment' || target.kind === 'deploymentconfig'
  const ref = alike ? refOf(target) : shellWord(target.pod ?? '')
  return ref === "''" ? null : { target, ref }
}

/** `kubectl -n shop exec deployment/cart -c app --`, with a blank behind; nothing where no living pod can be named. */
export function insideOf(facts: IncidentFacts): string {
  const living = livingOf(facts)
  if (living === null) return ''
  const { target, ref } = living
  const container = target.container === null ? '' : ` -c ${shellWord(target.container)}`
  return `${target.cli} exec${inNamespace(target.namespace)} ${ref}${container} -- `
}

/** One's own port of that number may be another program's, which would be asked instead: a higher one is seldom taken. */
const LOCAL = 20000

/** A command of one's own machine that asks a port of the pod, whatever its images hold; it reaches what listens on localhost only, too. */
export function throughPort(facts: IncidentFacts, port: number, command: string): string | null {
  const living = livingOf(facts)
  return living === null
    ? null
    : `${living.target.cli} port-forward${inNamespace(living.target.namespace)} ${living.ref} ${LOCAL + port}:${port} >/dev/null & sleep 3; ${command.replaceAll(`localhost:${port}`, `localhost:${LOCAL + port}`).replaceAll(`localhost ${port}`, `localhost ${LOCAL + port}`)}; kill $!`
}

/** OpenShift shows by its namespaces, its node image, its images and what it notes on pods; its clusters have `oc` at hand. */
export function cliOf(facts: IncidentFacts): 'kubectl' | 'oc' {
  const image = facts.node?.osImage ?? ''
  const red = image.includes('Red Hat Enterprise Linux CoreOS') || namespaceOf(facts)?.startsWith('openshift-') === true
  const own = facts.pod?.openshift === true || isOpenShiftImage(facts.container?.image ?? '')
  return red || own || facts.pod?.owner?.startsWith('DeploymentConfig/') === true ? 'oc' : 'kubectl'
}

/** From the release's own repository, or the registry inside the cluster. */
const isOpenShiftImage = (image: string): boolean =>
  image.startsWith('quay.io/openshift-release-dev/') || image.startsWith('image-registry.openshift-image-registry.svc')

/** A pod that the kubelet runs from a file of the node. */
export const isStaticPod = (facts: IncidentFacts): boolean =>
  facts.pod?.owner?.startsWith('Node/') === true || facts.victimCgroup?.staticPod === true
