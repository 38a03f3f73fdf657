import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const node = 'ip-10-0-3-17.eu-central-1.compute.internal'
const npd = `LAST SEEN   TYPE      REASON       OBJECT                                              MESSAGE
41m         Normal    Starting     node/${node}     Starting kubelet.
3m          Warning   OOMKilling   node/${node}     Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:0 pgtables:1300kB oom_score_adj:984
2m          Normal    Pulled       pod/indexer-0                                       Container image "reg/indexer:1" already present on machine
`
const evicted = `NAMESPACE   LAST SEEN   TYPE      REASON    OBJECT           MESSAGE
fin         12m         Warning   Evicted   pod/report-0     The node was low on resource: memory. Threshold quantity: 100Mi, available: 81340Ki. Container report was using 2097152Ki, request is 0, has larger consumption of memory.
fin         11m         Normal    Killing   pod/report-0     Stopping container report
`
const pods = `NAMESPACE   NAME                    READY   STATUS      RESTARTS      AGE   IP          NODE                                         NOMINATED NODE
shop        cart-6d5f7c9b8d-x2x4z   0/1     OOMKilled   3 (41s ago)   12m   10.4.0.9    ${node}   <none>
shop        api-6d5f7c9b8d-abcde    1/1     Running     0             12m   10.4.0.10   ${node}   <none>
`
const kubelet = `Nov 24 07:04:29 n5 kubelet[2211]: I1124 07:04:29.220111    2211 eviction_manager.go:369] "Eviction manager: attempting to reclaim" resourceName="memory"
Nov 24 07:04:29 n5 kubelet[2211]: I1124 07:04:29.230111    2211 eviction_manager.go:387] "Eviction manager: pods ranked for eviction" pods=["fin/report-0","kube-system/kube-proxy-x2x4z"]
Nov 24 07:04:30 n5 kubelet[2211]: I1124 07:04:30.220111    2211 eviction_manager.go:616] "Eviction manager: pod is evicted successfully" pod="fin/report-0"
`
const earlyoom = `Nov 24 07:04:29 box earlyoom[600]: mem avail:   312 of 15873 MiB ( 1.97%), swap free:    0 of    0 MiB ( 0.00%)
Nov 24 07:04:29 box earlyoom[600]: low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%
Nov 24 07:04:29 box earlyoom[600]: sending SIGTERM to process 7713 uid 1000 "python3": oom_score 1067, oom_score_adj 0, VmRSS 9352 MiB, cmdline "python3 /opt/jobs/train.py --epochs 40 --model large"
Nov 24 07:04:29 box earlyoom[600]: process 7713 exited after 0.3 seconds
`
const oomd = `Nov 24 07:04:29 lap systemd-oomd[733]: Killed /user.slice/user-1000.slice/user@1000.service/app.slice/app-org.mozilla.firefox-4411.scope due to memory used (16109408256) / total (16474247168) and swap used (1982627840) / total (2147479552) being more than 90.00%
`
const sysoom = `Nov 24 07:04:29 n5 kubelet[2211]: I1124 07:04:29.220111    2211 event.go:307] "Event occurred" object="n5" fieldPath="" kind="Node" type="Warning" reason="SystemOOM" message="System OOM encountered, victim process: stress-ng, pid: 7714"
Nov 24 07:04:30 n5 kubelet[2211]: I1124 07:04:30.220111    2211 kubelet.go:2421] "SyncLoop (PLEG): event for pod" pod="shop/cart-1" event={"ID":"f2b6c1de","Type":"ContainerDied","Data":"0a1b2c3d"}
`
const each = (text: string, change: (line: string) => readonly string[]): string => text.split('\n').flatMap(change).join('\n')
const cut = (width: number) => (text: string) => each(text, (line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])
const filled = (width: number) => (text: string) =>
  each(text, (line) => {
    const out = ['']
    for (const piece of line.split(/(?<= )/)) {
      const last = out.at(-1) as string
      if (last.trim() !== '' && (last + piece).trimEnd().length > width) out.push(piece)
      else out[out.length - 1] = last + piece
    }
    return out.map((one) => one.trimEnd())
  })
const quoted = (text: string): string => each(text, (line) => [`> ${line}`])
const ways: readonly (readonly [string, (text: string) => string])[] = [
  ...[72, 80, 100].flatMap((width) => [
    [`cut at ${width}`, cut(width)] as const,
    [`filled to ${width}`, filled(width)] as const,
    [`cut at ${width} and quoted`, (text: string) => quoted(cut(width)(text))] as const,
  ]),
  ['with hard blanks', (text) => text.replaceAll(' ', '\u00a0')],
]
const pod = (name: string) => ({ workload: { namespace: 'fin', pod: name } })

