import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { course, gauge, kernelLines, matrix } from './curve-of.ts'
import { folderWith } from './folder-with.ts'

const counted = (kills: (elapsed: number) => number, labels: object = {}): object =>
  gauge(course(7200, 0, 60, kills), { __name__: 'container_oom_events_total', ...labels }, 1)
const onNode = {
  __name__: 'node_vmstat_oom_kill',
  pod: undefined,
  namespace: undefined,
  container: undefined,
  uid: undefined,
  instance: 'node-17:9100',
}
const CGROUP = `/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7b0f4a86_2f1e_4f5e_9d53_0d6c0e7b6a11.slice/cri-containerd-${'a1'.repeat(32)}.scope`

async function findingsOf(result: readonly object[], files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = folderWith({ 'journal.json': `${kernelLines([{ ago: 30 }])}\n`, 'range.json': matrix(...result), ...files })
  const { report } = await analyze([folder])
  return report.findings.filter(({ id }) => id === 'kills-counted-not-shown').map(({ statement }) => statement)
}

test('three kills counted, one shown', async () => {
  const said = await findingsOf([counted((s) => (s < 3000 ? 4 : s < 5000 ? 5 : s < 7150 ? 6 : 7))])
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(
    /container_oom_events_total.* of .*shop\/db-0\/app.* counted 3 kills between .* and .*; of these the input shows 1\./,
  )
})

test('as many counted as shown, by the container or by its node: nothing is missing', async () => {
  const one = (s: number): number => (s < 7150 ? 4 : 5)
  expect(await findingsOf([counted(one), counted(one, onNode)])).toEqual([])
})

test('two replicas of a Prometheus count the same kills; a counter that begins anew counts none', async () => {
  const two = (s: number): number => (s < 3000 ? 0 : s < 5000 ? 1 : 2)
  const said = await findingsOf([counted(two, { prometheus_replica: 'a' }), counted(two, { prometheus_replica: 'b' })])
  expect(said[0]).toMatch(/counted 2 kills/)
  expect(await findingsOf([counted((s) => (s < 3000 ? 9 : 0))])).toEqual([])
})

test('the node counts kills of others', async () => {
  const said = await findingsOf([counted((s) => Math.floor(s / 1700), onNode)])
  expect(said[0]).toMatch(/node_vmstat_oom_kill.* of .*node-17.* counted 4 kills/)
})

test('memory.events of the cgroup that was killed counts five, one is shown; an equal count is no finding', async () => {
  const file = (kills: number): string => `low 0\nhigh 0\nmax 812\noom 9\noom_kill ${kills}\noom_group_kill 0\n`
  const shown = (kills: number): Promise<string[]> => findingsOf([], { 'cgroup.txt': `$ cat ${CGROUP}/memory.events\n${file(kills)}` })
  expect(await shown(1)).toEqual([])
  expect((await shown(5))[0]).toMatch(/counts 5 kills since this cgroup was made; of these the input shows 1\./)
})

test('the mark of a single look at the cgroup sees what no sample saw', async () => {
  const usage = gauge(
    course(7200, 30, 60, () => 130),
    { id: CGROUP.slice('/sys/fs/cgroup'.length) },
  )
  const folder = folderWith({
    'journal.json': `${kernelLines([{ ago: 0 }])}\n`,
    'range.json': matrix(usage),
    'cgroup.txt': `$ cat ${CGROUP}/memory.peak\n536870912\n`,
  })
  const { report } = await analyze([folder])
  expect(report.incidents[0]?.usage[0]).toMatchObject({ peakBytes: 130 * 2 ** 20, highWaterBytes: 536870912 })
})
