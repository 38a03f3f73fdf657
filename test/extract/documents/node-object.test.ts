import { expect, it } from 'vitest'
import { plainBootId } from '../../../src/extract/documents/manifest-node.ts'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { ofKind, readText } from './read.ts'

type Made = Record<string, unknown>
const condition = {
  type: 'MemoryPressure',
  status: 'True',
  reason: 'KubeletHasInsufficientMemory',
  lastTransitionTime: '2026-11-24T07:00:00Z',
}
const info = {
  bootID: '762CAE21-4eef-426a-8352-63c2702d9421',
  kernelVersion: '6.8.0',
  kubeletVersion: 'v1.33.4',
  containerRuntimeVersion: 'containerd://2.0.5',
  osImage: 'Ubuntu',
}
const status = {
  capacity: { memory: '16Gi' },
  allocatable: { memory: '15Gi' },
  conditions: [{ type: 'DiskPressure', status: 'Unknown' }, condition],
  nodeInfo: info,
}

const read = async (object: Made): Promise<NodeSnapshot | undefined> =>
  ofKind((await readText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object] }, null, 1), 'n.json')).facts, 'node')[0]
const node = (more: Made = {}): Made => ({ kind: 'Node', metadata: { name: 'node-7' }, status: { ...status, ...more } })

it.each<[string, Made, Made]>([
  [
    'whole',
    {},
    {
      name: 'node-7',
      capacityBytes: { value: 16 * 2 ** 30 },
      allocatableBytes: { value: 15 * 2 ** 30 },
      bootId: '762cae214eef426a835263c2702d9421',
      kernelVersion: '6.8.0',
      kubeletVersion: 'v1.33.4',
      osImage: 'Ubuntu',
      memoryPressure: { status: 'True', reason: condition.reason },
      allocated: null,
    },
  ],
  ['no capacity', { capacity: undefined }, { capacityBytes: null, allocatableBytes: { value: 15 * 2 ** 30 } }],
  ['a capacity that is none', { capacity: { memory: 'much' } }, { capacityBytes: null }],
  ['no allocatable', { allocatable: { cpu: '4' } }, { allocatableBytes: null }],
  ['no info', { nodeInfo: undefined }, { bootId: null, kernelVersion: null, kubeletVersion: null, osImage: null }],
  ['no conditions', { conditions: undefined }, { memoryPressure: null }],
  ['no condition of memory', { conditions: [{ type: 'DiskPressure', status: 'True' }] }, { memoryPressure: null }],
  ['a condition without a status', { conditions: [{ type: 'MemoryPressure' }] }, { memoryPressure: null }],
  [
    'a condition without more',
    { conditions: [{ type: 'MemoryPressure', status: 'False' }] },
    { memoryPressure: { status: 'False', reason: null } },
  ],
])('%s', async (_, change, expected) => {
  expect(await read(node(change))).toMatchObject(expected)
})

it.each<[string, Made, boolean]>([
  ['its kind stripped', { ...node(), kind: undefined }, true],
  ['its kind stripped, no info', { ...node({ nodeInfo: undefined }), kind: undefined }, false],
  ['another kind', { ...node(), kind: 'Machine' }, false],
  ['no status', { kind: 'Node', metadata: { name: 'n' } }, false],
  ['no name', { ...node(), metadata: {} }, false],
])('whether it is one: %s', async (_, object, is) => {
  expect((await read(object)) !== undefined).toBe(is)
})

it.each([
  ['762cae21-4eef-426a-8352-63c2702d9421', '762cae214eef426a835263c2702d9421'],
  [' 762CAE214EEF426A835263C2702D9421\n', '762cae214eef426a835263c2702d9421'],
  ['762cae21-4eef-426a-8352-63c2702d942', null],
  ['762cae21-4eef-426a-8352-63c2702d94211', null],
  ['g62cae21-4eef-426a-8352-63c2702d9421', null],
  ['', null],
  [null, null],
])('boot %s', (text, id) => {
  expect(plainBootId(text)).toBe(id)
})