describe.each([
  [
    'an event of node-problem-detector',
    npd,
    { host: node, kills: [{ victim: { pid: 7712, comm: 'indexer', anonRssBytes: 512044 * 1024 } }] },
  ],
  ['an eviction among events', evicted, { ...pod('report-0'), kills: [{ killer: 'kubelet' }] }],
  ['a row of pods', pods, { workload: { namespace: 'shop', pod: 'cart-6d5f7c9b8d-x2x4z' }, kills: [{ killer: 'kernel' }] }],
  ["the kubelet's lines", kubelet, { ...pod('report-0'), host: 'n5', kills: [{ killer: 'kubelet' }] }],
  ["earlyoom's lines", earlyoom, { host: 'box', kills: [{ killer: 'earlyoom', victim: { pid: 7713, comm: 'python3' } }] }],
  [
    "systemd-oomd's line",
    oomd,
    { host: 'lap', workload: { unit: 'app-org.mozilla.firefox-4411.scope' }, kills: [{ killer: 'systemd-oomd' }] },
  ],
  ["the kubelet's word of a node's event", sysoom, { host: 'n5', kills: [{ victim: { pid: 7714, comm: 'stress-ng' } }] }],
])('%s', (_, text, expected) => {
  test.each(ways)('%s', async (__, way) => {
    const { incidents } = await readPaste(way(text))
    expect(incidents).toMatchObject([expected])
    expect(incidents[0]?.kills).toHaveLength(1)
  })
})

test('an eviction of which the message is cut is said', async () => {
  const { incidents, findings } = await readPaste(each(evicted, (line) => [line.slice(0, 70)]))
  expect(incidents).toEqual([])
  expect(findings.map(({ id }) => id)).toEqual(['evicted-cause-unknown'])
})

test.each([
  ['a prompt', 'ops@jump:~$ '],
  ['a prompt of zsh', '\u279c  ~ '],
  ['what was typed', 'root@n1:~# vi values.yaml'],
  ['a question', 'Does anyone know why? It has run for months.'],
])('what follows a table of pods is none of its last row: %s', async (_, line) => {
  for (const prefix of ['', 'pod/']) {
    const table = `NAME                    READY   STATUS      RESTARTS      AGE\n${prefix}cart-6d5f7c9b8d-x2x4z   0/1     OOMKilled   3 (41s ago)   12m\n`
    const { incidents } = await readPaste(`${table}${line}\n`)
    expect(incidents).toMatchObject([{ workload: { pod: 'cart-6d5f7c9b8d-x2x4z' }, kills: [{ killer: 'kernel' }] }])
  }
})

test('columns behind the age go on in the next line', async () => {
  const wide = `NAME                    READY   STATUS      RESTARTS      AGE   IP          NODE\ncart-6d5f7c9b8d-x2x4z   0/1     OOMKilled   3 (41s ago)   12m   10.4.0.9    n7\n`
  const { incidents } = await readPaste(each(wide, (line) => [line.slice(0, 61), line.slice(61)]))
  expect(incidents).toMatchObject([{ host: 'n7', workload: { pod: 'cart-6d5f7c9b8d-x2x4z' } }])
})

const unit = `\u25cf web.service - Web\n     Loaded: loaded (/etc/systemd/system/web.service; enabled)\n     Active: failed (Result: oom-kill) since Tue 2026-11-24 02:14:07 UTC; 5h ago\n   Main PID: 900 (code=killed, signal=KILL)\n`
test.each([
  ['pods', `${pods.split('\n').slice(0, 2).join('\n')}\n`],
  ['events', `${evicted.split('\n').slice(0, 2).join('\n')}\n`],
])('a unit’s state right below a table of %s is another document', async (_, table) => {
  const { incidents } = await readPaste(`${table}${unit}`)
  expect(incidents.flatMap(({ kills }) => kills)).toHaveLength(2)
})

test('a prompt below a table of events is none of its last message', async () => {
  const table = `${evicted.split('\n').slice(0, 2).join('\n')}\n`
  const told = async (text: string) =>
    (await readPaste(text)).incidents.map(({ workload, kills }) => ({
      workload,
      kills: kills.map(({ evidence }) => evidence.map((one) => one.text)),
    }))
  expect(await told(`${table}ops@jump:~$ \n`)).toEqual(await told(table))
})
