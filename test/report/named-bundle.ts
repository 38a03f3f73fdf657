import { killLines } from '../evidence.ts'

/** Everything in a bundle that tells whose it is. */
export interface Names {
  readonly host: string
  readonly domain: string
  readonly namespace: string
  readonly owner: string
  readonly pod: string
  readonly container: string
  readonly uid: string
  readonly containerId: string
  readonly user: string
  readonly mail: string
  readonly ip4: string
  readonly ip6: string
  readonly registry: string
  readonly image: string
  readonly volume: string
  readonly unit: string
  readonly path: string
}

/** Two sets that share nothing, of other lengths and other shapes. */
export const names: readonly [Names, Names] = [
  {
    host: 'ip-10-1-2-3',
    domain: 'prod.acme-widgets.io',
    namespace: 'payments',
    owner: 'ledger-writer',
    pod: 'ledger-writer-7f9c6d84b5-wq4bx',
    container: 'ledger',
    uid: '0f8e7d6c-1111-4222-8333-944455566677',
    containerId: 'a1b2c3d4'.repeat(8),
    user: 'mallory',
    mail: 'mallory@acme-widgets.museum',
    ip4: '10.1.2.3',
    ip6: 'fd12:3456:789a::1',
    registry: 'registry.acme-widgets.museum:5000',
    image: 'billing/ledger',
    volume: 'ledger-cache',
    unit: 'acme-export.service',
    path: '/srv/acme/ledger/run.sh',
  },
  {
    host: 'w7',
    domain: 'k.umbrella.consulting',
    namespace: 'ml-eu-central',
    owner: 'zz',
    pod: 'zz-5d4c6b2f9-kk2lp',
    container: 'ranker-main',
    uid: 'deadbeef-9999-4aaa-8bbb-0ccccddddeee',
    containerId: '99ffee00'.repeat(8),
    user: 'o.brien',
    mail: 'o.brien@umbrella.consulting',
    ip4: '192.168.77.200',
    ip6: '2001:db8:0:1::beef',
    registry: 'umbrella.consulting',
    image: 'team-a/zz',
    volume: 'scratch-space-7',
    unit: 'nightly_crunch.service',
    path: '/data/umb/zz/start',
  },
]

const line = (at: number, host: string, text: string): string => `2026-11-24T07:0${at}:00.000000+00:00 ${host} ${text}\n`

/** A small case with the names in every place that reports quote: logs, events, statuses, cgroup paths, probes, volumes, images, mounts. */
export function bundleOf(n: Names): Readonly<Record<string, string>> {
  const memcg = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${n.uid.replaceAll('-', '_')}.slice/cri-containerd-${n.containerId}.scope`
  const kernel = killLines(81.5, 4711, 'java', 40_580, memcg).map(({ at, text }) =>
    line(4, n.host, `kernel: [${at.toFixed(6).padStart(12)}] ${text}`),
  )
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: n.pod,
      namespace: n.namespace,
      uid: n.uid,
      ownerReferences: [{ kind: 'ReplicaSet', name: n.pod.replace(/-[^-]+$/, ''), controller: true }],
    },
    spec: {
      nodeName: n.host,
      containers: [
        { name: n.container, image: `${n.registry}/${n.image}:v1`, command: [n.path], resources: { limits: { memory: '40Mi' } } },
      ],
      volumes: [{ name: n.volume, emptyDir: { medium: 'Memory' } }],
    },
    status: {
      phase: 'Running',
      qosClass: 'Burstable',
      podIP: n.ip4,
      containerStatuses: [
        {
          name: n.container,
          containerID: `containerd://${n.containerId}`,
          restartCount: 1,
          lastState: {
            terminated: {
              reason: 'OOMKilled',
              exitCode: 137,
              message: `${n.user} at ${n.mail} on ${n.host}.${n.domain}`,
              containerID: `containerd://${n.containerId}`,
              finishedAt: '2026-11-24T07:04:01Z',
            },
          },
          state: {
            waiting: {
              reason: 'CrashLoopBackOff',
              message: `back-off restarting failed container=${n.container} pod=${n.pod}_${n.namespace}(${n.uid})`,
            },
          },
        },
      ],
    },
  }
  const kubelet = [
    `kubelet[900]: I1124 07:04:02.000000     900 prober.go:111] "Probe failed" probeType="Liveness" pod="${n.namespace}/${n.pod}" podUID="${n.uid}" containerName="${n.container}" output="Get \\"http://${n.ip4}:8080/healthz\\": dial tcp [${n.ip6}]:8080: refused"`,
    `kubelet[900]: E1124 07:04:03.000000     900 pod_workers.go:1300] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"${n.container}\\" with CrashLoopBackOff: \\"back-off 10s restarting failed container=${n.container} pod=${n.pod}_${n.namespace}(${n.uid})\\"" pod="${n.namespace}/${n.pod}" podUID="${n.uid}"`,
    `systemd[1]: ${n.unit}: Failed with result 'oom-kill'.`,
    `earlyoom[77]: sending SIGTERM to process 815 uid 1000 "python3": oom_score 1067, VmRSS 4352 MiB, cmdline "python3 ${n.path} --to ${n.mail} --via ${n.ip6}"`,
  ].map((text, at) => line(5 + at, n.host, text))
  const events = `LAST SEEN   TYPE      REASON    OBJECT        MESSAGE
18m         Warning   BackOff   pod/${n.pod}   Back-off restarting failed container ${n.container} in pod ${n.pod}_${n.namespace}(${n.uid})
17m         Warning   Evicted   pod/${n.pod}   The node was low on resource: memory. Container ${n.container} was using 300Mi, request is 100Mi.
`
  return {
    'kern.log': kernel.join(''),
    'kubelet.log': kubelet.join(''),
    'pods.json': `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] }, null, 2)}\n`,
    'events.txt': events,
  }
}
