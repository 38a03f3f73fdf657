import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestFromAdj, subjectOfAdj } from '../../src/kube/oom-score-adj.ts'

const MI = 1024 * 1024
const GI = 1024 * MI

/** The kubelet's own formula (pkg/kubelet/qos/policy.go), `lowest` 2 up to 1.18. */
const adjOfRequest = (requestBytes: number, capacityBytes: number, lowest: 2 | 3): number =>
  Math.min(999, Math.max(lowest, 1000 - Math.floor((1000 * requestBytes) / capacityBytes)))

describe('subjectOfAdj', () => {
  it.each([
    [-1000, 'sshd', null],
    [-999, 'kubelet', null],
    [-999, 'pause', null],
    [-998, 'pause', 'sandbox'],
    [-998, 'nginx', 'guaranteed-or-critical'],
    [-998, null, 'guaranteed-or-critical'],
    [-997, 'java', 'guaranteed-or-critical'],
    [-997, 'pause', 'guaranteed-or-critical'],
    [-996, 'java', null],
    [-250, 'systemd-journal', null],
    [0, 'bash', null],
    [1, 'x', null],
    [2, 'java', 'burstable'],
    [3, 'java', 'burstable'],
    [936, 'pause', 'burstable'],
    [998, 'java', 'burstable'],
    [999, 'java', 'burstable'],
    [1000, 'stress', null],
  ])('%i of %s', (adj, comm, subject) => {
    expect(subjectOfAdj(adj, comm)).toBe(subject)
  })
})

describe('requestFromAdj', () => {
  it('reads the AKS node of the sheet: 988 on 8.3 GB is 100Mi', () => {
    const interval = requestFromAdj(988, 8_325_316_608)
    expect(interval).toEqual({ minBytes: 99_903_800, maxBytes: 108_229_116 })
    expect(100 * MI).toBeGreaterThan(interval?.minBytes ?? 0)
    expect(100 * MI).toBeLessThan(interval?.maxBytes ?? 0)
  })

  // of a machine of 1000 bytes, so that a thousandth is one byte
  it.each([
    [999, { minBytes: 0, maxBytes: 2 }],
    [998, { minBytes: 2, maxBytes: 3 }],
    [500, { minBytes: 500, maxBytes: 501 }],
    [5, { minBytes: 995, maxBytes: 996 }],
    [4, { minBytes: 996, maxBytes: 997 }],
    [3, { minBytes: 997, maxBytes: 1001 }],
    [2, { minBytes: 998, maxBytes: 1001 }],
  ])('%i of a thousand bytes', (adj, interval) => {
    expect(requestFromAdj(adj, 1000)).toEqual(interval)
  })

  it('counts a part of a byte as one', () => {
    expect(requestFromAdj(998, 1100)).toEqual({ minBytes: 3, maxBytes: 4 })
    expect(requestFromAdj(3, 1000.5)).toEqual({ minBytes: 998, maxBytes: 1002 })
  })

  it.each([1000, 1, 0, -997, 1.5, Number.NaN])('is unknown for %d', (adj) => {
    expect(requestFromAdj(adj, GI)).toBeNull()
  })

  it.each([
    [0, null],
    [-1, null],
    [Number.NaN, null],
    [1, { minBytes: 1, maxBytes: 1 }],
  ])('of a capacity of %d', (capacity, interval) => {
    expect(requestFromAdj(500, capacity)).toEqual(interval)
  })

  it('holds the request that made the value', () => {
    const capacity = fc.integer({ min: GI, max: 1024 * GI })
    fc.assert(
      fc.property(capacity, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(2 as const, 3 as const), (bytes, part, lowest) => {
        const request = Math.floor(part * bytes)
        const interval = requestFromAdj(adjOfRequest(request, bytes, lowest), bytes)
        expect(request).toBeGreaterThanOrEqual(interval?.minBytes ?? Number.POSITIVE_INFINITY)
        expect(request).toBeLessThan(interval?.maxBytes ?? 0)
      }),
    )
  })
})
