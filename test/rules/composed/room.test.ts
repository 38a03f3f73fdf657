import { describe, expect, it } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { reportOfFiles } from '../report-of-lines.ts'
import { daemons, machine } from './machine.ts'
import { GB, stamped, type Task } from './parts.ts'

async function incidentOf(text: string): Promise<ReportIncident> {
  const { incidents } = await reportOfFiles({ 'kern.log': text })
  expect(incidents).toHaveLength(1)
  return incidents[0] as ReportIncident
}
const app: Task = { pid: 70, comm: 'app', anon: Math.round(2.4 * GB) }
const roomy = (free: number, more: Partial<Parameters<typeof machine>[0]> = {}): readonly string[] =>
  machine({
    ram: 16 * GB,
    anon: Math.round(2.6 * GB),
    file: 2 * GB,
    free,
    zones: [{ node: 0, name: 'Normal', managed: 16 * GB, free, min: 60_000, anon: Math.round(2.6 * GB) }],
    trigger: 'app',
    tasks: [...daemons, app],
    victim: app,
    ...more,
  })

describe('what filled a machine that was not full', () => {
  const pagefault = ['dump_header+0x4c/0x22b', ' out_of_memory+0x1fd/0x4c0', ' pagefault_out_of_memory+0x64/0x70']
  it.each<[string, readonly string[]]>([
    ['the page-fault path, without a request', roomy(8 * GB, { kernel: 4.15, mask: '0x0()', stack: pagefault })],
    ['SysRq-f', roomy(8 * GB, { order: -1 })],
    ['SysRq-f, told by its frame only', roomy(8 * GB, { stack: [' out_of_memory+0x1fd/0x4c0', ' moom_callback+0x65/0x90'] })],
  ])('is nothing: %s', async (_, lines) => {
    const { diagnosis, rootCause, headline } = await incidentOf(stamped(lines))
    expect(`${diagnosis.consumer.id}/${diagnosis.consumer.confidence}`).toBe('unknown/low')
    expect(diagnosis.consumer.statement).toMatch(/^The machine was not full: 8 GiB of 16 GiB was free; app \(PID 70\) held 2\.40 GiB/)
    expect(headline).not.toMatch(/alone held/)
    expect(rootCause.id).toMatch(/^(unknown|manual-trigger)$/)
    expect(rootCause.statement).not.toContain('memory was used up')
  })

  it('is who filled it where somebody pressed SysRq-f in a real shortage', async () => {
    const giant: Task = { pid: 70, comm: 'app', anon: 14 * GB }
    const { diagnosis } = await incidentOf(
      stamped(
        machine({
          ram: 16 * GB,
          anon: Math.round(14.5 * GB),
          free: 90_000,
          trigger: 'x',
          order: -1,
          tasks: [...daemons, giant],
          victim: giant,
        }),
      ),
    )
    expect(`${diagnosis.limit.id} ${diagnosis.consumer.id}`).toBe('manual process')
  })
})

describe('whose memory lies on a node', () => {
  const bystander: Task = { pid: 91, comm: 'bystander', anon: Math.round(7.2 * GB) }
  const bound: Task = { pid: 77, comm: 'bound', anon: Math.round(7.1 * GB) }
  const onNode = (own: number, rest: number, tasks: readonly Task[], victim: Task, trigger: string): string =>
    stamped(
      machine({
        ram: 16 * GB,
        anon: own + rest,
        free: 600_000,
        zones: [{ node: 1, name: 'Normal', managed: 8 * GB, free: 40_000, min: 44_000, anon: own }],
        trigger,
        constraint: 'MEMORY_POLICY',
        nodemask: '1',
        mems: '0-1',
        tasks: [...daemons, ...tasks],
        victim,
      }),
    )

  it('is not printed: two of one size may each hold it, and the victim, a bystander, is not said to have filled it', async () => {
    const { diagnosis, rootCause } = await incidentOf(
      onNode(Math.round(7.8 * GB), Math.round(6.5 * GB), [bystander, bound], bystander, 'bound'),
    )
    expect(diagnosis.limit.statement).toContain('bystander (PID 91) is a bystander')
    expect(`${diagnosis.consumer.id}/${diagnosis.consumer.confidence}`).toBe('many-processes/medium')
    expect(diagnosis.consumer.statement).toContain('how much of each lay there is not printed')
    expect(rootCause.statement).toMatch(/^bound could use only part/)
    expect(rootCause.statement).toContain('bystander (PID 91) was killed for it, and how much it held there is not printed')
  })

  it.each([
    ['surely, where it has no place elsewhere', 0.3, 'process/high'],
    ['perhaps, where it has', 7, 'process/medium'],
  ])('one process’: %s', async (_, elsewhere, expected) => {
    const { diagnosis } = await incidentOf(
      onNode(Math.round(7.8 * GB), Math.round(elsewhere * GB), [{ ...bound, pid: 70 }], { ...bound, pid: 70 }, 'bound'),
    )
    expect(`${diagnosis.consumer.id}/${diagnosis.consumer.confidence}`).toBe(expected)
  })
})

describe('memory of processes that no row tells', () => {
  const giant: Task = { pid: 71, comm: 'mysqld', anon: Math.round(14.2 * GB), adj: -1000 }
  const small: Task = { pid: 70, comm: 'worker', anon: Math.round(0.3 * GB) }
  const lines = machine({
    ram: 16 * GB,
    anon: Math.round(14.6 * GB),
    free: 90_000,
    trigger: 'x',
    tasks: [...daemons, giant, small, { pid: 72, comm: 'cron', anon: 9000 }],
    victim: small,
  })
  const cut = stamped(lines.filter((line) => !line.endsWith(' mysqld')))

  it('is said, with the share of the victim, and not called unknown against what', async () => {
    const { diagnosis } = await incidentOf(cut)
    expect(diagnosis.consumer.id).toBe('unknown')
    expect(diagnosis.consumer.statement).toMatch(
      /^Memory of processes took 14\.\d+ GiB, 9\d % of the 16 GiB .*; which processes held it is not in the log\. The killed process worker \(PID 70\).* held 307 MiB\.$/,
    )
  })
  it('makes the largest row no more than that', async () => {
    const { selection } = (await incidentOf(cut)).diagnosis
    expect(`${selection.id}/${selection.confidence}`).toBe('largest/low')
    expect(selection.statement).toContain(
      "the rows in the log hold less than half of the processes' memory, so a larger one may be missing",
    )
  })
})

it('a giant that was spared at first and died third was not kept alive', async () => {
  const giant: Task = { pid: 71, comm: 'leaky', anon: Math.round(14.2 * GB), adj: -100 }
  const web: Task = { pid: 70, comm: 'web', anon: 90_000, adj: 1000 }
  const report = (tasks: readonly Task[], victim: Task, start: number): string =>
    stamped(
      machine({ ram: 16 * GB, anon: Math.round(14.6 * GB), free: 90_000, trigger: 'x', tasks: [...daemons, ...tasks], victim }),
      start,
    )
  const { rootCause, recommendations } = await incidentOf(report([giant, web], web, 5000) + report([giant], giant, 5004))
  expect(rootCause.id).toBe('shielded-giant')
  expect(rootCause.statement).toContain('spared it at first, and it was killed later in the same shortage')
  expect(rootCause.statement).not.toContain('alive')
  expect(JSON.stringify(recommendations)).not.toContain('still lives')
})
