import { limitSourceOf, managerOf, ownerOf } from '../../kube/owner.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { podEnd } from '../pod-end.ts'
import { isInitKill } from '../told-death.ts'
import { maskArguments, memoryVariable } from './secrets.ts'
import { parseRfc3339 } from './times.ts'
import { child, flagAt, itemsOf, numberAt, type Quoter, stringsOf, type Tree, textAt, textOf, toldOf } from './tree.ts'

/** A Pod has containers in its spec; `kind` may be stripped inside a List (troubleshoot, must-gather). */
export function isPod(tree: Tree): boolean {
  const kind = textAt(tree, 'kind')
  if (kind !== null && kind !== 'Pod') return false
  return child(tree, 'spec', 'containers')?.kind === 'list' && textAt(tree, 'metadata', 'name') !== null
}

/** `v1.Pod` of the API, as JSON or YAML. Times are UTC, RFC 3339. */
export function podOfManifest(tree: Tree, quoter: Quoter, source: string): PodSnapshot {
  const metadata = child(tree, 'metadata')
  const spec = child(tree, 'spec')
  const status = child(tree, 'status')
  const name = child(metadata, 'name')
  const annotations = stringsOf(child(metadata, 'annotations'))
  return {
    kind: 'pod',
    source,
    namespace: textAt(metadata, 'namespace'),
    name: textOf(name) ?? '',
    uid: textAt(metadata, 'uid'),
    configHash: annotations['kubernetes.io/config.hash'] ?? annotations['kubernetes.io/config.mirror'] ?? null,
    node: textAt(spec, 'nodeName'),
    owner: ownerOf({ controller: controllerOf(metadata), labels: stringsOf(child(metadata, 'labels')) }),
    managedBy: managerOf(stringsOf(child(metadata, 'labels'))),
    openshift: annotations['openshift.io/scc'] !== undefined,
    limitSource: limitSourceOf(annotations),
    qosClass: qosClassOf(textAt(status, 'qosClass')),
    phase: textAt(status, 'phase'),
    reason: textAt(status, 'reason'),
    message: textAt(status, 'message'),
    ...podEnd(textAt(status, 'reason'), textAt(status, 'message')),
    startUs: timeAt(status, 'startTime'),
    deletionUs: timeAt(metadata, 'deletionTimestamp'),
    limitBytes: toldOf(quoter, child(spec, 'resources', 'limits', 'memory'), bytesOfQuantity),
    requestBytes: toldOf(quoter, child(spec, 'resources', 'requests', 'memory'), bytesOfQuantity),
    containers: containersOf(spec, status, quoter),
    memoryVolumes: memoryVolumesOf(spec, quoter),
    diskVolumes: itemsOf(child(spec, 'volumes'))
      .filter((volume) => child(volume, 'emptyDir') !== null && textAt(volume, 'emptyDir', 'medium') !== 'Memory')
      .map((volume) => ({ name: textAt(volume, 'name') ?? '', quotes: quotesOf(quoter, [child(volume, 'name')]) })),
    restartPolicy: textAt(spec, 'restartPolicy'),
    quotes: quotesOf(quoter, [name, child(metadata, 'uid'), child(status, 'reason'), child(status, 'message')]),
  }
}

export function quotesOf(quoter: Quoter, trees: readonly (Tree | null)[]): ReturnType<Quoter['quote']>[] {
  return trees.filter((tree): tree is Tree => textOf(tree) !== null).map((tree) => quoter.quote(tree.at))
}

function timeAt(tree: Tree | null, key: string): number | null {
  return parseRfc3339(textAt(tree, key) ?? '')?.epochUs ?? null
}

export function qosClassOf(text: string | null): PodSnapshot['qosClass'] {
  return text === 'Guaranteed' || text === 'Burstable' || text === 'BestEffort' ? text : null
}

function controllerOf(metadata: Tree | null): { kind: string; name: string } | null {
  const references = itemsOf(child(metadata, 'ownerReferences'))
  const controller = references.find((reference) => flagAt(reference, 'controller') === true) ?? references[0] ?? null
  const kind = textAt(controller, 'kind')
  const name = textAt(controller, 'name')
  return kind === null || name === null ? null : { kind, name }
}

