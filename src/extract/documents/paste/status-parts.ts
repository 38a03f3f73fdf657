import type { ContainerSnapshot, PodSnapshot } from '../../../model/snapshot.ts'
import { isEvictionMessage } from '../../pod-end.ts'
import { barePod } from '../bare-pod.ts'
import { podOfManifest } from '../manifest-pod.ts'
import { child, entriesOf, itemsOf, type Quoter, type Tree, textAt } from '../tree.ts'

/** A pod of which nothing is known yet. The empty name stands for one that is not named. */
export const podWithout = (source: string): PodSnapshot => barePod(source, '')

const LISTS = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const
const STATES = ['terminated', 'waiting', 'running'] as const

/**
 * The pods in a part of a pod's JSON or YAML: `jq .status`, `.status.containerStatuses`, one container's status, `lastState` alone. Every status in
 * it is found, wherever it stands; those of one list are one pod's. A whole pod is not among them.
 */
export function podsOfParts(tree: Tree, quoter: Quoter, source: string, depth = 0): PodSnapshot[] {
  if (depth > 8) return []
  if (tree.kind === 'list') {
    const statuses = tree.items.filter(isStatus)
    if (statuses.length > 0) return [podOf([['containerStatuses', statuses]], null, tree, quoter, source)]
    return tree.items.flatMap((item) => podsOfParts(item, quoter, source, depth + 1))
  }
  if (tree.kind !== 'map') return []
  const status = child(tree, 'status')?.kind === 'map' ? child(tree, 'status') : tree
  const groups = LISTS.map((key) => [key, itemsOf(child(status, key)).filter(isStatus)] as const).filter(([, list]) => list.length > 0)
  if (groups.length === 0 && isEviction(status)) return [podOf([], status, tree, quoter, source)]
  if (groups.length > 0) return [podOf(groups, status, tree, quoter, source)]
  if (isStatus(tree)) return [podOf([['containerStatuses', [tree]]], null, tree, quoter, source)]
  if (STATES.some((key) => child(tree, key)?.kind === 'map')) {
    const made: Tree = { kind: 'map', entries: new Map([['lastState', tree]]), at: tree.at }
    return [podOf([['containerStatuses', [made]]], null, tree, quoter, source)]
  }
  if (isEnd(tree)) {
    const name = textAt(tree, 'metadata', 'name') ?? ''
    const entries = new Map<string, Tree>([
      ['name', { kind: 'scalar', value: name, at: tree.at }],
      ['lastState', { kind: 'map', entries: new Map([['terminated', tree]]), at: tree.at }],
    ])
    return [
      podOf(
        [['containerStatuses', [{ kind: 'map', entries, at: tree.at }]]],
        null,
        { kind: 'map', entries: new Map(), at: tree.at },
        quoter,
        source,
      ),
    ]
  }
  return entriesOf(tree).flatMap(([, value]) => podsOfParts(value, quoter, source, depth + 1))
}

/** `{state: {…}, lastState: {terminated: {…}}, name: app, …}` */
function isStatus(tree: Tree): boolean {
  return ['state', 'lastState'].some((key) => STATES.some((state) => child(tree, key, state)?.kind === 'map'))
}

/** `{exitCode: 137, reason: OOMKilled, finishedAt: …}`: how a container ended, by itself (`…lastState.terminated`, `crictl inspect | jq .status`). */
const isEnd = (tree: Tree): boolean =>
  textAt(tree, 'reason') === 'OOMKilled' && (child(tree, 'exitCode') !== null || child(tree, 'finishedAt') !== null)

/** `{phase: Failed, reason: Evicted, message: …}`: the status of a pod that the kubelet evicted has no containers. Its message is the kubelet's, or none is shown. */
function isEviction(status: Tree | null): boolean {
  if (textAt(status, 'reason') !== 'Evicted') return false
  const message = textAt(status, 'message')
  return message === null ? textAt(status, 'phase') === 'Failed' : isEvictionMessage(message)
}

type Groups = readonly (readonly [(typeof LISTS)[number], readonly Tree[]])[]

/** An evicted pod's names, where they stand beside its status. Beside a container's state the name is the container's. */
const namesBeside = (status: Tree | null) => entriesOf(status).filter(([key]) => key === 'name' || key === 'namespace')

/** Read as the pod that it was cut from: with a specification that names the containers, and nothing else. */
function podOf(groups: Groups, status: Tree | null, around: Tree, quoter: Quoter, source: string): PodSnapshot {
  const at = around.at
  const scalar = (value: string): Tree => ({ kind: 'scalar', value, at })
  const map = (entries: readonly (readonly [string, Tree])[]): Tree => ({ kind: 'map', entries: new Map(entries), at })
  const named = (item: Tree): Tree =>
    map([['name', scalar(textAt(item, 'name') ?? '')], ...entriesOf(item).filter(([key]) => key !== 'name')])
  const list = (items: readonly Tree[]): Tree => ({ kind: 'list', items, at })
  const spec = groups.map(([key, items]) => {
    const inSpec = key === 'initContainerStatuses' ? 'initContainers' : key === 'containerStatuses' ? 'containers' : 'ephemeralContainers'
    return [inSpec, list(items.map((item) => map([['name', scalar(textAt(item, 'name') ?? '')]])))] as const
  })
  const own = status === null ? [] : entriesOf(status).filter(([key]) => !LISTS.some((name) => name === key))
  const pod = map([
    ['metadata', child(around, 'metadata') ?? map(namesBeside(groups.length === 0 ? around : null))],
    ['spec', map([...spec, ...entriesOf(child(around, 'spec')).filter(([key]) => key === 'nodeName')])],
    ['status', map([...own, ...groups.map(([key, items]) => [key, list(items.map(named))] as const)])],
  ])
  const read = podOfManifest(pod, quoter, source)
  return { ...read, containers: read.containers.map(withoutSpec), quotes: read.quotes.length > 0 ? read.quotes : [quoter.quote(at)] }
}

/** No specification was there to show a limit or the lack of one. */
const withoutSpec = (container: ContainerSnapshot): ContainerSnapshot => ({ ...container, limitBytes: null, requestBytes: null })
