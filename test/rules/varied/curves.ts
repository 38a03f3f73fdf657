import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import { quote } from '../../kernel/make-dump.ts'
import { curveOf, MIB, runOf } from '../facts-with.ts'
import { NOON } from '../make-incident.ts'

const hours = (mib: (n: number) => number, count = 40) => Array.from({ length: count }, (_, n) => [(count - n) * 300, mib(n)] as const)
const node = (metric: Curve['metric'], samples: ReturnType<typeof hours>): Curve =>
  curveOf(samples, { of: 'node', metric, name: 'node-1', limitBytes: null, intervalUs: 300e6 })
const started = (ago: number): Partial<IncidentFacts> => ({
  started: { value: NOON - ago * 1e6, quote: quote('startedAt', 60) },
})
const others = (...mib: number[]): IncidentFacts['rises']['node'] =>
  mib.map((one, n) => ({
    name: `shop/web-${n}/web`,
    riseBytes: one * MIB,
    lastBytes: (200 + one) * MIB,
    quote: quote(`rise ${n}`, 80 + n),
  })) as never

/** What is known beside an incident that was measured: memory of a container over its last hours, of its machine, of its neighbours, of its starts. */
export const measured: Readonly<Record<string, (facts: IncidentFacts) => Partial<IncidentFacts>>> = {
  'growth over hours': () => ({ curves: [curveOf(hours((n) => 20 + 1.45 * n))] }),
  'a jump at the end': () => ({
    curves: [
      curveOf(
        hours((n) => (n < 38 ? 30 + (n % 3) : 78)),
        { shape: 'spike', spikeUs: NOON - 660e6, slopeBytesPerHour: 0 },
      ),
    ],
  }),
  'a level far below its limit': () => ({
    curves: [
      curveOf(
        hours((n) => 30 + (n % 4)),
        { shape: 'flat', slopeBytesPerHour: 0, limitBytes: 80 * MIB },
      ),
    ],
  }),
  'a level at its limit': () => ({
    curves: [
      curveOf(
        hours((n) => Math.min(78, 40 + 4 * n)),
        { shape: 'plateau', slopeBytesPerHour: 0 },
      ),
    ],
  }),
  'a peak at each start': () => ({
    curves: [
      curveOf(
        hours((n) => (n % 13 < 2 ? 78 : 30)),
        {
          shape: 'periodic',
          falls: 'restarts',
          runs: [
            runOf(12_000, 8_400, { killed: false, firstBytes: 78 * MIB, lastBytes: 30 * MIB, shape: 'flat' }),
            runOf(8_100, 4_500, { killed: false, firstBytes: 78 * MIB, lastBytes: 30 * MIB, shape: 'flat' }),
            runOf(300, 0, { firstBytes: 30 * MIB }),
          ],
        },
      ),
    ],
    ...started(320),
  }),
  'starts with room': () => ({
    curves: [
      curveOf(
        hours(() => 30),
        { runs: [runOf(12_000, 8_400, { killed: false, lastBytes: 30 * MIB, peakBytes: 30 * MIB }), runOf(300, 0)], falls: 'restarts' },
      ),
    ],
    ...started(320),
  }),
  'runs that each grew': () => ({
    curves: [
      curveOf(
        hours((n) => 20 + 4.4 * (n % 13)),
        {
          falls: 'restarts',
          livesUs: [NOON - 11_700e6, NOON - 7_800e6, NOON - 3_900e6],
          runs: [runOf(11_700, 7_900), runOf(7_800, 4_000), runOf(3_900, 0)],
        },
      ),
    ],
  }),
  'its heap after collections': () => ({
    curves: [
      curveOf(
        hours((n) => 20 + 1.2 * n),
        { of: 'runtime-heap', metric: 'heap-after-gc', limitBytes: 64 * MIB, falls: 'collections' },
      ),
      curveOf(hours((n) => 30 + n)),
    ],
  }),
  'what its machine had left': () => ({
    curves: [
      node(
        'available',
        hours((n) => 900 - 22 * n),
      ),
      node(
        'swap-free',
        hours((n) => Math.max(2, 512 - 20 * n)),
      ),
    ],
  }),
  'a rise of one neighbour': (facts) => ({ rises: { ...facts.rises, node: others(300, 20, 10, -4) } }),
  'a rise of all neighbours': (facts) => ({ rises: { ...facts.rises, node: others(90, 80, 70, 60) } }),
  'a refusal in strict accounting': () => ({
    sysctl: { 'vm.overcommit_memory': { value: '2', quote: quote('vm.overcommit_memory = 2', 90) } },
    meminfo: figures({ CommitLimit: 8000, Committed_AS: 7900, MemAvailable: 2000, MemTotal: 16_000 }),
  }),
  'a refusal without its setting': () => ({
    sysctl: null,
    meminfo: figures({ CommitLimit: 8000, Committed_AS: 12_000, MemAvailable: 2000, MemTotal: 16_000 }),
  }),
  'a neighbour that grew': () => ({
    curves: [
      curveOf(
        hours((n) => 20 + 1.45 * n),
        { name: 'shop/api-7c9d4/sidecar', of: 'pod' },
      ),
    ],
    kill: null,
  }),
}

const figures = (mib: Readonly<Record<string, number>>): NonNullable<IncidentFacts['meminfo']> =>
  Object.fromEntries(Object.entries(mib).map(([name, value], n) => [name, { value: value * MIB, quote: quote(name, 100 + n) }]))
