import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'

const MIB = 2 ** 20
const LIMIT = 512 * MIB
const folder = mkdtempSync(join(tmpdir(), 'curve-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const killedAt = Date.UTC(2026, 10, 24, 12, 0, 0) / 1000
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/** A pod whose status says OOMKilled at noon, and a curve of so many hours before; `bytes` by hours before the kill. */
async function incidentWith(
  name: string,
  hours: number,
  bytes: (left: number) => number,
  until = 0,
  metric = 'container_memory_working_set_bytes',
): Promise<ReportIncident> {
  const dir = mkdtempSync(join(folder, name))
  const terminated = {
    exitCode: 137,
    reason: 'OOMKilled',
    startedAt: iso(killedAt - 400_000),
    finishedAt: iso(killedAt),
    containerID: `containerd://${'a1'.repeat(32)}`,
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'cart-6d5f8b7c9d-x2x7k',
      namespace: 'shop',
      uid: '7b0f4a86-2f1e-4f5e-9d53-0d6c0e7b6a11',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-6d5f8b7c9d', controller: true }],
    },
    spec: { nodeName: 'node-17', containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
    status: {
      containerStatuses: [
        { name: 'app', restartCount: 1, state: { running: { startedAt: iso(killedAt + 5) } }, lastState: { terminated } },
      ],
    },
  }
  const values = Array.from({ length: 200 }, (_, i) => hours - (i * (hours - until)) / 199).map((left) => [
    killedAt - 30 - left * 3600,
    String(Math.round(bytes(left))),
  ])
  const labels = { __name__: metric, namespace: 'shop', pod: 'cart-6d5f8b7c9d-x2x7k', container: 'app' }
  const other = { ...labels, pod: 'checkout-77f-abcde' }
  writeFileSync(join(dir, 'pod.json'), JSON.stringify(pod))
  writeFileSync(
    join(dir, 'range.json'),
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          { metric: labels, values },
          { metric: other, values: values.map(([t]) => [t, '1000000']) },
        ],
      },
    }),
  )
  const { report } = await analyze([dir])
  expect(report.incidents).toHaveLength(1)
  return report.incidents[0] as ReportIncident
}

describe('the curve decides', () => {
  test('growth for a day: a leak, with its slope', async () => {
    const found = await incidentWith('leak', 24, (left) => LIMIT - left * 16 * MIB)
    expect(found.usage).toHaveLength(1)
    expect(found.usage[0]).toMatchObject({
      of: 'container',
      name: 'shop/cart-6d5f8b7c9d-x2x7k/app',
      metric: 'working-set',
      shape: 'growth',
      confidence: 'high',
      limitBytes: LIMIT,
      points: 200,
    })
    expect(Math.abs((found.usage[0]?.slopeBytesPerHour ?? 0) / (16 * MIB) - 1)).toBeLessThan(0.02)
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'high' })
    expect(found.rootCause.statement).toContain('16 MiB an hour')
    // from the 128 MiB at which it began: 24 h to 512 MiB, 56 h to 1 GiB
    expect(found.recommendations.some(({ why }) => /twice the limit lasts 2 d 8 h/.test(why))).toBe(true)
    expect(found.recommendations.some(({ command }) => command?.includes('max_over_time'))).toBe(false)
  })
  test('growth in each of several runs', async () => {
    const found = await incidentWith('runs', 24, (left) => LIMIT * (0.2 + (0.78 * ((24 - left) % 6.01)) / 6.01))
    expect(found.usage[0]?.shape).toBe('growth')
    expect(found.rootCause.id).toBe('memory-leak')
  })
  test('level just below the limit: the limit is too low', async () => {
    const found = await incidentWith('low', 24, (left) => LIMIT * (0.965 + 0.01 * Math.sin(left * 7)))
    expect(['plateau', 'flat']).toContain(found.usage[0]?.shape)
    expect(found.rootCause).toMatchObject({ id: 'limit-too-low', confidence: 'high' })
  })
  test('quiet, then a jump: one piece of work, no leak', async () => {
    const found = await incidentWith('spike', 24, (left) => (left < 0.5 ? LIMIT * 0.99 : LIMIT * 0.3))
    expect(found.usage[0]?.shape).toBe('spike')
    expect(found.rootCause.id).toBe('process-outgrew-limit')
    expect(found.rootCause.statement).toMatch(/held 154 MiB until .* before the kill and then rose to 507 MiB/)
  })
  test('the scrape ended hours before the kill: nothing is concluded', async () => {
    const found = await incidentWith('gap', 24, (left) => LIMIT * (0.3 + 0.02 * (24 - left)), 8)
    expect(found.usage[0]).toMatchObject({ shape: 'unknown', confidence: 'low' })
    expect(found.rootCause).toMatchObject({ id: 'process-outgrew-limit', confidence: 'low' })
  })
  test('ten minutes of growth are a start, not a leak', async () => {
    const found = await incidentWith('start', 0.16, (left) => LIMIT - left * 2000 * MIB)
    expect(found.rootCause.id).not.toBe('memory-leak')
  })
  test('page cache counted: never high', async () => {
    const found = await incidentWith('cache', 24, () => LIMIT * 0.99, 0, 'container_memory_usage_bytes')
    expect(found.rootCause.confidence).not.toBe('high')
  })
})
