import { describe, expect, it } from 'vitest'
import { readPaste } from './read.ts'

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
const documents: Readonly<Record<string, readonly [string, number]>> = {
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
}

describe.each(Object.entries(documents))('%s', (name, [first, own]) => {
  const others = Object.entries(documents).filter(([other]) => other !== name)

  it.each(others)('and %s below it tell of all deaths of both', async (_, [second, more]) => {
    for (const between of ['', '\n', '\nand this:\n\n']) {
      const { incidents } = await readPaste(first + between + second)
      expect(
        incidents.flatMap(({ kills }) => kills),
        `parted by ${JSON.stringify(between)}`,
      ).toHaveLength(own + more)
    }
  })
})
