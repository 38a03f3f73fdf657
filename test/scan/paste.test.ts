import { describe, expect, it } from 'vitest'
import { analyzeEvidence } from '../../src/analyze.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'
import { FINISHED, POD, sections, shapes } from './shapes.ts'

const options = { timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames: [] }

async function reportOf(files: Readonly<Record<string, string>>): Promise<PhrasedReport> {
  return analyzeEvidence(await evidenceOf(files), options)
}

/** What of a report does not depend on where a section stood. */
const essence = ({ incidents }: PhrasedReport): string[] =>
  incidents
    .map((i) => `${i.workload?.pod ?? i.workload?.unit} ${i.kills.map((k) => `${k.killer} ${k.victim.pid} ${k.time}`).join()}`)
    .sort()

describe('one incident in the shapes in which people paste it', () => {
  it.each(Object.entries(shapes))('%s', async (_, { text, named, container, timed }) => {
    const { incidents, findings } = await reportOf({ 'paste.txt': text })
    expect(incidents).toHaveLength(1)
    const [incident] = incidents
    expect(incident?.kills).toHaveLength(1)
    expect(incident?.kills[0]?.killer).toBe('kernel')
    expect(incident?.kills[0]?.victim.pid).toBeNull()
    if (named) expect(incident?.workload?.pod).toBe(POD)
    if (container) expect(incident?.workload?.container).toBe('web')
    if (timed) expect(Date.parse(incident?.kills[0]?.time ?? '') * 1000).toBe(FINISHED)
    expect(findings.map(({ id }) => id)).not.toContain('seen-not-understood')
  })

  it.each(Object.entries(shapes))('%s, above and below a kernel log', async (_, { text }) => {
    const log = dmesg(killLines(9000.5, 4711, 'indexer', 40_580, '/system.slice/indexer.service'))
    for (const paste of [`${text}\n${log}`, `${log}\n${text}`, `\`\`\`\n${log}\`\`\`\n\n\`\`\`\n${text}\`\`\`\n`]) {
      const { incidents } = await reportOf({ 'paste.txt': paste })
      expect(incidents.flatMap((i) => i.kills.map((k) => k.victim.pid)).sort()).toEqual([4711, null])
    }
  })

  it('two blocks without heads: one ended so, the other runs', async () => {
    const block = (state: string, limit: string): string =>
      `    State:          ${state}    Ready:          False\n    Restart Count:  4\n    Limits:\n      memory:  ${limit}\n`
    const died = 'Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Finished:     Thu, 05 Mar 2026 09:15:42 +0100\n'
    const { incidents } = await reportOf({
      'notes.txt': `before:\n${block(died, '200Mi')}\nafter the change:\n${block('Running\n', '400Mi')}`,
    })
    expect(incidents.flatMap((i) => i.kills)).toHaveLength(1)
  })
})

describe('a terminal session', () => {
  it('tells the same whatever the order of its sections', async () => {
    const told = essence(await reportOf({ 'paste.txt': sections.join('\n') }))
    expect(told).toHaveLength(4)
    for (let turn = 1; turn < sections.length; turn += 1) {
      const shuffled = [...sections.slice(turn), ...sections.slice(0, turn)]
      expect(essence(await reportOf({ 'paste.txt': shuffled.join('\n') }))).toEqual(told)
      expect(essence(await reportOf({ 'paste.txt': shuffled.reverse().join('\n') }))).toEqual(told)
    }
  })

  it('a log below `ssh node7` is of node7, one below another prompt is not', async () => {
    const log = (pid: number): string => dmesg(killLines(9000.5, pid, 'indexer', 40_580, '/system.slice/indexer.service'))
    const { incidents } = await reportOf({ 'paste.txt': `$ ssh node7 sudo dmesg\n${log(71)}\n[root@node8 ~]# dmesg | tail\n${log(81)}` })
    expect(incidents.map((i) => [i.host, i.kills[0]?.victim.pid]).sort()).toEqual([
      ['node7', 71],
      ['node8', 81],
    ])
  })

  it('a header of kubectl does not swallow the log behind it, nor prose a pod', async () => {
    const text = `NAME    READY   STATUS    RESTARTS      AGE\nweb-1   1/1     Running   1 (20s ago)   113s\n\n${dmesg(killLines(8654.9, 38127, 'bash'))}`
    const { incidents } = await reportOf({ 'paste.txt': text })
    expect(incidents.flatMap((i) => i.kills.map((k) => k.victim.pid))).toEqual([38127])
  })
})

describe('texts without proof', () => {
  it.each([
    'Yesterday the pod web-7d9c was OOMKilled twice; see grafana.',
    'web-7d9c OOMKilled yesterday again, says bob',
    'The pods were healthy, nothing died. See the runbook: if a container is killed for memory, raise its limit.',
    'NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   7          3d\nweb-2   0/1     CrashLoopBackOff   12 (2m ago)   3d\n',
    'Containers:\n  app:\n    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    1\n',
    'spec:\n  containers:\n  - name: app\n    resources:\n      limits:\n        memory: 64Mi\n',
    '5m   Normal   Scheduled   pod/web-1   Successfully assigned shop/web-1 to node-1\n',
  ])('%#', async (text) => {
    expect((await reportOf({ 'note.txt': text })).incidents).toEqual([])
  })
})

it('a pod’s message by itself tells what it was evicted for', async () => {
  const { incidents, findings } = await reportOf({
    'paste.txt':
      "$ kubectl -n logs get pod shipper-d484d57fc-rkx95 -o jsonpath='{.status.message}'\nThe node was low on resource: ephemeral-storage. Threshold quantity: 30Gi, available: 24094024Ki. \n",
  })
  expect(incidents).toEqual([])
  expect(JSON.stringify(findings)).toContain('ephemeral-storage')
})

it.each([
  ['cart-6d5f9c7b8-x2x4z OOMKilled 3 days', null, null],
  ['cart-6d5f9c7b8-x2x4z OOMKilled reg/app:1 2 hours ago', null, null],
  ['OOMKilled cart-6d5f9c7b8-x2x4z reg/app:1 10.42.0.7 node1 3 days', null, 'node1'],
  ['cart-6d5f9c7b8-x2x4z web OOMKilled 3 days', 'web', null],
])('an age and a node of a row are no container: %s', async (text, container, host) => {
  const { incidents } = await reportOf({ 'rows.txt': `${text}\n` })
  expect(incidents[0]?.workload).toMatchObject({ pod: 'cart-6d5f9c7b8-x2x4z', container })
  expect(incidents[0]?.host).toBe(host)
})
