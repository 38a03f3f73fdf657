import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const cart = 'cart-7d9c5b6f4d-x8k2p'
const web = 'web-5f6d8c7b9-qq2zx'
const rows = (...lines: readonly (readonly string[])[]): string => lines.map((cells) => `${cells.join('\t')}\n`).join('')
const told = async (text: string) => {
  const { incidents, findings } = await readPaste(text)
  return {
    deaths: incidents.map(({ host, workload }) => [host, workload?.namespace, workload?.pod, workload?.container]),
    unread: findings.filter(({ id }) => id === 'seen-not-understood').length,
  }
}

describe('rows of a web console, as a browser copies them', () => {
  test.each<[string, string, readonly (string | null)[]]>([
    [
      'Rancher',
      rows(
        ['State', 'Name', 'Namespace', 'Image', 'Ready', 'Restarts', 'IP', 'Node', 'Age'],
        ['OOMKilled', cart, 'shop', 'registry/cart:1.4', '0/1', '4 (2m ago)', '10.42.0.7', 'worker-3', '2 days'],
        ['Running', web, 'shop', 'web:3', '1/1', '0', '10.42.0.9', 'worker-3', '2 days'],
      ),
      ['worker-3', 'shop', cart, null],
    ],
    [
      'cells without a word',
      rows(['State', 'Name', 'Namespace', 'Image', 'Restarts', 'Age'], ['OOMKilled', cart, '', 'cart:1.2', '', '2 days']),
      [null, null, cart, null],
    ],
    [
      'a box to tick before each row',
      rows(['State', 'Name', 'Namespace', 'Image', 'Restarts', 'Age'], ['', 'OomKilled', cart, 'shop', 'cart:1.2', '4', '2 days', '']),
      [null, 'shop', cart, null],
    ],
    [
      'a box to tick above the rows only',
      rows(['', 'State', 'Name', 'Namespace', 'Restarts', 'Node'], ['OOMKilled', cart, 'shop', '4', 'worker-3']),
      ['worker-3', 'shop', cart, null],
    ],
    [
      "OpenShift's badges",
      rows(
        ['Name', 'Namespace', 'Status', 'Ready', 'Restarts', 'Owner', 'Memory', 'CPU', 'Created'],
        [`P ${cart}`, 'NSshop', 'OOMKilled', '0/1', '4', 'RS cart-7d9c5b6f4d', '-', '-', 'Nov 24, 2026, 3:14 AM'],
      ),
      [null, 'shop', cart, null],
    ],
    [
      'Headlamp',
      rows(
        ['Name', 'Namespace', 'Restarts', 'Ready', 'Status', 'IP', 'Node', 'Nominated Node', 'Readiness Gates', 'Age'],
        [cart, 'shop', '3 (2m ago)', '0/1', 'OOMKilled', '10.42.0.7', 'worker-3', '', '', '2d'],
      ),
      ['worker-3', 'shop', cart, null],
    ],
    [
      'labels on lines of their own',
      `${rows(['Name', 'Labels', 'Ready', 'Phase', 'Status', 'Restarts', 'Node', 'Age'])}${cart}\tapp:cart\npod-template-hash:7d9c5b6f4d\t0/1\tRunning\tOOMKilled\t3\tworker-3\t2d\n`,
      ['worker-3', null, cart, null],
    ],
    [
      'a column that is elsewhere',
      rows(['Revision', 'Name', 'Status', 'Restarts', 'Created on'], ['4', cart, 'OOMKilled', '3', 'Nov 24, 2026, 3:14:07 AM']),
      [null, null, cart, null],
    ],
    [
      'words beside the reason',
      rows(['Name', 'Images', 'Node', 'Status', 'Restarts'], [cart, 'cart:1.4', 'worker-3', 'Terminated: OOMKilled', '4']),
      ['worker-3', null, cart, null],
    ],
    [
      'containers of a pod',
      rows(['State', 'Name', 'Image', 'Restarts'], ['OOMKilled', 'app', 'cart:1.4', '4'], ['Running', 'istio-proxy', 'proxy:1', '0']),
      [null, null, null, 'app'],
    ],
    [
      'a report of ended containers',
      rows(['Pod', 'Container', 'Last State', 'Reason', 'Exit Code'], [cart, 'app', 'Terminated', 'OOMKilled', '137']),
      [null, null, cart, 'app'],
    ],
    [
      'a file of values',
      `"Name","Namespace","Status","Restarts","Node"\n"${cart}","shop","OOMKilled","4 (2m ago)","worker-3"\n`,
      ['worker-3', 'shop', cart, null],
    ],
    [
      'a table of Markdown',
      `| Name | Namespace | Status | Restarts | Age |\n|---|---|---|---|---|\n| ${cart} | shop | OOMKilled | 4 (2m ago) | 2d |\n`,
      [null, 'shop', cart, null],
    ],
    [
      'a row alone',
      rows(['OOMKilled', cart, 'shop', 'cart:1.4', '0/1', '4', '10.42.0.7', 'worker-3', '2 days']),
      ['worker-3', 'shop', cart, null],
    ],
    ['a row alone, the namespace first', rows(['shop', cart, '0/1', '4', 'OOMKilled', '2d']), [null, 'shop', cart, null]],
    [
      "a row alone with OpenShift's badges",
      rows([`P${cart}`, 'NSshop', 'OOMKilled', '0/1', '4', 'RScart-7d9c5b6f4d']),
      [null, 'shop', cart, null],
    ],
    [
      'cells one below the other',
      `${[web, 'shop', '0', 'ReplicaSet', 'worker-3', '2d', 'Running', cart, 'shop', '4', 'ReplicaSet', 'worker-3', '2d', 'OOMKilled'].join('\n')}\n`,
      [null, 'shop', cart, null],
    ],
    [
      'cells one below the other, the state first',
      `${['OOMKilled', cart, 'shop', '4', '2 days'].join('\n')}\n`,
      [null, 'shop', cart, null],
    ],
  ])('%s', async (_, text, death) => {
    expect(await told(text)).toEqual({ deaths: [death], unread: 0 })
  })

  test('when a container ended, and with which code', async () => {
    const text = rows(['Pod', 'Container', 'Reason', 'Exit Code', 'Finished'], [cart, 'app', 'OOMKilled', '137', '2026-11-24T03:14:07Z'])
    expect(await readPaste(text)).toMatchObject({ incidents: [{ firstTime: '2026-11-24T03:14:07Z' }] })
  })

  test('an evicted pod of which the message is not shown is said', async () => {
    const { incidents, findings } = await readPaste(rows(['State', 'Name', 'Namespace', 'Restarts'], ['Evicted', cart, 'shop', '0']))
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['evicted-cause-unknown'])
  })

  test.each([
    [
      'which explains words',
      rows(['Status', 'Name', 'Description'], ['OOMKilled', 'oom-killed', 'The container was killed because of memory']),
    ],
    ['of words only', rows(['Name', 'Meaning'], ['OOMKilled', 'the kernel killed it'])],
  ])('a table %s tells of no death', async (_, text) => {
    expect((await readPaste(text)).incidents).toEqual([])
  })
})

describe('events of a web console', () => {
  const kill =
    'Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB'
  test('a node’s', async () => {
    const text = rows(['Last Seen', 'Type', 'Reason', 'Object', 'Message'], ['2 mins ago', 'Warning', 'OOMKilling', 'Node worker-3', kill])
    expect(await readPaste(text)).toMatchObject({ incidents: [{ host: 'worker-3', kills: [{ victim: { pid: 7712, comm: 'indexer' } }] }] })
  })

  test('a pod’s', async () => {
    const low = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90316Ki.'
    const text = rows(
      ['Type', 'Namespace', 'Object', 'Reason', 'Message', 'Age'],
      ['Warning', 'shop', `Pod: ${cart}`, 'Evicted', low, '5m'],
    )
    expect(await readPaste(text)).toMatchObject({
      incidents: [{ workload: { namespace: 'shop', pod: cart }, diagnosis: { consequence: { id: 'pod-evicted' } } }],
    })
  })
})
