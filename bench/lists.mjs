// Large lists of Kubernetes objects: pods and events as kubectl prints them, and on one line. Prints time, processor seconds and peak memory: `node bench/lists.mjs [--pods=100000] [--mib=500]`.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'

const hex = (n, digits) => n.toString(16).padStart(digits, '0')
const uid = (n) => `${hex(n, 8)}-1111-4222-8333-444455556666`

/** One in every 20,000 was killed. */
const pod = (n) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `web-${n}`,
    namespace: `team-${n % 50}`,
    uid: uid(n),
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d9c5b6f4' }],
  },
  spec: {
    nodeName: `node-${n % 500}`,
    containers: [{ name: 'app', image: 'web:1', resources: { limits: { memory: '256Mi' }, requests: { memory: '128Mi' } } }],
  },
  status: {
    phase: 'Running',
    qosClass: 'Burstable',
    containerStatuses: [
      {
        name: 'app',
        containerID: `containerd://${hex(n, 64)}`,
        restartCount: n % 20_000 === 7 ? 1 : 0,
        state: { running: { startedAt: '2026-11-24T07:00:00Z' } },
        ...(n % 20_000 === 7
          ? { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T06:59:00Z' } } }
          : {}),
      },
    ],
  },
})

const event = (n) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `web-${n}.17${hex(n, 14)}`, namespace: `team-${n % 50}`, uid: uid(n) },
  involvedObject: { kind: 'Pod', namespace: `team-${n % 50}`, name: `web-${n % 100_000}`, uid: uid(n % 100_000) },
  reason: n % 3 === 0 ? 'BackOff' : 'Pulled',
  message:
    n % 3 === 0
      ? `Back-off restarting failed container app in pod web-${n % 100_000}`
      : 'Container image "web:1" already present on machine',
  source: { component: 'kubelet', host: `node-${n % 500}` },
  firstTimestamp: '2026-11-24T07:00:00Z',
  lastTimestamp: `2026-11-24T07:0${n % 10}:00Z`,
  count: (n % 17) + 1,
  type: n % 3 === 0 ? 'Warning' : 'Normal',
})

/** A List as `kubectl get -o json` prints it, or on one line; ends after `count` items or `mib`. Returns how many there are. */
function writeList(path, make, { count = Infinity, mib = Infinity, indent }) {
  const file = openSync(path, 'w')
  let [n, bytes] = [0, 0]
  writeSync(file, '{"apiVersion":"v1","items":[')
  for (; n < count && bytes < mib * 2 ** 20; n += 1) {
    const text = `${n === 0 ? '' : ','}${indent === undefined ? '' : '\n'}${JSON.stringify(make(n), null, indent)}`
    writeSync(file, text)
    bytes += text.length
  }
  writeSync(file, '],"kind":"List"}\n')
  closeSync(file)
  return n
}

export function benchLists({ pods, mib, print }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lists-'))
  const row = (what, make, size) => {
    const path = join(folder, 'list.json')
    const items = writeList(path, make, size)
    measure(folder, print, `peak memory, ${items.toLocaleString('en')} ${what}`, [path], '≤ 200 MiB')
    rmSync(path)
  }
  try {
    for (const count of [pods / 4, pods]) {
      row('pods, indented', pod, { count, indent: 4 })
      row('pods on one line', pod, { count })
    }
    for (const size of [mib / 4, mib]) row(`events, ${size} MiB, indented`, event, { mib: size, indent: 4 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const argument = (name, otherwise) => Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise)

if (process.argv[1] === fileURLToPath(import.meta.url))
  benchLists({ pods: argument('pods', 100_000), mib: argument('mib', 500), print: (cells) => console.log(`| ${cells.join(' | ')} |`) })
