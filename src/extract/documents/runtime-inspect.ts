import type { RuntimeContainerSnapshot } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { readJsonStream } from './json-tree.ts'
import { ofMemory, quotesOf } from './manifest-pod.ts'
import { cutWarning } from './manifests.ts'
import { newFacts } from './page.ts'
import { maskArguments } from './secrets.ts'
import { parseRfc3339 } from './times.ts'
import { child, flagAt, itemsOf, numberAt, type Quoter, quoterOf, type Tree, textAt, textOf } from './tree.ts'

/**
 * `docker inspect`, `podman inspect`, `nerdctl inspect`, dockerd's config.v2.json: a `State` with `OOMKilled` or an exit code. `crictl inspect`: `status` and `info`.
 * `ctr containers info`, `nerdctl inspect --mode native`: `Labels`, `SnapshotKey` and the runtime's `Spec`.
 */
export const runtimeInspect: DocumentReader = {
  id: 'runtime-inspect',
  title: 'Containers as their runtime knows them',
  writtenBy: 'crictl inspect, crictl ps -o json, docker inspect, podman inspect, nerdctl inspect, ctr containers info, config.v2.json',
  seen: 'documented',
  sniff(head) {
    if (!/^[\s\uFEFF]*[[{]/.test(head) || /"kind" ?:/.test(head)) return 'none'
    if (/"State" ?: ?\{/.test(head) && /"(?:OOMKilled|FinishedAt|ExitCode)" ?:/.test(head)) return 'strong'
    if (/"SnapshotKey" ?: ?"/.test(head) && /"Snapshotter" ?: ?"/.test(head)) return 'strong'
    if (/"CONTAINER_(?:RUNNING|EXITED|CREATED|UNKNOWN)"/.test(head) && /"(?:status|containers|info)" ?:/.test(head)) return 'strong'
    return /^\s*\{\s*"(?:status|info)" ?: ?\{/.test(head) && head.includes('io.kubernetes.') ? 'strong' : 'none'
  },
  read(document) {
    const facts = newFacts()
    const quoter = quoterOf(document.source, document.text, document.firstLine ?? 1)
    readJsonStream(document.text, {
      object(tree) {
        for (const found of containersOf(tree, quoter, document.source)) facts.snapshots.push(found)
      },
      broken: (at, reason) => cutWarning(facts, quoter, document, 'runtime-inspect', at, reason),
    })
    return facts
  },
}

function containersOf(tree: Tree, quoter: Quoter, source: string): RuntimeContainerSnapshot[] {
  const listed = itemsOf(child(tree, 'containers'))
  if (listed.length > 0) return listed.flatMap((one) => criContainer(one, null, quoter, source))
  const status = child(tree, 'status')
  if (status?.kind === 'map') return criContainer(status, child(tree, 'info'), quoter, source)
  if (child(tree, 'SnapshotKey') !== null) return containerdContainer(tree, quoter, source)
  return dockerContainer(tree, quoter, source)
}

/** CRI's ContainerStatus as crictl prints it; `info` is the runtime's own (verbose). */
function criContainer(status: Tree, info: Tree | null, quoter: Quoter, source: string): RuntimeContainerSnapshot[] {
  const id = textAt(status, 'id')
  if (id === null || !/^[0-9a-f]{12,64}$/.test(id)) return []
  const labels = child(status, 'labels')
  const reason = textAt(status, 'reason')
  const state = textAt(status, 'state')
  const spec = child(info, 'runtimeSpec') ?? child(info, 'config')
  const limit = numberAt(spec, 'linux', 'resources', 'memory', 'limit') ?? numberAt(status, 'resources', 'linux', 'memoryLimitInBytes')
  return [
    {
      kind: 'runtime-container',
      source,
      containerId: id,
      name: textAt(status, 'metadata', 'name'),
      podUid: textAt(labels, 'io.kubernetes.pod.uid'),
      podName: textAt(labels, 'io.kubernetes.pod.name'),
      namespace: textAt(labels, 'io.kubernetes.pod.namespace'),
      runtime:
        info !== null && textAt(info, 'runtimeType') !== null
          ? 'containerd'
          : textAt(spec, 'linux', 'cgroupsPath')?.includes(':crio:') === true
            ? 'cri-o'
            : null,
      oomKilled: reason === 'OOMKilled' ? true : state === 'CONTAINER_EXITED' && reason !== null ? false : null,
      exitCode: state === 'CONTAINER_RUNNING' ? null : numberAt(status, 'exitCode'),
      finishedUs: finishedAt(textAt(status, 'finishedAt')),
      running: state === null ? null : state === 'CONTAINER_RUNNING',
      pid: positive(numberAt(info, 'pid')),
      cgroupPath: textAt(spec, 'linux', 'cgroupsPath'),
      limitBytes: positive(limit),
      started: startedOf(textAt(status, 'image', 'image'), [child(spec, 'process', 'args')], child(spec, 'process', 'env')),
      quotes: quotesOf(
        quoter,
        ['id', 'reason', 'exitCode', 'finishedAt'].map((key) => child(status, key)),
      ),
    },
  ]
}

/** containerd's own record of a container. Its task is another object: whether it runs is known where nerdctl put a `Process` beside it. */
function containerdContainer(tree: Tree, quoter: Quoter, source: string): RuntimeContainerSnapshot[] {
  const id = child(tree, 'ID')
  const containerId = textOf(id)
  if (id === null || containerId === null || !/^[0-9a-f]{12,64}$/.test(containerId)) return []
  const labels = child(tree, 'Labels')
  // A pod's sandbox has the pod's names and is none of its containers.
  if (textAt(labels, 'io.cri-containerd.kind') === 'sandbox') return []
  const spec = child(tree, 'Spec', 'value') ?? child(tree, 'Spec')
  const task = child(tree, 'Process', 'Status')
  const word = textAt(task, 'Status')
  const isOver = word === 'stopped'
  return [
    {
      kind: 'runtime-container',
      source,
      containerId,
      name: textAt(labels, 'io.kubernetes.container.name') ?? textAt(labels, 'nerdctl/name'),
      podUid: textAt(labels, 'io.kubernetes.pod.uid'),
      podName: textAt(labels, 'io.kubernetes.pod.name'),
      namespace: textAt(labels, 'io.kubernetes.pod.namespace'),
      runtime: 'containerd',
      oomKilled: null,
      exitCode: isOver ? numberAt(task, 'ExitStatus') : null,
      finishedUs: isOver ? finishedAt(textAt(task, 'ExitTime')) : null,
      running: word === null ? null : word === 'running',
      pid: positive(numberAt(tree, 'Process', 'Pid')),
      cgroupPath: textAt(spec, 'linux', 'cgroupsPath'),
      limitBytes: positive(numberAt(spec, 'linux', 'resources', 'memory', 'limit')),
      started: startedOf(textAt(tree, 'Image'), [child(spec, 'process', 'args')], child(spec, 'process', 'env')),
      quotes: [quoter.quote(id.at), ...quotesOf(quoter, [child(labels, 'io.kubernetes.pod.name'), child(task, 'ExitStatus')])],
    },
  ]
}

function dockerContainer(tree: Tree, quoter: Quoter, source: string): RuntimeContainerSnapshot[] {
  const id = child(tree, 'Id') ?? child(tree, 'ID')
  const containerId = id?.kind === 'scalar' ? String(id.value) : null
  const state = child(tree, 'State')
  if (containerId === null || state?.kind !== 'map' || !/^[0-9a-f]{12,64}$/.test(containerId)) return []
  const labels = child(tree, 'Config', 'Labels')
  const isPodman = child(state, 'OciVersion') !== null || child(tree, 'OCIRuntime') !== null
  const running = flagAt(state, 'Running')
  return [
    {
      kind: 'runtime-container',
      source,
      containerId,
      name: textAt(labels, 'io.kubernetes.container.name') ?? textAt(tree, 'Name')?.replace(/^\//, '') ?? null,
      podUid: textAt(labels, 'io.kubernetes.pod.uid'),
      podName: textAt(labels, 'io.kubernetes.pod.name'),
      namespace: textAt(labels, 'io.kubernetes.pod.namespace'),
      runtime: isPodman ? 'podman' : 'docker',
      oomKilled: flagAt(state, 'OOMKilled'),
      exitCode: running === true ? null : numberAt(state, 'ExitCode'),
      finishedUs: finishedAt(textAt(state, 'FinishedAt')),
      running,
      pid: positive(numberAt(state, 'Pid')),
      cgroupPath: textAt(state, 'CgroupPath'),
      limitBytes: positive(numberAt(tree, 'HostConfig', 'Memory')),
      started: startedOf(textAt(tree, 'Config', 'Image'), commandOf(tree), child(tree, 'Config', 'Env')),
      quotes: [
        ...(id === null ? [] : [quoter.quote(id.at)]),
        ...quotesOf(
          quoter,
          ['OOMKilled', 'ExitCode', 'FinishedAt'].map((key) => child(state, key)),
        ),
      ],
    },
  ]
}

/** What ran: `Path` and `Args`, else what they are made from. */
function commandOf(tree: Tree): readonly (Tree | null)[] {
  const path = child(tree, 'Path')
  const config = child(tree, 'Config')
  return path === null ? [child(config, 'Entrypoint'), child(config, 'Cmd')] : [path, child(tree, 'Args')]
}

/** Words in lists or alone; variables as `NAME=value`. */
function startedOf(
  image: string | null,
  command: readonly (Tree | null)[],
  env: Tree | null,
): NonNullable<RuntimeContainerSnapshot['started']> {
  const textsOf = (tree: Tree | null): string[] => (tree?.kind === 'list' ? tree.items : [tree]).map(textOf).filter((text) => text !== null)
  const variables = textsOf(env).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const)
  return { image, command: maskArguments(command.flatMap(textsOf)), env: ofMemory(variables) }
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null)

/** RFC 3339, or nanoseconds since the epoch as crictl ps -o json has them; the zero time is none. */
function finishedAt(text: string | null): number | null {
  if (text === null) return null
  if (/^\d{16,19}$/.test(text)) return Number(BigInt(text) / 1000n)
  return parseRfc3339(text)?.epochUs ?? null
}
