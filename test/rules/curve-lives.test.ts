import { describe, expect, test } from 'vitest'
import { course, gauge, incidentOf } from './curve-of.ts'

const HOUR = 3600
const id = (container: string): object => ({ id: `/kubepods.slice/x.slice/cri-containerd-${container.repeat(32)}.scope` })

describe('a shape before each kill', () => {
  const three = [
    { ago: 12 * HOUR, container: 'a1' },
    { ago: 6 * HOUR, container: 'b2' },
    { ago: 0, container: 'c3' },
  ]
  test('three runs that grow alike: each has its shape, its figures and its end', async () => {
    const found = await incidentOf(three, [
      gauge(
        course(18 * HOUR, 12 * HOUR + 30, 120, (s) => 40 + (s * 460) / (6 * HOUR)),
        id('a1'),
      ),
      gauge(
        course(12 * HOUR - 30, 6 * HOUR + 30, 120, (s) => 40 + (s * 460) / (6 * HOUR)),
        id('b2'),
      ),
      gauge(
        course(6 * HOUR - 30, 30, 120, (s) => 42 + (s * 455) / (6 * HOUR)),
        id('c3'),
      ),
    ])
    expect(found.usage).toHaveLength(1)
    expect(found.usage[0]?.lives.map(({ shape, killed }) => [shape, killed])).toEqual([
      ['growth', true],
      ['growth', true],
      ['growth', true],
    ])
    for (const life of found.usage[0]?.lives ?? []) expect((life.slopeBytesPerHour ?? 0) / 2 ** 20).toBeCloseTo(76, -1)
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'high' })
    expect(found.rootCause.statement).toContain('an hour in each of 3 runs')
  })
  test('a jump, a climb, and a run that goes on after the last kill', async () => {
    const found = await incidentOf(
      three.slice(0, 2).map((death, n) => ({ ...death, ago: n === 0 ? 6 * HOUR : 0 })),
      [
        gauge(
          course(12 * HOUR, 6 * HOUR + 30, 120, (s) => (s > 5.8 * HOUR ? 490 : 100)),
          id('a1'),
        ),
        gauge(
          course(6 * HOUR - 30, 30, 120, (s) => 60 + (s * 440) / (6 * HOUR)),
          id('b2'),
        ),
        gauge(
          course(-60, -2 * HOUR, 120, () => 90),
          id('c3'),
        ),
      ],
    )
    expect(found.usage[0]?.lives.map(({ shape, killed }) => [shape, killed])).toEqual([
      ['spike', true],
      ['growth', true],
      ['flat', false],
    ])
  })
})

describe('a peak at the start', () => {
  const peak = (s: number): number => (s < 150 ? 60 + 3 * s : 180)
  const before = gauge(course(9 * HOUR, 200, 15, peak), id('a1'))
  const killed = gauge(
    course(140, 5, 15, (s) => 60 + 3.2 * s),
    id('b2'),
  )
  test('runs that got past it show it, and hold far less after it', async () => {
    const found = await incidentOf([{ ago: 0, container: 'b2' }], [before, killed])
    expect(found.rootCause).toMatchObject({ id: 'startup-peak', confidence: 'high' })
    expect(found.rootCause.statement).toMatch(
      /right at its start: a run that got past it reached 465 MiB within 3 min 30 s and held 180 MiB after that/,
    )
  })
  test('where other runs started with little, no start is too large', async () => {
    const quiet = gauge(
      course(9 * HOUR, 200, 15, () => 120),
      id('a1'),
    )
    const found = await incidentOf([{ ago: 0, container: 'b2' }], [quiet, killed])
    expect(found.rootCause.id).not.toBe('startup-peak')
  })
  test('a run that stays as high as its start was has no peak there', async () => {
    const high = gauge(
      course(9 * HOUR, 200, 15, (s) => (s < 150 ? 60 + 2.7 * s : 455)),
      id('a1'),
    )
    const found = await incidentOf([{ ago: 0, container: 'b2' }], [high, killed])
    expect(found.rootCause.id).not.toBe('startup-peak')
  })
  test('a status that tells of a short run is held against starts that the curve shows', async () => {
    const ran = { exitCode: 137, reason: 'OOMKilled', startedAt: '2026-11-24T11:59:00Z', finishedAt: '2026-11-24T12:00:00Z' }
    const pod = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db-0', namespace: 'shop', uid: '7b0f4a86-2f1e-4f5e-9d53-0d6c0e7b6a11' },
      spec: { nodeName: 'node-17', containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
      status: {
        containerStatuses: [
          { name: 'app', restartCount: 1, lastState: { terminated: { ...ran, containerID: `containerd://${'b2'.repeat(32)}` } } },
        ],
      },
    })
    const quiet = gauge(
      course(9 * HOUR, 70, 15, () => 120),
      id('a1'),
    )
    const short = gauge(
      course(58, 2, 7, (s) => 60 + 7 * s),
      id('b2'),
    )
    const bare = await incidentOf([{ ago: 0, container: 'b2' }], [short], { 'pod.json': pod })
    expect(bare.rootCause.id).toBe('startup-peak')
    const found = await incidentOf([{ ago: 0, container: 'b2' }], [quiet, short], { 'pod.json': pod })
    expect(found.rootCause.id).not.toBe('startup-peak')
  })
  test('a run that was killed hours after its start was not killed by it', async () => {
    const long = gauge(
      course(60 * HOUR, 4 * HOUR + 100, 60, (s) => (s < 180 ? 490 : 180)),
      id('a1'),
    )
    const run = gauge(
      course(4 * HOUR, 5, 60, (s) => 60 + s / 33),
      id('b2'),
    )
    expect((await incidentOf([{ ago: 0, container: 'b2' }], [long, run])).rootCause.id).not.toBe('startup-peak')
  })
  test('nor one whose start was as high as its end', async () => {
    const late = gauge(
      course(4 * HOUR, 5, 60, (s) => (s < 180 ? 490 : s > 3.9 * HOUR ? 500 : 180)),
      id('b2'),
    )
    const found = await incidentOf([{ ago: 0, container: 'b2' }], [gauge(course(9 * HOUR, 4 * HOUR + 100, 60, peak), id('a1')), late])
    expect(found.rootCause.id).not.toBe('startup-peak')
  })
})

describe('sentences that a curve allows', () => {
  test('minutes of growth are told in minutes', async () => {
    const found = await incidentOf([{ ago: 0 }], [gauge(course(1500, 15, 15, (s) => 40 + (s * 460) / 1500))])
    expect(found.rootCause.statement).toMatch(/grew by 4\d\d MiB within 24 min/)
    expect(found.rootCause.statement).not.toContain('an hour')
  })
})
