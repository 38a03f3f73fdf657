const end = { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T07:00:00Z' }
const podNamed = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'post' },
  spec: { containers: [{ name: 'app', image: 'x' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated: end } }] },
})
const low = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90316Ki.'
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const status = '        '
/** Each with the number of deaths that it tells of. */
export const documents: Readonly<Record<string, readonly [string, number]>> = {
  'a node': [
    'Name:               n7\nRoles:              <none>\nConditions:\n  Type            Status\n  ----            ------\n  MemoryPressure  False\nAllocatable:\n  memory:  7900Mi\n',
    0,
  ],
  'a pod': [
    'Name:             hub-5f7c6d9b4-q8z2w\nNamespace:        post\nNode:             n7/10.0.0.7\nStatus:           Running\nContainers:\n  app:\n    Image:          hub:2\n    State:          Running\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n',
    1,
  ],
  'a line of a log': [
    '[ 8123.101000] Out of memory: Killed process 6120 (mongod) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB\n',
    1,
  ],
  'rows of pods': [
    'NAME                   READY   STATUS      RESTARTS     AGE\nrow-5f7c6d9b4-q8z2w    0/1     OOMKilled   2 (9s ago)   3m\n',
    1,
  ],
  events: [
    `LAST SEEN   TYPE      REASON    OBJECT                    MESSAGE\n5m          Warning   Evicted   pod/ev-5f7c6d9b4-q8z2w    ${low}\n`,
    1,
  ],
  'a pod as JSON': [json(podNamed('json-5f7c6d9b4-q8z2w')), 1],
  'a pod as YAML': [
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: yaml-5f7c6d9b4-q8z2w\nspec:\n  containers:\n  - name: app\n    image: x\nstatus:\n  containerStatuses:\n  - name: app\n    restartCount: 1\n    lastState:\n      terminated:\n${status}exitCode: 137\n${status}reason: OOMKilled\n${status}finishedAt: "2026-11-24T07:00:00Z"\n`,
    1,
  ],
  processes: [
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  0.0  0.1 168000 11000 ?        Ss   Nov20   0:05 /sbin/init\n',
    0,
  ],
  'a table of use': ['NAME                   CPU(cores)   MEMORY(bytes)\ncart-5f7c6d9b4-q8z2w   5m           120Mi\n', 0],
  'a part of a status': [`${JSON.stringify({ phase: 'Failed', reason: 'Evicted', message: low.replace('90316', '70316') })}\n`, 1],
  pairs: ['reason=OOMKilled exitCode=137 pod=pair-6d5b7c8d9-x2x4p\n', 1],
  'a task of ECS': [
    json({
      tasks: [
        {
          stoppedAt: end.finishedAt,
          containers: [{ name: 'thumbs', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
        },
      ],
    }),
    1,
  ],
  'an inspection': [
    json([
      {
        Id: '4e1f7d0c9b8a77665544332211009988776655443322110099887766554433aa',
        State: { Status: 'exited', Running: false, OOMKilled: true, ExitCode: 137, FinishedAt: '2026-11-24T05:04:29Z' },
      },
    ]),
    1,
  ],
  'a unit': [
    '● web.service - Web\n     Loaded: loaded (/etc/systemd/system/web.service; enabled)\n     Active: failed (Result: oom-kill) since Tue 2026-11-24 02:14:07 UTC; 5h ago\n   Main PID: 900 (code=killed, signal=KILL)\n',
    1,
  ],
  'a journal': [
    'Nov 24 05:14:07 n7 kernel: Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB\n',
    1,
  ],
  'a log of the kubelet': [
    'E1124 06:14:08.000001    1234 oom_watcher_linux.go:77] "Got sys oom event" event="&{Pid:8812 ProcessName:sidekiq TimeOfDeath:2026-11-24 06:14:07}"\n',
    1,
  ],
  'a killer': ['Nov 24 04:14:07 n7 earlyoom[812]: sending SIGTERM to process 8120 uid 1000 "firefox": badness 912, VmRSS 5120 MiB\n', 1],
  'figures of memory': [
    'MemTotal:        8039000 kB\nMemFree:          120000 kB\nMemAvailable:     180000 kB\nBuffers:            2000 kB\nCached:           300000 kB\n',
    0,
  ],
  free: [
    '              total        used        free      shared  buff/cache   available\nMem:        8039000     7600000      120000       10000      319000      180000\nSwap:             0           0           0\n',
    0,
  ],
  'a date': ['Tue Nov 24 07:30:00 UTC 2026\n', 0],
}
