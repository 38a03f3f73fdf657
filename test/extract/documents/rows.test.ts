import { describe, expect, it } from 'vitest'
import { ageCell, sourceOf } from '../../../src/extract/documents/event-cells.ts'
import { objectEvents, ofKind, readText } from './read.ts'

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`

describe('rows of pods', () => {
  const header = 'NAME     READY   STATUS             RESTARTS       AGE   IP         NODE'
  const rows = async (...more: string[]) => ofKind((await readText(lines(header, ...more), 'x.txt')).facts, 'pod')
  it.each<[string, Record<string, unknown> | null]>([
    [
      'cart-0   1/1     Running            0              5m    10.0.0.1   node-7',
      { name: 'cart-0', phase: 'Running', reason: null, node: 'node-7' },
    ],
    ['cart-0   0/1     CrashLoopBackOff   3 (2m ago)     5m    10.0.0.1   <none>', { phase: null, reason: 'CrashLoopBackOff', node: null }],
    ['cart-0   0/1     Completed          0              5m    <none>     node-7', { phase: 'Succeeded', reason: 'Completed' }],
    ['cart-0   0/1     Evicted            0              5m    <none>     node-7', { phase: 'Failed', reason: 'Evicted' }],
    ['cart-0   0/1     Pending            0              5m    <none>     <none>', { phase: 'Pending', reason: null }],
    ['cart-0   ready   Running            0              5m    10.0.0.1   node-7', null],
    ['cart-0   1/      Running            0              5m    10.0.0.1   node-7', null],
    ['No resources found', null],
  ])('%s', async (row, expected) => {
    const pods = await rows(row)
    expect(pods).toHaveLength(expected === null ? 0 : 1)
    if (expected !== null) expect(pods[0]).toMatchObject(expected)
  })

  it.each([
    ['0             ', 0],
    ['3 (2m ago)    ', 3],
    ['<unknown>     ', null],
  ])('restarts %j', async (cell, restarts) => {
    const [pod] = await rows(`cart-0   1/1     Running            ${cell} 5m    10.0.0.1   node-7`)
    expect(pod?.restarts?.value ?? null).toBe(restarts)
    expect(pod?.quotes[0]?.line).toBe(2)
  })

  it('pods and nodes in one text', async () => {
    const text = lines(
      header,
      'cart-0   1/1     Running            0              5m    10.0.0.1   node-7',
      '',
      'NAME     STATUS                     ROLES    AGE   VERSION',
      'node-7   Ready                      <none>   63d   v1.33.4',
      'node-8   NotReady,SchedulingDisabled   <none>   63d   v1.33.4',
      'node-9   Unknown                    <none>   63d   v1.33.4',
      'cart-0   Running                    <none>   63d   v1.33.4',
      'the end of it',
    )
    const { facts } = await readText(text, 'x.txt')
    expect(ofKind(facts, 'pod').map(({ name }) => name)).toEqual(['cart-0'])
    expect(ofKind(facts, 'node').map(({ name }) => name)).toEqual(['node-7', 'node-8', 'node-9'])
    expect(ofKind(facts, 'node')[0]).toMatchObject({ kubeletVersion: 'v1.33.4', osImage: null, kernelVersion: null, capacityBytes: null })
  })

  it.each([
    [4, 'kubectl-pods'],
    [5, null],
  ])('a header after %i lines', async (count, id) => {
    const { id: found } = await readText(lines(...Array.from({ length: count }, () => 'a line'), header), 'x.txt')
    expect(found === 'kubectl-pods' ? found : null).toBe(id)
  })
})

describe('rows of events', () => {
  const header = 'LAST SEEN   TYPE      REASON    OBJECT       MESSAGE'
  it.each<[string, Record<string, unknown> | null]>([
    [
      '3m          Warning   BackOff   pod/cart-0   Back-off',
      { type: 'Warning', reason: 'BackOff', objectKind: 'Pod', name: 'cart-0', ageSeconds: 180 },
    ],
    ['<unknown>   Normal    Pulled    pod/cart-0   Pulled', { ageSeconds: null, count: null, firstUs: null }],
    [
      '2026-11-24T07:34:54Z   Normal    Pulled    pod/cart-0   Pulled',
      { moment: { wall: { epochUs: Date.parse('2026-11-24T07:34:54Z') * 1000 } } },
    ],
    ['3m          warning   BackOff   pod/cart-0   Back-off', null],
    ['3m          <none>    BackOff   pod/cart-0   Back-off', null],
    ['3m          Warning   <none>    pod/cart-0   Back-off', null],
    ['and so on', null],
  ])('%s', async (row, expected) => {
    const events = objectEvents((await readText(lines(header, row), 'x.txt')).facts)
    expect(events).toHaveLength(expected === null ? 0 : 1)
    if (expected !== null) expect(events[0]).toMatchObject(expected)
  })

  it('are not read before a header, nor where one is too far below', async () => {
    const row = '3m          Warning   BackOff   pod/cart-0   Back-off'
    expect(objectEvents((await readText(lines(row, header, row), 'x.txt')).facts)).toHaveLength(1)
    expect((await readText(lines('a', 'a', 'a', 'a', header, row), 'x.txt')).id).toBe('kubectl-events')
    expect((await readText(lines('a', 'a', 'a', 'a', 'a', header, row), 'x.txt')).id).not.toBe('kubectl-events')
  })

  it.each<[string, [number | null, number | null, number | null]]>([
    ['3m (x5 over 20m)', [180, 5, 1200]],
    ['14s', [14, null, null]],
    ['<unknown>', [null, null, null]],
    ['3m (x5)', [null, null, null]],
    ['', [null, null, null]],
  ])('age %j', (text, [age, count, first]) => {
    const cell = ageCell(text)
    expect([cell.age?.seconds ?? null, cell.count, cell.firstAge?.seconds ?? null]).toEqual([age, count, first])
  })

  it.each<[string | null, string | null, string | null]>([
    ['kubelet, node-7', 'kubelet', 'node-7'],
    ['kubelet', 'kubelet', null],
    ['<none>', null, null],
    ['', null, null],
    [null, null, null],
  ])('source %j', (text, component, host) => {
    expect(sourceOf(text)).toEqual({ component, host })
  })
})

describe('rows of Deployments and StatefulSets', () => {
  const told = async (...rows: string[]): Promise<Record<string, string>> =>
    Object.fromEntries(
      ofKind((await readText(lines(...rows), 'x.txt')).facts, 'setting').flatMap(({ values }) =>
        Object.entries(values).map(([key, { value, quote }]) => [key, `${value} ${quote?.line}`]),
      ),
    )
  it('each by its kind and namespace', async () => {
    expect(
      await told(
        'NAMESPACE   NAME   READY   UP-TO-DATE   AVAILABLE   AGE',
        'shop        cart   1/3     3            1           5d',
        'shop        web    none    3            1           5d',
        'NAME   READY   AGE',
        'db     2/2     5d',
        '<none>   2/2     5d',
      ),
    ).toEqual({ 'ready.shop/Deployment/cart': '1/3 2', 'ready.StatefulSet/db': '2/2 5' })
  })

  it('none of them', async () => {
    expect(await told('NAME   READY   AGE', 'no resources')).toEqual({})
    expect(await told(...Array.from({ length: 5 }, () => 'a'), 'NAME   READY   AGE', 'db     2/2     5d')).toEqual({})
    expect(await told(...Array.from({ length: 4 }, () => 'a'), 'NAME   READY   AGE', 'db     2/2     5d')).toEqual({
      'ready.StatefulSet/db': '2/2 6',
    })
  })
})
