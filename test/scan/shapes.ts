import { dmesg, killLines } from '../evidence.ts'

/** One incident: container `web` of shop/cart-6f7d8c9b54-k2m4x died at 08:15:42 UTC under 64Mi and runs again. */
const ID = 'containerd://5b1d7a4c9e3f5b1d7a4c9e3f5b1d7a4c9e3f5b1d7a4c9e3f5b1d7a4c9e3f0123'
const HEAD = `Name:             cart-6f7d8c9b54-k2m4x
Namespace:        shop
Priority:         0
Service Account:  default
Node:             node-3/10.1.2.3
Start Time:       Thu, 05 Mar 2026 09:01:10 +0100
Labels:           app=cart
                  pod-template-hash=6f7d8c9b54
Status:           Running
IP:               10.42.1.9
Controlled By:    ReplicaSet/cart-6f7d8c9b54
`
const BLOCK = `  web:
    Container ID:  ${ID}
    Image:         shop/cart:7
    Port:          8080/TCP
    Args:
      --heap
      48m
    State:          Running
      Started:      Thu, 05 Mar 2026 09:15:44 +0100
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Thu, 05 Mar 2026 09:01:12 +0100
      Finished:     Thu, 05 Mar 2026 09:15:42 +0100
    Ready:          True
    Restart Count:  1
    Limits:
      cpu:     500m
      memory:  64Mi
    Requests:
      memory:  32Mi
    Environment:
      MODE:  fast
    Mounts:  <none>
`
const TAIL = `Conditions:
  Type              Status
  Ready             True
QoS Class:                   Burstable
Events:                      <none>
`
const DESCRIBED = `${HEAD}Containers:\n${BLOCK}${TAIL}`
const STATUSES = `[
  {
    "containerID": "${ID}",
    "image": "shop/cart:7",
    "lastState": {
      "terminated": {
        "exitCode": 137,
        "finishedAt": "2026-03-05T08:15:42Z",
        "reason": "OOMKilled",
        "startedAt": "2026-03-05T08:01:12Z"
      }
    },
    "name": "web",
    "ready": true,
    "restartCount": 1,
    "state": { "running": { "startedAt": "2026-03-05T08:15:44Z" } }
  }
]
`
const YAML_STATUSES = `containerStatuses:
- containerID: ${ID}
  image: shop/cart:7
  lastState:
    terminated:
      exitCode: 137
      finishedAt: "2026-03-05T08:15:42Z"
      reason: OOMKilled
      startedAt: "2026-03-05T08:01:12Z"
  name: web
  ready: true
  restartCount: 1
  state:
    running:
      startedAt: "2026-03-05T08:15:44Z"
`
const every = (text: string, change: (line: string) => string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : change(line)))
    .join('\n')
const lastState = BLOCK.slice(BLOCK.indexOf('    Last State:'), BLOCK.indexOf('    Ready:'))

export interface Shape {
  readonly text: string
  readonly named: boolean
  readonly container: boolean
  readonly timed: boolean
}
const shape = (text: string, named = false, container = true, timed = true): Shape => ({ text, named, container, timed })

/** The shapes in which people paste it. */
export const shapes: Readonly<Record<string, Shape>> = {
  'the whole description': shape(DESCRIBED, true),
  'from Containers: on': shape(DESCRIBED.slice(HEAD.length)),
  'one container': shape(BLOCK),
  'the last state, as grep -A5 prints it': shape(lastState, false, false),
  'the same with line numbers': shape(
    lastState
      .trimEnd()
      .split('\n')
      .map((line, index) => `${40 + index}${index === 0 ? ':' : '-'}${line}`)
      .join('\n'),
    false,
    false,
  ),
  'blanks collapsed': shape(
    every(DESCRIBED, (line) => line.replace(/ +/g, ' ')),
    true,
  ),
  'no indentation at all': shape(every(`Containers:\n${BLOCK}`, (line) => line.trim().replace(/ +/g, ' '))),
  indented: shape(
    every(DESCRIBED, (line) => `        ${line}`),
    true,
  ),
  quoted: shape(
    every(DESCRIBED, (line) => `> ${line}`),
    true,
  ),
  'with U+00A0': shape(every(`Containers:\n${BLOCK}`, (line) => line.replaceAll(' ', '\u00a0'))),
  'cut with dots': shape(`${HEAD}...\nContainers:\n${BLOCK}`, true),
  'an init container': shape(`${HEAD}Init Containers:\n${BLOCK.replace('web:', 'setup:')}`, true, false),
  'jq .status.containerStatuses': shape(STATUSES),
  'jq .status': shape(`{\n  "containerStatuses": ${STATUSES.trim()},\n  "phase": "Running"\n}\n`),
  'jq of one container': shape(STATUSES.trim().slice(1, -1)),
  'a status of YAML': shape(`status:\n${every(YAML_STATUSES, (line) => `  ${line}`)}  phase: Running\n`),
  'a part of YAML': shape(YAML_STATUSES),
  'lastState alone': shape(
    'lastState:\n  terminated:\n    exitCode: 137\n    finishedAt: "2026-03-05T08:15:42Z"\n    reason: OOMKilled\n',
    false,
    false,
  ),
  'a row of get pods': shape('cart-6f7d8c9b54-k2m4x   0/1     OOMKilled   1 (4s ago)   15m\n', true, false, false),
  'a row of get pods -A': shape(
    'shop   cart-6f7d8c9b54-k2m4x   0/1     OOMKilled   1 (4s ago)   15m   10.42.1.9   node-3   <none>   <none>\n',
    true,
    false,
    false,
  ),
  'custom columns': shape(
    'NAMESPACE   POD                     REASON      EXIT   FINISHED\nshop        cart-6f7d8c9b54-k2m4x   OOMKilled   137    2026-03-05T08:15:42Z\n',
    true,
    false,
  ),
  'a table of Markdown': shape(
    `| namespace | pod | reason |\n|---|---|---|\n| shop | cart-6f7d8c9b54-k2m4x | OOMKilled |\n`,
    true,
    false,
    false,
  ),
  CSV: shape('namespace,pod,reason\nshop,cart-6f7d8c9b54-k2m4x,OOMKilled\n', true, false, false),
  jsonpath: shape('cart-6f7d8c9b54-k2m4x\tOOMKilled\n', true, false, false),
  'jsonpath below its command': shape(
    "$ kubectl -n shop get pod cart-6f7d8c9b54-k2m4x -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason}'\nOOMKilled\n",
    true,
    false,
    false,
  ),
}

export const POD = 'cart-6f7d8c9b54-k2m4x'
export const FINISHED = Date.UTC(2026, 2, 5, 8, 15, 42) * 1000

/** Sections of a terminal session, each of which tells of something else. */
export const sections: readonly string[] = [
  `$ kubectl describe pod -n shop ${POD}\n${DESCRIBED}`,
  `$ kubectl get events -A | grep -i evict\nbatch   52m   Warning   Evicted   pod/etl-5d8f7c9b64-x2b4n   The node was low on resource: memory. Threshold quantity: 100Mi, available: 17348Ki.\n`,
  `\`\`\`\n${dmesg(killLines(9000.5, 4711, 'indexer', 40_580, '/system.slice/indexer.service'))}\`\`\`\n`,
  'We saw this on two nodes and have restarted the service since.\n',
  `$ kubectl get pods -n lab\nNAME     READY   STATUS      RESTARTS   AGE\nrun-0    0/1     OOMKilled   3          9d\nrun-1    1/1     Running     0          9d\n`,
]
