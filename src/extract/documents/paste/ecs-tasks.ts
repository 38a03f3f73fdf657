import type { RuntimeContainerSnapshot } from '../../../model/snapshot.ts'
import { quotesOf } from '../manifest-pod.ts'
import { parseRfc3339 } from '../times.ts'
import { child, entriesOf, itemsOf, numberAt, type Quoter, type Tree, textAt } from '../tree.ts'

/**
 * The agent's word for docker's `State.OOMKilled` (amazon-ecs-agent, agent/dockerclient/dockerapi/errors.go `OutOfMemoryError`); Fargate 1.4 writes `container`. A JVM's
 * error of that name goes on with other words.
 */
const KILLED = /^OutOfMemoryError: container killed due to memory usage/i

/**
 * Containers of `aws ecs describe-tasks`, of its `--query`, of EventBridge's `ECS Task State Change` and of Batch's attempts that the kernel killed: each says so in its
 * `reason`, the task around it says when it had stopped. Of a Batch job the last attempt stands beside the list, too.
 */
export function killedInTasks(
  tree: Tree,
  quoter: Quoter,
  source: string,
  stopped: number | null = null,
  depth = 0,
): RuntimeContainerSnapshot[] {
  if (depth > 8) return []
  if (tree.kind === 'list') return tree.items.flatMap((item) => killedInTasks(item, quoter, source, stopped, depth + 1))
  if (tree.kind !== 'map') return []
  const at = stoppedOf(tree) ?? stopped
  const key = (name: string): string => (child(tree, name) === null ? name.replace(/^./, (first) => first.toUpperCase()) : name)
  if (KILLED.test(textAt(tree, key('reason')) ?? '')) return [containerOf(tree, key, at, quoter, source)]
  const attempts = itemsOf(child(tree, 'attempts'))
  const below = attempts.length > 0 ? attempts : entriesOf(tree).map(([, value]) => value)
  return below.flatMap((value) => killedInTasks(value, quoter, source, at, depth + 1))
}

function containerOf(
  tree: Tree,
  key: (name: string) => string,
  finishedUs: number | null,
  quoter: Quoter,
  source: string,
): RuntimeContainerSnapshot {
  const mebibytes = numberAt(tree, 'memory')
  return {
    kind: 'runtime-container',
    source,
    containerId: textAt(tree, 'runtimeId'),
    name: textAt(tree, key('name')),
    podUid: null,
    podName: null,
    namespace: null,
    runtime: null,
    oomKilled: true,
    exitCode: numberAt(tree, key('exitCode')),
    finishedUs,
    running: numberAt(tree, key('exitCode')) === null ? null : false,
    pid: null,
    cgroupPath: null,
    limitBytes: mebibytes === null ? null : mebibytes * 1024 * 1024,
    quotes: quotesOf(
      quoter,
      ['name', 'reason', 'exitCode'].map((name) => child(tree, key(name))),
    ),
  }
}

/** RFC 3339; seconds in the first version of the command line, milliseconds in Batch. */
function stoppedOf(tree: Tree): number | null {
  const text = textAt(tree, 'executionStoppedAt') ?? textAt(tree, 'stoppedAt') ?? ''
  if (/^\d{9,13}(?:\.\d{1,6})?$/.test(text)) return Math.round(Number(text) * (/^\d{13}/.test(text) ? 1e3 : 1e6))
  return parseRfc3339(text)?.epochUs ?? null
}
