import { describe, expect, it } from 'vitest'
import { reportOfFiles } from '../report-of-lines.ts'

const events = `LAST SEEN              TYPE      REASON    OBJECT       MESSAGE
2026-11-20T12:00:01Z   Warning   Evicted   pod/small-1   The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. Container small was using 148Mi, request is 0, has larger consumption of memory.
`
const top = (...rows: string[]) => `NAMESPACE   NAME      CPU(cores)   MEMORY(bytes)\n${rows.join('\n')}\n`
const small = 'shop        small-1   3m           148Mi'
const node = (pods: string) => `Name:               wn-5
Roles:              <none>
CreationTimestamp:  Tue, 22 Sep 2026 07:57:23 +0000
Taints:             <none>
Capacity:
  memory:             16384000Ki
Allocatable:
  memory:             15871999Ki
System Info:
  Kubelet Version:            v1.31.4
Non-terminated Pods:          (2 in total)
  Namespace                   Name        CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----        ------------  ----------  ---------------  -------------  ---
${pods}Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests      Limits
  --------           --------      ------
  memory             14608Mi (94%) 560Mi (3%)
`
const big = '  jobs                        big-1       3 (37%)       0 (0%)      14Gi (92%)       0 (0%)         41m\n'

describe('what filled a node before an eviction, by kubectl top', () => {
  const consumerOf = async (table: string, description: string | null) => {
    const { incidents } = await reportOfFiles({
      'events.txt': events,
      'top.txt': table,
      ...(description === null ? {} : { 'node.txt': description }),
    })
    expect(incidents).toHaveLength(1)
    return incidents[0]?.diagnosis.consumer
  }
  it('one pod that held half of the node, with what it requests', async () => {
    const found = await consumerOf(top(small, 'jobs        big-1     3910m        13980Mi'), node(big))
    expect(found).toMatchObject({ id: 'process', confidence: 'medium' })
    expect(found?.statement).toBe('Pod jobs/big-1 held 13.7 GiB, of the 14 GiB that it requests: 87 % of the 15.6 GiB of the node.')
  })
  it('a table without the evicted pod was printed later', async () =>
    expect(await consumerOf(top('jobs        big-1     3910m        13980Mi'), node(big))).toMatchObject({
      id: 'process',
      confidence: 'low',
    }))
  it('pods of other nodes do not count', async () =>
    expect(await consumerOf(top(small, 'jobs        far-9     3910m        13980Mi'), node(big))).toMatchObject({ id: 'unknown' }))
  it('many pods together', async () => {
    const rows = ['jobs        big-1     1m        6000Mi', 'jobs        big-2     1m        5000Mi']
    const found = await consumerOf(top(small, ...rows), node(big + big.replace('big-1', 'big-2')))
    expect(found).toMatchObject({ id: 'many-processes', confidence: 'medium' })
    expect(found?.statement).toContain('jobs/big-1 with 5.86 GiB and jobs/big-2 with 4.88 GiB')
  })
  it('too little to fill it, or more than there is', async () => {
    expect(await consumerOf(top(small, 'jobs        big-1     1m        700Mi'), node(big))).toMatchObject({ id: 'unknown' })
    expect(await consumerOf(top(small, 'jobs        big-1     1m        70000Mi'), node(big))).toMatchObject({ id: 'unknown' })
  })
  it('without the node’s size nothing is held against it', async () =>
    expect(await consumerOf(top(small, 'jobs        big-1     3910m        13980Mi'), null)).toMatchObject({ id: 'unknown' }))
})

describe('earlyoom’s own readings', () => {
  const said = (time: string, text: string) => `Nov 20 ${time} app-2 earlyoom[319]: ${text}`
  const reading = (time: string, available: number) =>
    said(time, `mem avail:  ${available} of  7948 MiB (30.00%), swap free:    0 of    0 MiB ( 0.00%)`)
  const kill = [
    said('14:07:55', 'low memory! at or below SIGTERM limits: mem 30.00%, swap 100.00%'),
    said('14:07:56', 'sending SIGTERM to process 4320 uid 1000 "java": badness 1110, VmRSS 4688 MiB'),
    said('14:07:56', 'process exited after 0.3 seconds'),
  ]
  const causeOf = async (...lines: string[]) => {
    const { incidents } = await reportOfFiles({ 'syslog.log': `${lines.join('\n')}\n` })
    expect(incidents).toHaveLength(1)
    return incidents[0]?.rootCause.statement ?? ''
  }
  it('how fast memory went, and what the death gave back', async () => {
    const cause = await causeOf(
      reading('12:00:14', 6980),
      reading('13:00:14', 4810),
      reading('14:07:55', 2381),
      ...kill,
      reading('14:07:57', 7042),
    )
    expect(cause).toContain('Available memory had fallen from 6.82 GiB to 2.33 GiB in 2 h 7 min.')
    expect(cause).toContain('After the kill 6.88 GiB was available, 4.55 GiB more.')
  })
  it('a death that freed little', async () => {
    const cause = await causeOf(reading('14:07:55', 2381), ...kill, reading('14:07:57', 2400))
    expect(cause).toContain('The kill freed little: 2.34 GiB was available after it.')
    expect(cause).not.toContain('had fallen')
  })
  it('a twentieth of it is noise', async () => {
    expect(await causeOf(reading('14:00:00', 2700), reading('14:07:55', 2381), ...kill)).not.toContain('had fallen')
    expect(await causeOf(reading('14:00:00', 2779), reading('14:07:55', 2381), ...kill)).toContain('had fallen')
  })
  it('counts anew after each death', async () => {
    const second = kill.map((line) => line.replace(/14:07/g, '15:07').replace('4320', '5000'))
    const { incidents } = await reportOfFiles({
      'syslog.log': `${[reading('12:00:14', 6980), reading('14:07:55', 2381), ...kill, reading('14:07:57', 7042), reading('15:07:55', 2300), ...second].join('\n')}\n`,
    })
    expect(incidents).toHaveLength(2)
    expect(incidents[1]?.rootCause.statement).toContain('fallen from 6.88 GiB to 2.25 GiB in 59 min')
  })
  it('without readings nothing is said of them', async () => expect(await causeOf(...kill)).not.toContain('vailable'))
})
