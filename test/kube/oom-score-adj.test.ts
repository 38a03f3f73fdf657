import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AdjCheck,
  adjOfRequest,
  commonAdj,
  contradictionsOfAdj,
  qosOfAdj,
  requestFromAdj,
  subjectOfAdj,
} from '../../src/kube/oom-score-adj.ts'

const MI = 1024 * 1024
const GI = 1024 * MI

describe('subjectOfAdj', () => {
  it.each([
    [-998, 'pause', 'sandbox', null],
    [-998, 'nginx', 'guaranteed-or-critical', 'Guaranteed'],
    [-997, 'java', 'guaranteed-or-critical', 'Guaranteed'],
    [1000, 'stress', 'best-effort', 'BestEffort'],
    [936, 'java', 'burstable', 'Burstable'],
    [2, 'java', 'burstable', 'Burstable'],
    [-999, 'kubelet', 'node-agent', null],
    [-1000, 'sshd', 'unkillable', null],
    [0, 'bash', 'default', null],
    [-250, 'systemd-journal', 'other', null],
    [1, 'x', 'other', null],
  ])('%i of %s', (adj, comm, subject, qos) => {
    expect(subjectOfAdj(adj, comm)).toBe(subject)
    expect(qosOfAdj(adj, comm)).toBe(qos)
  })
})

describe('requestFromAdj', () => {
  it('reads the AKS node of the sheet: 988 on 8.3 GB is 100Mi', () => {
    const interval = requestFromAdj(988, 8_325_316_608)
    expect(interval).toEqual({ minBytes: 99_903_800, maxBytes: 108_229_116 })
    expect(100 * MI).toBeGreaterThan(interval?.minBytes ?? 0)
    expect(100 * MI).toBeLessThan(interval?.maxBytes ?? 0)
  })

  it('leaves everything below 0.2 % possible at 999, everything above at the lower clamp', () => {
    expect(requestFromAdj(999, 16 * GI)).toEqual({ minBytes: 0, maxBytes: Math.ceil((2 * 16 * GI) / 1000) })
    expect(requestFromAdj(3, 1000)).toEqual({ minBytes: 997, maxBytes: 1001 })
  })

  it.each([0, 1, 1000, -997, 1.5, Number.NaN])('is unknown for %d', (adj) => {
    expect(requestFromAdj(adj, GI)).toBeNull()
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

describe('commonAdj', () => {
  it.each([
    [[936, 936, 1000], 936],
    [[936], 936],
    [[936, 1000], null],
    [[], null],
  ])('%j', (adjs, adj) => {
    expect(commonAdj(adjs)).toBe(adj)
  })
})

describe('contradictionsOfAdj', () => {
  const check: AdjCheck = {
    adj: 988,
    comm: 'java',
    qosClass: 'Burstable',
    requestBytes: 100 * MI,
    capacityBytes: 8_325_316_608,
    critical: false,
  }
  it.each<[string, Partial<AdjCheck>, readonly string[]]>([
    ['fits', {}, []],
    ['another request', { requestBytes: 512 * MI }, ['request']],
    ['another class', { qosClass: 'Guaranteed' }, ['qos']],
    ['no request known', { requestBytes: null }, []],
    ['best effort', { adj: 1000, qosClass: 'BestEffort', requestBytes: 0 }, []],
    ['a tool raised its own', { adj: 1000 }, ['qos']],
    ['plain value in a pod', { adj: 0 }, ['own-value']],
    ['sandbox', { adj: -998, comm: 'pause' }, []],
    ['static Burstable pod of an old node', { adj: -998, critical: true }, []],
    ['not in a pod', { adj: 0, qosClass: null }, []],
  ])('%s', (_, change, expected) => {
    expect(contradictionsOfAdj({ ...check, ...change })).toEqual(expected)
  })
})
