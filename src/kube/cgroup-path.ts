import type { CgroupIdentity } from '../model/figures.ts'
import { neighbourShape } from './cgroup-neighbours.ts'
import {
  type ContainerShape,
  colonForm,
  isContainerId,
  isStaticPodUid,
  kubepodsSlice,
  podDirectory,
  podmanPod,
  podSlice,
  prefixedContainer,
  type QosClass,
  qosOf,
} from './cgroup-shapes.ts'

type Draft = { -readonly [K in keyof Omit<CgroupIdentity, 'path' | 'outer'>]: CgroupIdentity[K] } & { outer: string[]; kube: boolean }

/**
 * Reads a cgroup path from the root inwards (kubernetes-oom §2). Takes what the kernel prints (`/kubepods.slice/…`), what
 * `/proc/PID/cgroup` shows inside a cgroup namespace (`/../pod…/<id>`) and a runtime's `cgroupsPath`
 * (`kubepods-….slice:cri-containerd:<id>`). Never fails: a path of unknown making is `other`.
 *
 * Containers inside containers: the outer one stands for a node (kind, LXC, docker in docker) and moves to `outer`; but what runs
 * inside a Kubernetes container stays that container's, since its id and pod are what the cluster's objects know.
 */
export function identifyCgroup(path: string): CgroupIdentity {
  const draft = emptyDraft()
  const components = path.split('/')
  let here = ''
  let previous = ''
  for (const [index, component] of components.entries()) {
    if (index > 0) here += '/'
    here += component
    if (component === '') continue
    step(draft, component, previous, here)
    previous = component
  }
  const { kube: _, ...identity } = draft
  return { path, ...identity }
}

function emptyDraft(): Draft {
  return {
    level: 'root',
    runtime: null,
    qosClass: null,
    podUid: null,
    staticPod: false,
    containerId: null,
    monitor: false,
    unit: null,
    job: null,
    outer: [],
    podPath: null,
    kubepodsPath: null,
    containerPath: null,
    kube: false,
  }
}

function step(draft: Draft, component: string, previous: string, here: string): void {
  if (takeKube(draft, component, previous, here)) return
  if (takeContainer(draft, component, previous, here)) return
  if (takeOwnSubgroup(draft, component)) return
  takeUnit(draft, component)
}

function takeKube(draft: Draft, component: string, previous: string, here: string): boolean {
  const colon = colonForm(component)
  const colonPod = colon === null ? null : podSlice(colon.slice)
  if (colon !== null && colonPod !== null) {
    enterPod(draft, colonPod.uid, colonPod.qosClass, null)
    enterContainer(draft, colon.container, here)
    return true
  }
  const slice = component === 'kubepods' ? { qosClass: null } : kubepodsSlice(component)
  if (slice !== null) {
    enterKubepods(draft, slice.qosClass, here)
    return true
  }
  const qos = previous === 'kubepods' ? qosOf(component) : null
  if (qos !== null) {
    draft.level = 'qos'
    draft.qosClass = qos
    return true
  }
  const pod = podSlice(component)
  if (pod !== null) {
    enterPod(draft, pod.uid, pod.qosClass, here)
    return true
  }
  const uid = podDirectory(component, draft.level === 'kubepods' || draft.level === 'qos')
  if (uid === null) return false
  enterPod(draft, uid, draft.level === 'kubepods' ? 'Guaranteed' : draft.level === 'qos' ? draft.qosClass : null, here)
  return true
}

function enterKubepods(draft: Draft, qosClass: QosClass | null, here: string): void {
  const above = draft.containerId === null ? draft.kubepodsPath : null
  moveOut(draft)
  draft.kubepodsPath = qosClass === null ? here : above
  draft.level = qosClass === null ? 'kubepods' : 'qos'
  draft.qosClass = qosClass
}

function enterPod(draft: Draft, uid: string, qosClass: QosClass | null, podPath: string | null): void {
  if (draft.containerId !== null) moveOut(draft)
  draft.level = 'pod'
  draft.podUid = uid
  draft.staticPod = isStaticPodUid(uid)
  draft.qosClass = qosClass
  draft.podPath = podPath
  draft.kube = true
}

function takeContainer(draft: Draft, component: string, previous: string, here: string): boolean {
  const podman = podmanPod(component)
  if (podman !== null && !draft.kube) {
    draft.level = 'pod'
    draft.podUid = podman
    draft.unit = null
    draft.podPath = here
    draft.runtime = 'podman'
    return true
  }
  const inPod = draft.level === 'pod' && isContainerId(component) ? { runtime: draft.runtime, id: component, monitor: false } : null
  const shape = prefixedContainer(component) ?? colonForm(component)?.container ?? inPod
  if (shape !== null) {
    enterContainer(draft, shape, here)
    return true
  }
  const neighbour = neighbourShape(component, previous, draft.level)
  if (neighbour === null) return false
  if (neighbour.container !== null) enterContainer(draft, neighbour.container, here)
  else if (!draft.kube) draft.level = neighbour.level
  if (draft.kube) return true
  draft.job = neighbour.job ?? draft.job
  draft.unit = neighbour.unit ?? draft.unit
  return true
}

function enterContainer(draft: Draft, shape: ContainerShape, here: string): void {
  if (draft.kube && draft.containerId !== null) {
    draft.level = 'other'
    return
  }
  if (draft.containerId !== null) moveOut(draft)
  if (draft.unit !== null && SLICE.test(draft.unit)) draft.unit = null
  draft.level = 'container'
  draft.containerId = shape.id
  draft.runtime = shape.runtime ?? draft.runtime
  draft.monitor = shape.monitor
  draft.containerPath = here
}

/** The container so far turns out to be a node around the next one. */
function moveOut(draft: Draft): void {
  if (draft.containerId !== null) draft.outer.push(draft.runtime === null ? draft.containerId : `${draft.runtime} ${draft.containerId}`)
  draft.containerId = null
  draft.containerPath = null
  draft.runtime = null
  draft.monitor = false
  draft.unit = null
  draft.job = null
  draft.podUid = null
  draft.podPath = null
  draft.staticPod = false
  draft.kubepodsPath = null
}

/** Groups that a runtime or supervisor makes for the container's own processes: still the container. */
const OWN_SUBGROUPS: ReadonlySet<string> = new Set(['container', 'payload', 'ns', '.lxc'])

function takeOwnSubgroup(draft: Draft, component: string): boolean {
  if (draft.level !== 'container') return false
  if (component === 'supervisor') draft.monitor = true
  return component === 'supervisor' || OWN_SUBGROUPS.has(component)
}

/** Login sessions of logind: `session-3.scope`, `session-c2.scope`. */
const SESSION = /^session-[0-9a-z]+\.scope$/
const UNIT = /\.(?:service|scope|mount|swap|socket)$/
const SLICE = /\.slice$/

function takeUnit(draft: Draft, component: string): void {
  if (draft.level === 'vm' || draft.level === 'slurm-job') return
  if (UNIT.test(component)) {
    draft.level = SESSION.test(component) ? 'user-session' : 'unit'
    draft.unit = component
    return
  }
  if (SLICE.test(component)) {
    draft.level = 'slice'
    // A slice below a service (`user@1000.service/app.slice`) is a place, not the workload: the service stays the unit.
    if (draft.unit === null || SLICE.test(draft.unit)) draft.unit = component
    return
  }
  draft.level = 'other'
}
