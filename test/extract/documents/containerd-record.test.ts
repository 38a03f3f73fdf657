import { describe, expect, it } from 'vitest'
import { ofKind, readText } from './read.ts'

const ID = 'c7'.repeat(32)
const spec = {
  process: { args: ['java', '-jar', 'a.jar'] },
  linux: { resources: { memory: { limit: 536870912 } }, cgroupsPath: `a.slice:x:${ID}` },
}
const record = (more: object) =>
  JSON.stringify(
    { ID, Image: 'reg/app:1', SnapshotKey: ID, Snapshotter: 'overlayfs', CreatedAt: '2026-11-20T08:10:00Z', Spec: spec, ...more },
    null,
    4,
  )

describe('containerd’s own record of a container', () => {
  it('of ctr names pod and limit and knows of no task', async () => {
    const Labels = {
      'io.cri-containerd.kind': 'container',
      'io.kubernetes.container.name': 'cart',
      'io.kubernetes.pod.name': 'cart-6d5f',
      'io.kubernetes.pod.namespace': 'shop',
      'io.kubernetes.pod.uid': '5931aa75-4603-4e65-b552-7c71cf55cfb5',
    }
    for (const Spec of [spec, { type_url: 'types.containerd.io/opencontainers/runtime-spec/1/Spec', value: spec }]) {
      const { id, facts } = await readText(record({ Labels, Spec }), 'ctr-c-info.json')
      expect(id).toBe('runtime-inspect')
      expect(ofKind(facts, 'runtime-container')).toMatchObject([
        {
          containerId: ID,
          name: 'cart',
          podName: 'cart-6d5f',
          namespace: 'shop',
          runtime: 'containerd',
          limitBytes: 536870912,
          running: null,
          oomKilled: null,
        },
      ])
    }
  })

  it('of a pod’s sandbox is none of its containers', async () => {
    const { facts } = await readText(
      record({ Labels: { 'io.cri-containerd.kind': 'sandbox', 'io.kubernetes.pod.name': 'cart-6d5f' } }),
      'a.json',
    )
    expect(facts.snapshots).toEqual([])
  })

  it('of nerdctl shows the task’s end', async () => {
    const Process = { Pid: 0, Status: { Status: 'stopped', ExitStatus: 137, ExitTime: '2026-11-20T11:30:00.5Z' } }
    const { facts } = await readText(`[${record({ Labels: { 'nerdctl/name': 'cart' }, Process })}]`, 'a.json')
    expect(ofKind(facts, 'runtime-container')).toMatchObject([
      { name: 'cart', running: false, exitCode: 137, finishedUs: Date.UTC(2026, 10, 20, 11, 30) * 1000 + 500_000 },
    ])
  })
})

describe('objects as etcd keeps them', () => {
  it('are read whole, a line each', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cart-6d5f', namespace: 'shop' },
      spec: { nodeName: 'n7', containers: [{ name: 'cart', resources: { limits: { memory: '512Mi' } } }] },
      status: { containerStatuses: [{ name: 'cart', lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }] },
    }
    const node = { kind: 'Node', apiVersion: 'v1', metadata: { name: 'n7' }, status: { capacity: { memory: '8Gi' } } }
    const lines = [
      { key: '/registry/pods/shop/cart-6d5f', value: pod },
      { key: '/registry/minions/n7', value: node },
      { key: '/registry/configmaps/a/b', value: 'text' },
    ]
    const { id, facts } = await readText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'dump.json')
    expect(id).toBe('kubernetes-json')
    expect(ofKind(facts, 'pod')[0]?.containers[0]?.limitBytes?.value).toBe(536870912)
    expect(ofKind(facts, 'node').map(({ name }) => name)).toEqual(['n7'])
  })
})
