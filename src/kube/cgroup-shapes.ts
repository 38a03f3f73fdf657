/**
 * What one component of a cgroup path can be (kubernetes-oom §2.2). A component is any run of bytes without `/`: users and programs
 * name cgroups as they like, so every shape is anchored at both ends and nothing is searched for inside a component.
 */

import type { QosClass, Runtime } from '../model/ids.ts'

export type { QosClass, Runtime }

export interface ContainerShape {
  readonly runtime: Runtime | null
  readonly id: string
  readonly monitor: boolean
}

export interface PodShape {
  readonly qosClass: QosClass | null
  readonly uid: string
}

/** 64 hex digits as runtimes print them; masked or cut ids keep at least the 12 of a short id. */
const HEX_ID = /^[0-9a-f]{12,64}$/
/** Fargate: `<32 hex>-<digits>`. */
const FARGATE_ID = /^[0-9a-f]{32}-\d+$/
const STATIC_UID = /^[0-9a-f]{32}$/

/** `cri-containerd-<id>.scope`, `crio-conmon-<id>`, `libpod-payload-<id>`: a runtime's prefix before the id, `.scope` under systemd. */
const PREFIXED =
  /^(?<prefix>cri-containerd|containerd|docker|cri-dockerd|nerdctl|crio|crio-conmon|libpod|libpod-conmon|libpod-payload|kata)[-_](?<id>[0-9a-f]{12,64})(?:\.scope)?$/
/** `kubepods-burstable-pod<uid>.slice:cri-containerd:<id>`: a runtime of the cgroupfs driver below a kubelet of the systemd driver. */
const COLON = /^(?<slice>[^:]+\.slice):(?<prefix>[a-z-]+):(?<id>[0-9a-f]{12,64})$/
/** `kubepods.slice`, `kubelet-kubepods.slice` (a cgroup root of its own), `kubepods-besteffort.slice`. */
const KUBEPODS_SLICE = /^(?:.+-)?kubepods(?:-(?<qos>burstable|besteffort))?\.slice$/
/** `kubepods-burstable-pod5931aa75_4603_….slice`. */
const POD_SLICE = /^(?:.+-)?kubepods-(?:(?<qos>burstable|besteffort)-)?pod(?<uid>[^:]{1,80})\.slice$/
/** `pod5931aa75-4603-…` below `kubepods`, `burstable`, `besteffort` or `..`. */
const POD_DIRECTORY = /^pod(?<uid>[0-9A-Za-z][0-9A-Za-z_-]*)$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** `machine-libpod_pod_<id>.slice`, `user-libpod_pod_<id>.slice`; `libpod_pod_<id>` with cgroupfs. */
const PODMAN_POD = /^(?:.+-)?libpod_pod_(?<id>[0-9a-f]{12,64})(?:\.slice)?$/

const RUNTIME_OF_PREFIX: Readonly<Record<string, Runtime | null>> = {
  'cri-containerd': 'containerd',
  containerd: 'containerd',
  nerdctl: 'containerd',
  docker: 'docker',
  'cri-dockerd': 'docker',
  crio: 'cri-o',
  'crio-conmon': 'cri-o',
  libpod: 'podman',
  'libpod-conmon': 'podman',
  'libpod-payload': 'podman',
  kata: null,
}

export function isContainerId(component: string): boolean {
  return HEX_ID.test(component) || FARGATE_ID.test(component)
}

/** A unit of systemd's that a runtime made for one container: `docker-<id>.scope`, `cri-containerd-<id>.scope`. */
export const isContainerScope = (unit: string): boolean => CONTAINER_SCOPE.test(unit)
const CONTAINER_SCOPE = /-[0-9a-f]{12,64}\.scope$/

export function isStaticPodUid(uid: string): boolean {
  return STATIC_UID.test(uid)
}

export function prefixedContainer(component: string): ContainerShape | null {
  const groups = PREFIXED.exec(component)?.groups
  return groups === undefined ? null : containerOf(groups['prefix'] ?? '', groups['id'] ?? '')
}

export function colonForm(component: string): { readonly slice: string; readonly container: ContainerShape } | null {
  const groups = COLON.exec(component)?.groups
  if (groups === undefined) return null
  return { slice: groups['slice'] ?? '', container: containerOf(groups['prefix'] ?? '', groups['id'] ?? '') }
}

function containerOf(prefix: string, id: string): ContainerShape {
  return { runtime: RUNTIME_OF_PREFIX[prefix] ?? null, id, monitor: prefix.endsWith('-conmon') }
}

/** `kubepods` itself (`qos` null) or one of its QoS levels, systemd driver. */
export function kubepodsSlice(component: string): { readonly qosClass: QosClass | null } | null {
  const match = KUBEPODS_SLICE.exec(component)
  return match === null ? null : { qosClass: qosOf(match.groups?.['qos']) }
}

/** A pod's slice. Absent QoS is Guaranteed: such pods hang directly below kubepods. The kubelet writes `-` of the uid as `_`. */
export function podSlice(component: string): PodShape | null {
  const groups = POD_SLICE.exec(component)?.groups
  if (groups === undefined) return null
  return { qosClass: qosOf(groups['qos']) ?? 'Guaranteed', uid: (groups['uid'] ?? '').replaceAll('_', '-') }
}

/** A pod's directory of the cgroupfs driver. Outside kubepods only a UUID or a static pod's hash is proof enough. */
export function podDirectory(component: string, insideKubepods: boolean): string | null {
  const uid = POD_DIRECTORY.exec(component)?.groups?.['uid']
  if (uid === undefined) return null
  return insideKubepods || UUID.test(uid) || STATIC_UID.test(uid) ? uid : null
}

export function podmanPod(component: string): string | null {
  return PODMAN_POD.exec(component)?.groups?.['id'] ?? null
}

export function qosOf(word: string | undefined): QosClass | null {
  if (word === 'burstable') return 'Burstable'
  return word === 'besteffort' ? 'BestEffort' : null
}
