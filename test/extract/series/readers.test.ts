import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nobody, SeriesCollection, type SeriesHead } from '../../../src/extract/series/collect.ts'
import type { SeriesStream } from '../../../src/extract/series/define-series-reader.ts'
import { openKubectlTop } from '../../../src/extract/series/kubectl-top.ts'
import { openPrometheusJson } from '../../../src/extract/series/prometheus-json.ts'
import { openPrometheusText } from '../../../src/extract/series/prometheus-text.ts'
import { openSadf, openSar } from '../../../src/extract/series/sar.ts'
import { gather } from '../../../src/gather.ts'
import type { SeriesSnapshot } from '../../../src/model/series.ts'
import { nodeHost } from '../../../src/node/host.ts'

const sample = (name: string): string => fileURLToPath(new URL(`../../../samples/series/${name}`, import.meta.url))
const textOf = (name: string): string => readFileSync(sample(name), 'utf8')

function read(stream: SeriesStream, text: string, size = text.length): SeriesSnapshot[] {
  for (let at = 0; at < text.length; at += size) stream.push(text.slice(at, at + size))
  return stream.end().snapshots()
}

const byPod = (series: readonly SeriesSnapshot[], pod: string): SeriesSnapshot | undefined =>
  series.find(({ subject }) => subject.pod === pod)

