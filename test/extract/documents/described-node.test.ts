import { describe, expect, it } from 'vitest'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { objectEvents, ofKind, readText } from './read.ts'

// A description of one node by kubectl, in which one line is otherwise.

const [KI, MI, GI] = [2 ** 10, 2 ** 20, 2 ** 30]
const text = `Name:               node-7
Roles:              worker
Labels:             a=b
CreationTimestamp:  Tue, 24 Nov 2026 09:00:00 +0200
Lease:
  HolderIdentity:  node-7
  RenewTime:       Tue, 24 Nov 2026 13:21:20 +0530
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                         Message
  ----             ------  -----------------                 ------------------                ------                         -------
  DiskPressure     False   Tue, 24 Nov 2026 09:00:00 +0200   Tue, 24 Nov 2026 09:00:00 +0200   KubeletHasNoDiskPressure       fine
  MemoryPressure   True    Tue, 24 Nov 2026 09:00:00 +0200   Tue, 24 Nov 2026 09:00:00 +0200   KubeletHasInsufficientMemory   short
Capacity:
  cpu:     2
  memory:  986188Ki
Allocatable:
  cpu:     2
  memory:  883788Ki
System Info:
  Boot ID:          762cae21-4eef-426a-8352-63c2702d9421
  Kernel Version:   6.8.0
  OS Image:         Ubuntu 24.04
  Kubelet Version:  v1.33.4
Non-terminated Pods:          (2 in total)
  Namespace   Name            CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------   ----            ------------  ----------  ---------------  -------------  ---
  analytics   spark-exec-17   3 (37%)       0 (0%)      14Gi (92%)       0 (0%)         41m
  shop        cart-0          100m (1%)     1 (12%)     128Mi (2%)       256Mi (5%)     5d
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                100m (5%)    0 (0%)
  memory             172Mi (19%)  282Mi (132%)
  ephemeral-storage  0 (0%)       0 (0%)
Events:
  Type     Reason     Age   From     Message
  ----     ------     ----  ----     -------
  Warning  SystemOOM  14s   kubelet  System OOM encountered
`

const read = async (from: string | RegExp, to: string) => {
  expect(text).toMatch(from)
  return (await readText(text.replace(from, to), 'x.txt')).facts
}

it('reads all of it', async () => {
  const { id, facts } = await readText(text, 'x.txt')
  const [node] = ofKind(facts, 'node')
  expect(id).toBe('describe-node')
  expect(node).toMatchObject({
    name: 'node-7',
    capacityBytes: { value: 986_188 * KI, quote: { line: 15 } },
    allocatableBytes: { value: 883_788 * KI, quote: { line: 18 } },
    bootId: '762cae214eef426a835263c2702d9421',
    kernelVersion: '6.8.0',
    kubeletVersion: 'v1.33.4',
    osImage: 'Ubuntu 24.04',
    memoryPressure: { status: 'True', reason: 'KubeletHasInsufficientMemory', quote: { line: 12 } },
    allocated: { requestsBytes: 172 * MI, limitsBytes: 282 * MI, requestsPercent: 19, limitsPercent: 132, quote: { line: 34 } },
  })
  expect(node?.quotes.map(({ line }) => line)).toEqual([1, 20, 23])
  expect(node?.pods).toMatchObject([
    { namespace: 'analytics', name: 'spark-exec-17', requestBytes: 14 * GI, limitBytes: 0, quote: { line: 27 } },
    { namespace: 'shop', name: 'cart-0', requestBytes: 128 * MI, limitBytes: 256 * MI, quote: { line: 28 } },
  ])
  expect(node?.pods).toHaveLength(2)
  expect(objectEvents(facts)).toMatchObject([{ objectKind: 'Node', name: 'node-7', host: 'node-7', reason: 'SystemOOM', ageSeconds: 14 }])
  expect(ofKind(facts, 'clock')).toMatchObject([
    { host: 'node-7', capturedUs: null, capturedAfterUs: { value: Date.parse('2026-11-24T13:21:20+05:30') * 1000, quote: { line: 7 } } },
  ])
})

