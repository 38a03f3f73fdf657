import { expect, test } from 'vitest'
import { analyze, render } from '../../src/index.ts'
import { besideOf, usageChart } from '../../src/render/charts/usage-chart.ts'
import { course, gauge, kernelLines, matrix } from './curve-of.ts'
import { folderWith } from './folder-with.ts'

const onNode = { pod: undefined, namespace: undefined, container: undefined, uid: undefined, instance: 'node-17:9100' }
const node = (name: string, mib: (s: number) => number): object => gauge(course(7200, 30, 60, mib), { ...onNode, __name__: name })

test('what a machine had left and its free swap are one picture; what only mirrors them is not told again', async () => {
  const folder = folderWith({
    'journal.json': `${kernelLines([{ ago: 0 }])}\n`,
    'range.json': matrix(
      node('node_memory_MemFree_bytes', (s) => 4000 - s / 2),
      node('node_memory_MemAvailable_bytes', (s) => 8000 - s),
      node('node_memory_SwapFree_bytes', (s) => Math.max(0, 2000 - s / 3)),
    ),
  })
  const analysed = await analyze([folder])
  const { report } = analysed
  const usage = report.incidents[0]?.usage ?? []
  expect(usage.map(({ metric }) => metric)).toEqual(['available', 'swap-free'])
  const [available, swap] = usage
  expect(besideOf(available, usage)).toBe(swap)
  expect(besideOf(swap, usage)).toBeNull()
  const sentences = String(await render(analysed, 'md')).match(/had left[a-z ]*shrank/g)
  expect(sentences).toEqual(['had left shrank', 'had left of its swap shrank'])
  const chart = usageChart(available, 'u', swap)
  expect(chart?.beside?.text).toContain('swap')
  expect(chart?.beside?.lines).toHaveLength(1)
  // both lie on one scale: the swap begins at a quarter of what was left
  const top = (path: string | undefined): number => Number(path?.slice(1).split('L')[0]?.split(' ')[1])
  const height = chart?.plotHeight ?? 0
  expect((height - top(chart?.beside?.lines[0])) / (height - top(chart?.lines[0]))).toBeCloseTo(0.25, 2)
})
