import { expect, it } from 'vitest'
import type { ReportMemory } from '../../../src/model/report.ts'
import { memoryChart } from '../../../src/render/charts/memory-chart.ts'
import { nodeWide } from '../../fixtures/reports.ts'

const memory = nodeWide.incidents[0]?.memory as ReportMemory

it.each<[Partial<ReportMemory>, RegExp]>([
  [{ scope: 'memcg', totalName: 'memory.max' }, /^limit \d/],
  [{ scope: 'part', totalName: 'managed memory of the zones that the request could use' }, /^managed memory \d/],
  [{ scope: 'machine', totalName: 'managed memory' }, /^managed memory \d/],
  [{ scope: 'machine', totalName: 'counted pages' }, /^counted pages \d/],
])('the line is named for what it is: %s', (more, text) => {
  expect(memoryChart({ ...memory, ...more }, 'i')?.limit.text).toMatch(text)
})
