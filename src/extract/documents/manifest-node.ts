import type { NodeSnapshot } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { quotesOf } from './manifest-pod.ts'
import { child, itemsOf, type Quoter, type Tree, textAt, textOf, toldOf } from './tree.ts'

/** A Node reports its system in `status.nodeInfo`; `kind` may be stripped inside a List. */
export function isNode(tree: Tree): boolean {
  const kind = textAt(tree, 'kind')
  if (kind !== null && kind !== 'Node') return false
  return (
    textAt(tree, 'metadata', 'name') !== null &&
    (child(tree, 'status', 'nodeInfo') !== null || (kind === 'Node' && child(tree, 'status') !== null))
  )
}

/** `v1.Node` of the API. What is allocated to pods is not in the object: `describe node` sums it. */
export function nodeOfManifest(tree: Tree, quoter: Quoter, source: string): NodeSnapshot {
  const status = child(tree, 'status')
  const info = child(status, 'nodeInfo')
  const name = child(tree, 'metadata', 'name')
  return {
    kind: 'node',
    source,
    name: textOf(name) ?? '',
    capacityBytes: toldOf(quoter, child(status, 'capacity', 'memory'), bytesOfQuantity),
    allocatableBytes: toldOf(quoter, child(status, 'allocatable', 'memory'), bytesOfQuantity),
    bootId: plainBootId(textAt(info, 'bootID')),
    kernelVersion: textAt(info, 'kernelVersion'),
    kubeletVersion: textAt(info, 'kubeletVersion'),
    osImage: textAt(info, 'osImage'),
    memoryPressure: pressureOf(status, quoter),
    allocated: null,
    quotes: quotesOf(quoter, [name, child(info, 'bootID'), child(info, 'kubeletVersion')]),
  }
}

/** Boot ids are compared without dashes, as the journal writes them. */
export function plainBootId(text: string | null): string | null {
  const plain = (text ?? '').trim().replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(plain) ? plain : null
}

function pressureOf(status: Tree | null, quoter: Quoter): NodeSnapshot['memoryPressure'] {
  const condition = itemsOf(child(status, 'conditions')).find((one) => textAt(one, 'type') === 'MemoryPressure') ?? null
  const state = child(condition, 'status')
  if (state === null) return null
  return {
    status: textOf(state) ?? '',
    reason: textAt(condition, 'reason'),
    quote: quoter.quote(state.at),
  }
}