describe('one line otherwise', () => {
  it.each<[string, string | RegExp, string, Partial<Record<keyof NodeSnapshot, unknown>>]>([
    ['no capacity', /Capacity:\n(?: .*\n)+/, '', { capacityBytes: null, allocatableBytes: { value: 883_788 * KI } }],
    ['no memory in it', '  memory:  986188Ki\n', '', { capacityBytes: null, allocatableBytes: { value: 883_788 * KI } }],
    ['a capacity that is none', '986188Ki', 'much', { capacityBytes: null }],
    ['one blank before, as up to 1.9', '  memory:  986188Ki', ' memory:  986188Ki', { capacityBytes: { value: 986_188 * KI } }],
    ['three', '  memory:  986188Ki', '   memory:  986188Ki', { capacityBytes: null }],
    ['no allocatable', /Allocatable:\n(?: .*\n)+/, '', { capacityBytes: { value: 986_188 * KI }, allocatableBytes: null }],
    ['no info', /System Info:\n(?: .*\n)+/, '', { bootId: null, kernelVersion: null, kubeletVersion: null, osImage: null }],
    ['one blank in the info', '  Boot ID:', ' Boot ID:', { bootId: '762cae214eef426a835263c2702d9421', kernelVersion: '6.8.0' }],
    ['a boot id that is none', '762cae21-4eef', '762cae21', { bootId: null }],
    ['no conditions', /Conditions:\n(?: .*\n)+/, '', { memoryPressure: null }],
    ['no condition of memory', / {2}MemoryPressure.*\n/, '', { memoryPressure: null }],
    ['no head of them', / {2}Type {13}Status.*\n/, '', { memoryPressure: null }],
    ['no reason', 'KubeletHasInsufficientMemory', '<none>                      ', { memoryPressure: { status: 'True', reason: null } }],
    ['nothing allocated', /Allocated resources:\n(?: .*\n)+/, '', { allocated: null }],
    ['no memory allocated', / {2}memory {13}172.*\n/, '', { allocated: null }],
    [
      'requests alone',
      /172Mi \(19%\) {2}282Mi \(132%\)/,
      '172Mi (19%)',
      { allocated: { requestsBytes: 172 * MI, limitsBytes: null, requestsPercent: 19, limitsPercent: null } },
    ],
    [
      'all in one row, as up to 1.11',
      /Allocated resources:\n(?: .*\n)+/,
      'Allocated resources:\n  CPU Requests  CPU Limits  Memory Requests  Memory Limits\n  ---\n  310m (15%)  0 (0%)  1Gi (26%)  4Gi (90%)\n',
      { allocated: { requestsBytes: GI, limitsBytes: 4 * GI, requestsPercent: 26, limitsPercent: 90 } },
    ],
    [
      'such a row cut',
      /Allocated resources:\n(?: .*\n)+/,
      'Allocated resources:\n  CPU Requests  CPU Limits  Memory Requests  Memory Limits\n  310m (15%)  0 (0%)  1Gi (26%)\n',
      { allocated: null },
    ],
    ['a pod’s row cut', /256Mi \(5%\) {5}5d/, '', { pods: [{ name: 'spark-exec-17' }] }],
  ])('%s', async (_, from, to, expected) => {
    expect(ofKind(await read(from, to), 'node')[0]).toMatchObject({ name: 'node-7', ...expected })
  })

  it.each<[string, string | RegExp, string]>([
    ['no lease', /Lease:\n(?: .*\n)+/, ''],
    ['no renewal', / {2}RenewTime.*\n/, ''],
    ['a renewal that is no time', /Tue, 24 Nov 2026 13:21:20 .0530/, '<unset>'],
  ])('no clock: %s', async (_, from, to) => {
    expect(ofKind(await read(from, to), 'clock')).toEqual([])
  })

  it('no list of pods is not an empty one', async () => {
    expect(ofKind(await read(/Non-terminated Pods:.*\n(?: .*\n)+/, ''), 'node')[0]?.pods).toBeUndefined()
    expect(ofKind(await read(/\(2 in total\)\n(?: .*\n)+/, '(0 in total)\n'), 'node')[0]?.pods).toEqual([])
  })

  it('two nodes in one text', async () => {
    const { facts } = await readText(`${text}\n\n${text.replaceAll('node-7', 'node-8').replace('986188', '900000')}`, 'x.txt')
    expect(ofKind(facts, 'node').map(({ name, capacityBytes }) => [name, capacityBytes?.value])).toEqual([
      ['node-7', 986_188 * KI],
      ['node-8', 900_000 * KI],
    ])
    expect(objectEvents(facts).map(({ name }) => name)).toEqual(['node-7', 'node-8'])
  })
})

it.each<[string, string, boolean]>([
  ['three of its keys', 'Name:  a\nRoles: b\nTaints: c\nCapacity:\nAllocatable:\n', true],
  ['a role of old', 'Name:  a\nRole: b\nTaints: c\nCapacity:\nAllocatable:\n', true],
  ['labels', 'Name:  a\nLabels: b\nTaints: c\nCapacity:\nAllocatable:\n', true],
  ['two of its keys', 'Name:  a\nRoles: b\nTaints: c\nCapacity:\n', false],
  ['another key below the name', 'Name:  a\nType: b\nTaints: c\nCapacity:\nAllocatable:\n', false],
  ['20 lines before', `${'a line\n'.repeat(20)}Name:  a\nRoles: b\nTaints: c\nCapacity:\nAllocatable:\n`, true],
  ['21 lines before', `${'a line\n'.repeat(21)}Name:  a\nRoles: b\nTaints: c\nCapacity:\nAllocatable:\n`, false],
  ['below a heading', '==> x <==\nName:  a\nRoles: b\nTaints: c\nCapacity:\nAllocatable:\n', false],
])('what is one: %s', async (_, content, is) => {
  expect((await readText(content, 'x.txt')).id === 'describe-node').toBe(is)
})
