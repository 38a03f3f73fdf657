/** One thing of an incident that is otherwise as it was: where it stands (`kills.0.dump.memory.usageBytes`), and what stands there instead, as JSON; `first` and `rest` are of a list. */
export interface Change {
  readonly path: string
  readonly to: string
}

type Node = Record<string, unknown>

function at(root: unknown, path: string): unknown {
  let node = root
  for (const step of path.split('.')) {
    if (node === null || typeof node !== 'object') return undefined
    node = (node as Node)[step]
  }
  return node
}

const instead = (was: unknown, to: string): unknown => {
  if (to === 'first') return (was as readonly unknown[]).slice(0, 1)
  if (to === 'rest') return (was as readonly unknown[]).slice(1)
  return JSON.parse(to)
}

/** A copy with the changes: what was one object in several places still is. */
export function changed<T>(root: T, changes: readonly Change[]): T {
  const copy = structuredClone(root)
  for (const { path, to } of changes) {
    const steps = path.split('.')
    const last = steps.pop() ?? ''
    const parent = (steps.length === 0 ? copy : at(copy, steps.join('.'))) as Node
    parent[last] = instead(parent[last], to)
  }
  return copy
}