describe('Prometheus, as real servers answer', () => {
  test('a range query: name, labels, samples, UTC', () => {
    const series = read(openPrometheusJson('q'), textOf('prometheus-query-range.json'))
    expect(series).toHaveLength(3)
    const leak = byPod(series, 'cart-5b7f9-leak1')
    expect(leak).toMatchObject({ of: 'container', metric: 'working-set', clock: 'utc', name: 'container_memory_working_set_bytes' })
    expect(leak?.subject).toMatchObject({ namespace: 'shop', container: 'app', host: 'node-17' })
    expect((leak?.bytes.at(-1) ?? 0) - (leak?.bytes[0] ?? 0)).toBeGreaterThan(500 * 2 ** 20)
    expect(leak?.quotes[0]?.text).toContain('"metric":{"__name__":"container_memory_working_set_bytes"')
  })
  test('an aggregation has lost its name: the usage of a pod', () => {
    const series = read(openPrometheusJson('q'), textOf('prometheus-sum-without-name.json'))
    expect(byPod(series, 'cart-5b7f9-flat1')).toMatchObject({ of: 'pod', metric: 'usage' })
  })
  test('promtool tsdb dump tells the same as the query', () => {
    const dump = byPod(read(openPrometheusText('t'), textOf('promtool-tsdb-dump.txt')), 'cart-5b7f9-leak1')
    const query = byPod(read(openPrometheusJson('q'), textOf('prometheus-query-range.json')), 'cart-5b7f9-leak1')
    expect(dump?.subject).toEqual(query?.subject)
    expect(Math.abs((dump?.us[0] ?? 0) - (query?.us[0] ?? 0))).toBeLessThan(30e6)
  })
  test('exposition with stamps in ms, OpenMetrics in seconds with an exemplar; none without a stamp, of pause, of other resources', () => {
    const labels = 'container="app",namespace="shop",pod="a-1",id="/kubepods.slice/kubepods-pod1.slice/x"'
    const text = [
      '# TYPE container_memory_rss gauge',
      `container_memory_rss{${labels}} 5.24288e+06 1764000000000`,
      `container_memory_rss{${labels}} 6291456 1764000030 # {trace_id="1"} 0.5`,
      `container_memory_rss{${labels}} 7291456`,
      'container_memory_rss{container="POD",pod="a-1"} 5 1764000000000',
      'kube_pod_container_resource_limits{container="app",pod="a-1",namespace="shop",resource="cpu"} 2 1764000000000',
      'kube_pod_container_resource_limits{container="app",pod="a-1",namespace="shop",resource="memory"} 1e9 1764000000000',
    ].join('\n')
    const series = read(openPrometheusText('m'), text)
    expect(series.map(({ metric, us, bytes }) => [metric, us, bytes])).toEqual([
      ['rss', [1764000000e6, 1764000030e6], [5242880, 6291456]],
      ['limit', [1764000000e6], [1e9]],
    ])
  })
  test('cut anywhere in the input: the same series', () => {
    const text = textOf('prometheus-query-range.json')
    const whole = read(openPrometheusJson('q'), text)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (size) => {
        expect(read(openPrometheusJson('q'), text, size)).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })
  test('a broken or cut answer costs no more than its own series', () => {
    const text = textOf('prometheus-query-range.json')
    expect(read(openPrometheusJson('q'), text.slice(0, text.length / 2)).length).toBeGreaterThanOrEqual(1)
    const broken = text.replace('"values":[[', '"values":[{"oops":1},[')
    expect(read(openPrometheusJson('q'), broken)).toHaveLength(2)
  })
  test('names in labels that look like JSON', () => {
    const text = '{"data":{"result":[{"metric":{"pod":"a}\\"]{","__name__":"container_memory_rss"},"value":[1764000000.5,"12"]}]}}'
    expect(read(openPrometheusJson('q'), text)[0]).toMatchObject({ subject: { pod: 'a}"]{' }, us: [1764000000.5e6], bytes: [12] })
  })
})

describe('sysstat', () => {
  test('sar -r -S: available, free and swap of the host, in its wall time', () => {
    const series = read(openSar('s'), textOf('sar-24-hours.txt'))
    expect(series.map(({ name }) => name).sort()).toEqual(['kbavail', 'kbcached', 'kbmemfree', 'kbmemused', 'kbswpfree', 'kbswpused'])
    const available = series.find(({ metric }) => metric === 'available')
    expect(available).toMatchObject({ of: 'node', clock: 'local', subject: { host: 'vm' } })
    expect(available?.us[0]).toBe(Date.UTC(2026, 10, 28, 15, 1, 31) * 1000)
    expect(available?.bytes[0]).toBe(23285036 * 1024)
  })
  test('an ISO date, sadf in UTC and sadf in epoch seconds are the same instants', () => {
    const starts = [
      read(openSar('s'), textOf('sar-iso-date.txt')),
      read(openSadf('s'), textOf('sadf-utc.csv')),
      read(openSadf('s'), textOf('sadf-epoch.csv')),
    ].map((series) => series.find(({ metric }) => metric === 'available')?.us[0])
    expect(new Set(starts)).toEqual(new Set([Date.UTC(2026, 10, 28, 15, 1, 31) * 1000]))
  })
  test.each([
    ['11/24/26', [2026, 10, 24]],
    ['24/11/26', [2026, 10, 24]],
    ['24.11.2026', [2026, 10, 24]],
    ['2026-11-24', [2026, 10, 24]],
    ['03/04/2026', [2026, 2, 4]],
  ])('date %s, twelve hours, past midnight, a comma in the number', (date, [year = 0, month = 0, day = 0]) => {
    const text = [
      `Linux 5.14.0 (node-9) \t${date} \t_x86_64_\t(4 CPU)`,
      '',
      '11:50:01 PM kbmemfree   kbavail %memused',
      '11:59:59 PM    100       200,0     12.5',
      '12:10:00 AM     90       180       12.5',
      'Average:        95       190       12.5',
    ].join('\n')
    const available = read(openSar('s'), text).find(({ metric }) => metric === 'available')
    expect(available?.us).toEqual([Date.UTC(year, month, day, 23, 59, 59) * 1000, Date.UTC(year, month, day + 1, 0, 10, 0) * 1000])
    expect(available?.bytes).toEqual([200 * 1024, 180 * 1024])
  })
})

describe('kubectl top, again and again', () => {
  test('a date before each sample makes a series of each pod', () => {
    const series = read(openKubectlTop('t'), textOf('kubectl-top-every-minute.txt'))
    expect(series.map(({ subject, us }) => [subject.pod, us.length])).toEqual([
      ['cart-6d5f8b7c9-x2x7k', 7],
      ['checkout-7b9fd4c5d-5zq2p', 7],
    ])
    expect(series[0]?.bytes.at(-1)).toBe(224 * 2 ** 20)
  })
  test('--containers -A, nodes, epoch seconds; a single sample without a date is none', () => {
    const containers = '1764000000\nNAMESPACE POD NAME CPU(cores) MEMORY(bytes)\nshop a-1 app 1m 12Mi\n'.replaceAll(' ', '   ')
    expect(read(openKubectlTop('t'), containers)[0]).toMatchObject({
      of: 'container',
      subject: { namespace: 'shop', pod: 'a-1', container: 'app' },
    })
    const nodes =
      '--- Tue Nov 24 06:30:00 UTC 2026 ---\nNAME     CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nnode-1   250m         12%    3021Mi          40%\n'
    expect(read(openKubectlTop('t'), nodes)[0]).toMatchObject({ of: 'node', subject: { host: 'node-1' } })
    expect(read(openKubectlTop('t'), 'NAME   CPU(cores)   MEMORY(bytes)\na-1    1m           12Mi\n')).toEqual([])
  })
})

describe('logs of collectors', () => {
  const seriesOf = async (name: string): Promise<SeriesSnapshot[]> => {
    const { evidence } = await gather([sample(name)], { host: nodeHost(), stdin: null, inputFormat: null })
    return evidence.flatMap(({ snapshots }) => snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series'))
  }
  test('the JVM’s unified log: what lived after full collections, by its own wall clock', async () => {
    const live = (await seriesOf('jvm-gc-unified-wall-and-uptime.log')).find(({ metric }) => metric === 'heap-after-gc')
    expect(live).toMatchObject({ of: 'runtime-heap', clock: 'utc' })
    expect(live?.us.length).toBeGreaterThan(5)
    expect(live?.us[0]).toBe(Date.UTC(2026, 10, 28, 15, 1, 32, 488) * 1000)
  })
  test('with uptime only, and Node.js’ --trace-gc: since the start', async () => {
    for (const name of ['jvm-gc-uptime-only.log', 'node-trace-gc.log']) {
      const live = (await seriesOf(name)).find(({ metric }) => metric === 'heap-after-gc')
      expect(live, name).toMatchObject({ of: 'runtime-heap', clock: 'since-start' })
      expect(live?.bytes.at(-1), name).toBeGreaterThan(live?.bytes[0] ?? 0)
    }
  })
  test('-verbose:gc up to Java 8, and Go', async () => {
    const lines = [
      '2026-11-24T07:00:01.123+0000: 12.345: [Full GC (Ergonomics)  491520K->481280K(524288K), 0.1234567 secs] [Times: user=0.1 sys=0.0, real=0.1 secs]',
      '13.5: [Full GC (Allocation Failure) [PSYoungGen: 100K->0K(200K)] [ParOldGen: 300K->250K(400K)] 400K->250K(600K), 0.1 secs]',
      'gc 14 @2.104s 0%: 0.010+0.5+0.003 ms clock, 0.02+0.1/0.2/0.3+0.006 ms cpu, 4->5->2 MB, 5 MB goal, 8 P',
    ].join('\n')
    const { evidence } = await gather(['-'], { host: nodeHost(), stdin: Readable.from([Buffer.from(`${lines}\n`)]), inputFormat: null })
    const series = evidence.flatMap(({ snapshots }) => snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series'))
    expect(series.flatMap(({ clock, bytes }) => bytes.map((b) => [clock, b]))).toEqual([
      ['utc', 481280 * 1024],
      ['since-start', 250 * 1024],
      ['since-start', 2 * 2 ** 20],
    ])
  })
})

test('of a heap in pools the old one is told: what is new and short-lived says nothing of what lives', () => {
  const text = ['G1 Eden Space', 'G1 Old Gen', 'G1 Survivor Space', 'Metaspace']
    .flatMap((id, n) => {
      const area = id === 'Metaspace' ? 'nonheap' : 'heap'
      return [0, 30].map(
        (at) => `jvm_memory_used_bytes{area="${area}",id="${id}",pod="a-1",container="app"} ${(n + 1) * 1e8 + at} ${1764000000 + at}`,
      )
    })
    .concat('dotnet_total_memory_bytes{pod="b-1",container="app"} 5e8 1764000000')
    .join('\n')
  expect(read(openPrometheusText('m'), text).map(({ metric, subject, bytes }) => [metric, subject.pod, bytes])).toEqual([
    ['heap', 'a-1', [2e8, 2e8 + 30]],
    ['heap', 'b-1', [5e8]],
  ])
})

describe('very many curves in one export', () => {
  test('all together keep a million samples or so, each its extremes', () => {
    const collected = new SeriesCollection('q')
    const quote = () => ({ source: 'q', line: 1, offset: null, cursor: null, text: 'x' })
    const head = (pod: string) => (): SeriesHead => ({ of: 'pod', metric: 'rss', name: 'x', subject: { ...nobody, pod }, clock: 'utc' })
    for (let n = 0; n < 2000; n += 1)
      for (let i = 0; i < 600; i += 1)
        collected.add(`p-${n}`, head(`p-${n}`), 1764000000e6 + i * 30e6, 1e8 + n + (i === 333 ? 5e8 : i), quote)
    const series = collected.snapshots()
    expect(series).toHaveLength(2000)
    expect(series.reduce((sum, { us }) => sum + us.length, 0)).toBeLessThanOrEqual(1_000_000)
    // also those that were whole before there were so many
    for (const n of [0, 970, 1500, 1999]) {
      expect(series[n]).toMatchObject({ count: 600, subject: { pod: `p-${n}` } })
      expect(series[n]?.us.length).toBeLessThanOrEqual(256)
      expect(Math.max(...(series[n]?.bytes ?? []))).toBe(6e8 + n)
      expect([series[n]?.us[0], series[n]?.us.at(-1)]).toEqual([1764000000e6, 1764017970e6])
    }
  })
})
