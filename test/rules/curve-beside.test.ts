import { describe, expect, test } from 'vitest'
import { course, gauge, incidentOf } from './curve-of.ts'

const HOUR = 3600
const KILLED = Date.UTC(2026, 10, 24, 12)
const id = { id: `/kubepods.slice/x.slice/cri-containerd-${'a1'.repeat(32)}.scope` }
const limits = { __name__: 'kube_pod_container_resource_limits', resource: 'memory', unit: 'byte' }
const leak = gauge(
  course(6 * HOUR, 30, 60, (s) => 120 + (s * 385) / (6 * HOUR)),
  id,
)

describe('a limit that was changed', () => {
  test('after the kill: what held at the kill is told', async () => {
    const raised = gauge(
      course(6 * HOUR, -2 * HOUR, 60, (s) => (s > 6.5 * HOUR ? 1024 : 512)),
      limits,
    )
    const found = await incidentOf([{ ago: 0 }], [leak, raised])
    expect(found.usage[0]).toMatchObject({ limitBytes: 512 * 2 ** 20, shape: 'growth' })
  })
  test('right before the kill: the level was none at the limit, and the change is said', async () => {
    const level = gauge(
      course(24 * HOUR, 30, 120, (s) => 496 + 3 * Math.sin(s)),
      id,
    )
    const lowered = gauge(
      course(24 * HOUR, 30, 120, (s) => (s > 23.8 * HOUR ? 512 : 1024)),
      limits,
    )
    const found = await incidentOf([{ ago: 0 }], [level, lowered])
    expect(found.usage[0]).toMatchObject({ limitBytes: 512 * 2 ** 20, shape: 'flat' })
    expect(found.rootCause.id).toBe('limit-too-low')
    expect(found.rootCause.statement).toContain('The limit was 1 GiB before it was changed.')
  })
})

describe('a heap that stands still', () => {
  const log = Array.from({ length: 36 }, (_, n) => {
    const at = new Date(KILLED - (36 - n) * 600_000).toISOString().replace('Z', '+0000')
    return `[${at}][info][gc] GC(${n}) Pause Full (Allocation Failure) 190M->${100 + (n % 3)}M(256M) 80.1ms`
  }).join('\n')
  test('while its container grows: the leak lies outside of it, never high', async () => {
    const found = await incidentOf([{ ago: 0 }], [leak], { 'gc.log': `${log}\n` })
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'medium' })
    expect(found.rootCause.statement).toMatch(/shop\/db-0\/app grew by .* What lived in its heap stood still at 10[012] MiB/)
    expect(found.rootCause.evidence.some(({ source }) => source.endsWith('gc.log'))).toBe(true)
  })
})

describe('a curve that does not decide', () => {
  test('is not asked for as if none were there', async () => {
    const warm = gauge(
      course(24 * HOUR, 30, 60, (s) => 100 + 350 * (1 - Math.exp(-s / 12_000)) + (s > 23.92 * HOUR ? 55 : 0)),
      id,
    )
    const found = await incidentOf([{ ago: 0 }], [warm])
    expect(found.rootCause.statement).toContain('or this was a peak, nor does its memory over time here.')
  })
})

test('what it held for 95 % of the time is a bound, no level', async () => {
  const jobs = gauge(
    course(6 * HOUR, 30, 30, (s) => (s % 900 < 120 ? 430 : 240) + 2 * Math.sin(s)),
    id,
  )
  const found = await incidentOf([{ ago: 0 }], [jobs])
  expect(found.recommendations.map(({ why }) => why).join()).toMatch(/it held no more than \d+ MiB for 95 % of the time/)
})

test('the sample of the second in which the status says that it started is of the new run', async () => {
  const started = new Date(KILLED - 6 * HOUR * 1000).toISOString().replace('.000Z', 'Z')
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db-0', namespace: 'shop', uid: '7b0f4a86-2f1e-4f5e-9d53-0d6c0e7b6a11' },
    spec: { containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
    status: { containerStatuses: [{ name: 'app', restartCount: 0, state: { running: { startedAt: started } } }] },
  }
  const found = await incidentOf([{ ago: 0 }], [leak], { 'pod.json': JSON.stringify(pod) })
  expect(found.usage[0]?.lives ?? []).toEqual([])
})
