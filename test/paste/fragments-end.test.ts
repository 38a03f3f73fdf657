import { describe, expect, it } from 'vitest'
import { readPaste } from './read.ts'

const node = `Name:               n7
Roles:              <none>
Labels:             kubernetes.io/hostname=n7
CreationTimestamp:  Mon, 02 Nov 2026 08:00:00 +0000
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  MemoryPressure   False   Tue, 24 Nov 2026 07:00:00 +0000   Mon, 02 Nov 2026 08:00:00 +0000   KubeletHasSufficientMemory   kubelet has sufficient memory available
Allocatable:
  memory:             7900Mi
  pods:               110
`
const pod = `Name:             mailer-5f7c6d9b4-q8z2w
Namespace:        post
Node:             n7/10.0.0.7
Status:           Running
Containers:
  smtp:
    Image:          mailer:2
    State:          Running
      Started:      Tue, 24 Nov 2026 07:04:31 +0000
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Finished:     Tue, 24 Nov 2026 07:04:29 +0000
`
const kill =
  '[ 8123.101000] Out of memory: Killed process 6120 (mongod) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:0 pgtables:1300kB oom_score_adj:0\n'
const state = 'lastState:\n  terminated:\n    exitCode: 137\n    finishedAt: "2026-11-24T07:04:29Z"\n    reason: OOMKilled\nname: smtp\n'
const rows = 'NAME                     READY   STATUS      RESTARTS     AGE\nmailer-5f7c6d9b4-q8z2w   0/1     OOMKilled   2 (9s ago)   3m\n'
const evicted =
  'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90316Ki. Container smtp was using 4395616Ki, request is 0, has larger consumption of memory.'
const eventsHead =
  'Events:\n  Type     Reason     Age   From               Message\n  ----     ------     ----  ----               -------\n'
const scheduled = '  Normal   Scheduled  9m    default-scheduler  Successfully assigned post/mailer-5f7c6d9b4-q8z2w to n7\n'
const eviction = `  Warning  Evicted    5m    kubelet            ${evicted}\n`

/** `[pid, pod]` of each kill. */
const told = async (text: string) =>
  (await readPaste(text)).incidents.flatMap(({ kills, workload }) => kills.map(({ victim }) => [victim.pid, workload?.pod ?? null]))

describe('a description in a paste ends where something else begins', () => {
  it.each([
    ['a node’s, at a line of a log', node + kill, [[6120, null]]],
    ['a node’s, at a table of pods', node + rows, [[null, 'mailer-5f7c6d9b4-q8z2w']]],
    ['a node’s, at a pod’s', node + pod, [[null, 'mailer-5f7c6d9b4-q8z2w']]],
    ['a node’s, at a command', `$ kubectl describe node n7\n${node}$ dmesg | tail -1\n${kill}`, [[6120, null]]],
    [
      'a part of YAML, at a line of a log',
      `${state}${kill}`,
      [
        [6120, null],
        [null, null],
      ],
    ],
    [
      'a part of YAML, at an empty line',
      `${state}\nand\n${kill}`,
      [
        [6120, null],
        [null, null],
      ],
    ],
    ['a table of events, at a line of a log', eventsHead + scheduled + kill, [[6120, null]]],
    ['a table of events, at a sentence', `${eventsHead}${scheduled}And then:\n${kill}`, [[6120, null]]],
  ])('%s', async (_, text, wanted) => {
    expect(await told(text)).toEqual(wanted)
  })

  it('a node’s at the end of the text tells of no death', async () => {
    expect(await told(`see below\n\n${node}`)).toEqual([])
  })
})

describe('whose events they are', () => {
  const named = [[null, 'mailer-5f7c6d9b4-q8z2w']]

  it('another row of the same table says', async () => {
    expect(await told(`hi,\n\n${eventsHead}${scheduled}${eviction}`)).toEqual(named)
  })

  it('the description above says', async () => {
    const running = pod.replace(/ {4}Last State[\s\S]*/, '')
    expect(await told(`hi,\n\n${running}\n${eventsHead}${eviction}`)).toEqual(named)
  })

  it('the command says', async () => {
    expect(await told(`$ kubectl describe pod mailer-5f7c6d9b4-q8z2w | tail -4\n${eventsHead}${eviction}`)).toEqual(named)
  })

  it('a row about the node names the machine', async () => {
    const ready = '  Normal   NodeReady  9m    kubelet            Node n7 status is now: NodeReady\n'
    const oom = '  Warning  SystemOOM  5m    kubelet            System OOM encountered, victim process: java, pid: 37600\n'
    const { incidents } = await readPaste(`hi,\n\n${eventsHead}${ready}${oom}`)
    expect(incidents.map(({ host, kills }) => [host, kills[0]?.victim.pid])).toEqual([['n7', 37600]])
  })

  it('cells of an export without a message are no event', async () => {
    expect(await told('hi,\n\n2026-11-24T07:04:29Z\tn7\tSystemOOM\n')).toEqual([])
  })

  it('nobody says', async () => {
    expect(await told(eventsHead + eviction)).toEqual([[null, null]])
  })
})
