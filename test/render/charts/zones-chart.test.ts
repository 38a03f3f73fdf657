import { expect, it } from 'vitest'
import { zonesChart } from '../../../src/render/charts/zones-chart.ts'

const MiB = 1024 * 1024
const zone = (node: number, name: string, free: number, managed: number, exhausted: boolean) => ({
  ...{ node, name, exhausted, freeBytes: free * MiB, minBytes: 16 * MiB, lowBytes: null, highBytes: null, managedBytes: managed * MiB },
})
const memory = { zones: [zone(0, 'Normal', 500, 1000, false), zone(1, 'Normal', 10, 1000, true)] } as never

it('the node that ran dry, not the machine', () => {
  const chart = zonesChart(memory, 'memory-policy')
  expect(chart?.message).toBe(
    'Node 1 Normal ran dry: 10 MiB free of 1000 MiB (min watermark 16 MiB); 500 MiB were free where the request could not go.',
  )
  expect(chart?.zones.map(({ name, isDry, used, min }) => ({ name, isDry, used, min }))).toEqual([
    { name: 'node 0 Normal', isDry: false, used: 50, min: 98.4 },
    { name: 'node 1 Normal', isDry: true, used: 99, min: 98.4 },
  ])
})

it('the machine’s own bar where the machine ran out, or no zone is known to be dry', () => {
  expect(zonesChart(memory, 'node-memory')).toBeNull()
  expect(zonesChart({ zones: [zone(0, 'Normal', 500, 1000, false)] } as never, 'cpuset')).toBeNull()
})