function containersOf(spec: Tree | null, status: Tree | null, quoter: Quoter): ContainerSnapshot[] {
  const groups = [
    ['init', 'initContainers', 'initContainerStatuses'],
    ['regular', 'containers', 'containerStatuses'],
    ['ephemeral', 'ephemeralContainers', 'ephemeralContainerStatuses'],
  ] as const
  return groups.flatMap(([type, inSpec, inStatus]) => {
    const statuses = new Map(itemsOf(child(status, inStatus)).map((one) => [textAt(one, 'name'), one]))
    return itemsOf(child(spec, inSpec)).map((container) => {
      const restartable = type === 'init' && textAt(container, 'restartPolicy') === 'Always'
      return containerOf(container, statuses.get(textAt(container, 'name')) ?? null, restartable ? 'sidecar' : type, quoter)
    })
  })
}

function containerOf(spec: Tree, status: Tree | null, type: ContainerSnapshot['type'], quoter: Quoter): ContainerSnapshot {
  const id = splitContainerId(textAt(status, 'containerID'))
  const words = [...itemsOf(child(spec, 'command')), ...itemsOf(child(spec, 'args'))].map(textOf).filter((word) => word !== null)
  return {
    name: textAt(spec, 'name') ?? '',
    type,
    containerId: id.id,
    runtime: id.runtime,
    image: textAt(spec, 'image') ?? textAt(status, 'image'),
    command: maskArguments(words),
    env: memoryEnvironment(child(spec, 'env')),
    limitBytes: toldOf(quoter, child(spec, 'resources', 'limits', 'memory'), bytesOfQuantity),
    requestBytes: toldOf(quoter, child(spec, 'resources', 'requests', 'memory'), bytesOfQuantity),
    state: stateOf(child(status, 'state'), quoter),
    lastState: stateOf(child(status, 'lastState'), quoter),
    restartCount: toldOf(quoter, child(status, 'restartCount'), wholeNumber),
    ready: flagAt(status, 'ready'),
  }
}

export function wholeNumber(text: string): number | null {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : null
}

const RUNTIME_OF_SCHEME: Readonly<Record<string, ContainerSnapshot['runtime']>> = {
  containerd: 'containerd',
  'cri-o': 'cri-o',
  docker: 'docker',
  podman: 'podman',
}

/** `containerd://25a38b5b…` of a container status. */
export function splitContainerId(text: string | null): { id: string | null; runtime: ContainerSnapshot['runtime'] } {
  const groups = /^(?:(?<scheme>[a-z-]+):\/\/)?(?<id>\S+)$/.exec(text ?? '')?.groups
  return { id: groups?.['id'] ?? null, runtime: RUNTIME_OF_SCHEME[groups?.['scheme'] ?? ''] ?? null }
}

const memoryEnvironment = (env: Tree | null): Record<string, string> =>
  ofMemory(itemsOf(env).map((variable) => [textAt(variable, 'name'), textAt(variable, 'value')]))

/** Of an environment what governs memory. */
export function ofMemory(variables: readonly (readonly [string | null, string | null])[]): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of variables) {
    const memory = name === null || value === null ? null : memoryVariable(name, value)
    if (name !== null && memory !== null) kept[name] = memory
  }
  return kept
}

function stateOf(state: Tree | null, quoter: Quoter): ContainerState | null {
  for (const kind of ['terminated', 'waiting', 'running'] as const) {
    const inside = child(state, kind)
    if (inside === null || inside.kind !== 'map') continue
    const fields = ['reason', 'exitCode', 'message', 'startedAt', 'finishedAt'].map((key) => child(inside, key))
    const quotes = quotesOf(quoter, fields)
    return {
      kind,
      reason: textAt(inside, 'reason'),
      message: textAt(inside, 'message'),
      exitCode: numberAt(inside, 'exitCode'),
      signal: numberAt(inside, 'signal'),
      startedUs: timeAt(inside, 'startedAt'),
      finishedUs: timeAt(inside, 'finishedAt'),
      containerId: splitContainerId(textAt(inside, 'containerID')).id,
      initKilled: isInitKill(textAt(inside, 'message') ?? ''),
      quotes: quotes.length > 0 ? quotes : [quoter.quote(inside.at)],
    }
  }
  return null
}

function memoryVolumesOf(spec: Tree | null, quoter: Quoter): PodSnapshot['memoryVolumes'] {
  return itemsOf(child(spec, 'volumes'))
    .filter((volume) => textAt(volume, 'emptyDir', 'medium') === 'Memory')
    .map((volume) => {
      const size = textAt(volume, 'emptyDir', 'sizeLimit')
      return {
        name: textAt(volume, 'name') ?? '',
        sizeLimitBytes: size === null ? null : bytesOfQuantity(size),
        quotes: quotesOf(quoter, [child(volume, 'name'), child(volume, 'emptyDir', 'medium'), child(volume, 'emptyDir', 'sizeLimit')]),
      }
    })
}
