import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openAtop } from '../../../src/extract/series/atop.ts'
import type { SeriesStream } from '../../../src/extract/series/define-series-reader.ts'
import { grafanaFrames, openGrafanaCsv } from '../../../src/extract/series/grafana.ts'
import { readKubeJson } from '../../../src/extract/series/kube-json.ts'
import { openLoop } from '../../../src/extract/series/loop.ts'
import { openPrometheusJson } from '../../../src/extract/series/prometheus-json.ts'
import { readSadfJson } from '../../../src/extract/series/sadf-json.ts'
import { openSar } from '../../../src/extract/series/sar.ts'
import { openTop } from '../../../src/extract/series/top.ts'
import { openVmstat } from '../../../src/extract/series/vmstat.ts'
import { analyze } from '../../../src/index.ts'
import type { SeriesSnapshot } from '../../../src/model/series.ts'
import { recognise } from '../documents/read.ts'

const textOf = (name: string): string => readFileSync(fileURLToPath(new URL(`../../../samples/series/${name}`, import.meta.url)), 'utf8')

function read(stream: SeriesStream, text: string): SeriesSnapshot[] {
  stream.push(text)
  return stream.end().snapshots()
}

const of = (series: readonly SeriesSnapshot[], metric: string): SeriesSnapshot | undefined => series.find((one) => one.metric === metric)
const at = (text: string): number => Date.parse(text) * 1000
const MIB = 2 ** 20

describe('what real tools wrote beside a process that takes 4 MiB a second', () => {
  const rising = (series: readonly SeriesSnapshot[]): SeriesSnapshot | undefined => {
    const one = series.find(({ of: what, subject }) => what === 'process' && subject.pid === 7981)
    for (const [index, bytes] of (one?.bytes ?? []).entries()) expect(bytes).toBeGreaterThanOrEqual(one?.bytes[index - 1] ?? 0)
    return one
  }
  test.each([
    ['top-b.txt', 'processes', openTop, 3],
    ['atop-parseable.txt', 'atop', openAtop, 4],
    ['pidstat-r.txt', 'sar', openSar, 6],
    ['pidstat-epoch.txt', 'sar', openSar, 3],
    ['loop-ps.txt', 'dated-samples', openLoop, 6],
  ] as const)('%s', (name, reader, open, samples) => {
    const text = textOf(name)
    expect(recognise(text.slice(0, 8192), name)?.id).toBe(reader)
    const one = rising(read(open('s'), text))
    expect(one).toMatchObject({ metric: 'rss', subject: { pid: 7981, comm: 'node' } })
    expect(one?.us).toHaveLength(samples)
    expect(one?.bytes[0]).toBeGreaterThan(20 * MIB)
    expect(one?.bytes.at(-1)).toBeLessThan(80 * MIB)
  })
  test('vmstat -t in UTC: free, cache and swap in KiB', () => {
    const series = read(openVmstat('v'), textOf('vmstat-t.txt'))
    expect(of(series, 'free')).toMatchObject({ of: 'node', clock: 'utc', count: 8 })
    expect(of(series, 'free')?.bytes[0]).toBe(15446024 * 1024)
    expect(of(series, 'free')?.us[0]).toBe(at('2026-11-28T18:12:43Z'))
  })
  test('atop’s report for people: in the host’s wall time, sizes with units, pressure', () => {
    const series = read(openAtop('a'), textOf('atop-report.txt'))
    expect(of(series, 'free')).toMatchObject({ clock: 'local', subject: { host: 'vm' } })
    expect(of(series, 'pressure')?.bytes).toHaveLength(3)
  })
  test('sadf -j tells the instants in UTC; sar -h has units', () => {
    expect(of(readSadfJson('j', textOf('sadf.json')).snapshots(), 'available')).toMatchObject({ clock: 'utc', subject: { host: 'vm' } })
    expect(of(read(openSar('s'), textOf('sar-human-units.txt')), 'available')?.bytes[0]).toBeGreaterThan(20 * 1024 * MIB)
  })
  test('a loop around date, pressure and free -m', () => {
    const series = read(openLoop('l'), textOf('loop-pressure-and-free.txt'))
    expect(series.map(({ metric }) => metric).sort()).toEqual(['available', 'free', 'pressure', 'total'])
    expect(of(series, 'total')?.bytes[0]).toBe(24105 * MIB)
    expect(of(series, 'available')?.us[0]).toBe(at('2026-11-28T18:12:50Z'))
  })
  test('earlyoom’s readings', async () => {
    const kill =
      '2026-11-28T18:12:19.000000+00:00 node-17 kernel: Out of memory: Killed process 7 (x) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n'
    const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(textOf('earlyoom-every-second.log') + kill)]) })
    expect(report.incidents[0]?.usage[0]).toMatchObject({ of: 'node', metric: 'available', name: 'node-17', points: 12 })
  })
  test('readings that begin after the kill have a least one, too', async () => {
    const kill =
      '2026-11-28T18:00:00.000000+00:00 node-17 kernel: Out of memory: Killed process 7 (x) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n'
    const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(kill + textOf('earlyoom-every-second.log'))]) })
    const peaks = report.incidents.flatMap(({ usage }) => usage.map(({ peakBytes }) => peakBytes))
    expect(peaks.length).toBeGreaterThan(0)
    expect(peaks.every(Number.isFinite)).toBe(true)
  })
})

describe('loops around other tools', () => {
  const id = 'a1'.repeat(6)
  test.each([
    [
      'docker stats',
      'CONTAINER ID   NAME   CPU %     MEM USAGE / LIMIT     MEM %',
      `${id}   k8s_app_cart-0_shop_7b0f4a86_3   0.00%     64.5MiB / 512MiB   12%`,
      64.5 * MIB,
    ],
    [
      'podman stats',
      'ID            NAME        CPU %       MEM USAGE / LIMIT  MEM %',
      `${id}  web         0.10%       64.5MB / 512MB     12%`,
      64.5e6,
    ],
    [
      'crictl stats',
      'CONTAINER           NAME                CPU %               MEM                 DISK',
      `${id}        app                 0.10                64.5MB             4.1kB`,
      64.5e6,
    ],
  ])('%s', (_, header, row, bytes) => {
    const text = ['2026-11-24T07:00:00Z', header, row, '2026-11-24T07:01:00Z', header, row].join('\n')
    expect(recognise(text, '')?.id).toBe('dated-samples')
    const used = of(read(openLoop('l'), text), 'working-set')
    expect(used).toMatchObject({ of: 'container', bytes: [Math.round(bytes), Math.round(bytes)] })
    expect(used?.subject.containerId).toBe(id)
  })
  test.each(['', '# ', '$ cat '])('a file of a cgroup under its path: `%s`', (mark) => {
    const round = (stamp: string, used: number): string =>
      `== ${stamp} ==\n${mark}/sys/fs/cgroup/system.slice/report.service/memory.current\n${used}\n`
    const text = round('2026-11-24T07:00:00Z', 100) + round('2026-11-24T07:01:00Z', 120)
    expect(recognise(text, '')?.id).toBe('dated-samples')
    expect(of(read(openLoop('l'), text), 'usage')).toMatchObject({ of: 'unit', bytes: [100, 120] })
  })
  test('files of a cgroup: use, peak, limit and pressure', () => {
    const path = '/sys/fs/cgroup/system.slice/report.service'
    const round = (stamp: string, used: number): string =>
      `${stamp}\n==> ${path}/memory.current <==\n${used}\n\n==> ${path}/memory.peak <==\n${used + 5}\n\n==> ${path}/memory.max <==\nmax\n\n==> ${path}/memory.stat <==\nanon 70\nfile 30\n`
    const text = round('2026-11-24T07:00:00Z', 100) + round('2026-11-24T07:01:00Z', 120)
    const series = read(openLoop('l'), text)
    expect(recognise(text, '')?.id).toBe('dated-samples')
    expect(series.map(({ of: what, metric, bytes, subject }) => [what, metric, bytes, subject.unit])).toEqual([
      ['unit', 'usage', [100, 120], 'report.service'],
      ['unit', 'peak', [105, 125], 'report.service'],
      ['unit', 'rss', [70, 70], 'report.service'],
      ['unit', 'cache', [30, 30], 'report.service'],
    ])
  })
  test('a date whose zone is only a name is a wall clock; one output with one date is no loop', () => {
    const meminfo = 'MemTotal:       1000 kB\nMemAvailable:    100 kB\n'
    const text = `Tue Nov 24 07:00:00 CET 2026\n${meminfo}Tue Nov 24 07:01:00 CET 2026\n${meminfo}`
    expect(of(read(openLoop('l'), text), 'available')).toMatchObject({ clock: 'local', bytes: [102400, 102400] })
    expect(recognise(`Tue Nov 24 07:00:00 UTC 2026\n${meminfo}`, '')?.id).not.toBe('dated-samples')
  })
})

describe('what Kubernetes tells as JSON', () => {
  const subject = { namespace: 'shop', pod: 'cart-0', container: 'app' }
  test('the kubelet’s summary, one after another', () => {
    const one = (minute: number, bytes: number): string =>
      JSON.stringify({
        node: { nodeName: 'node-17', memory: { time: `2026-11-24T07:0${minute}:00Z`, availableBytes: 5, workingSetBytes: 6 } },
        pods: [
          {
            podRef: { name: 'cart-0', namespace: 'shop', uid: 'u-1' },
            containers: [{ name: 'app', memory: { time: `2026-11-24T07:0${minute}:00Z`, workingSetBytes: bytes, rssBytes: 1 } }],
          },
        ],
      })
    const text = `${one(0, 10)}\n${one(1, 20)}`
    expect(recognise(text, '')?.id).toBe('kube-metrics-json')
    const series = readKubeJson('k', text)
      .snapshots()
      .map(({ of: what, metric, bytes }) => [what, metric, bytes])
    expect(series).toContainEqual(['container', 'working-set', [10, 20]])
    expect(series).toContainEqual(['node', 'available', [5, 5]])
  })
  test('PodMetrics, NodeMetrics and crictl stats -o json', () => {
    const pods = {
      kind: 'PodMetricsList',
      items: [
        {
          metadata: { name: 'cart-0', namespace: 'shop' },
          timestamp: '2026-11-24T07:00:00Z',
          containers: [{ name: 'app', usage: { memory: '12Ki' } }],
        },
      ],
    }
    expect(recognise(JSON.stringify(pods), '')?.id).toBe('kube-metrics-json')
    expect(readKubeJson('k', JSON.stringify(pods, null, 2)).snapshots()[0]).toMatchObject({ of: 'container', bytes: [12288], subject })
    const node = { kind: 'NodeMetrics', metadata: { name: 'node-17' }, timestamp: '2026-11-24T07:00:00Z', usage: { memory: '3Mi' } }
    expect(readKubeJson('k', JSON.stringify(node)).snapshots()[0]).toMatchObject({
      of: 'node',
      bytes: [3 * MIB],
      subject: { host: 'node-17' },
    })
    const labels = { 'io.kubernetes.pod.name': 'cart-0', 'io.kubernetes.pod.namespace': 'shop', 'io.kubernetes.container.name': 'app' }
    const cri = {
      stats: [{ attributes: { id: 'a1', labels }, memory: { timestamp: '1795503600000000000', workingSetBytes: { value: '77' } } }],
    }
    expect(readKubeJson('k', JSON.stringify(cri)).snapshots()[0]).toMatchObject({ bytes: [77], us: [1795503600e6], subject })
  })
})

describe('exports of graphs', () => {
  test('Grafana’s CSV: labels in the heading, or a legend; raw or with units; what is no memory is left', () => {
    const raw = '"Time","{container=""app"", pod=""cart-0"", namespace=""shop""}"\n1764000000000,5368709\n1764000060000,NaN\n'
    expect(recognise(raw, '')?.id).toBe('grafana-csv')
    expect(read(openGrafanaCsv('g'), raw)[0]).toMatchObject({ of: 'container', metric: 'usage', clock: 'utc', bytes: [5368709] })
    const legend = '"Time","cart-0","cpu"\n2026-11-24 07:00:00,12.5 MiB,0.5\n2026-11-24 07:01:00,13 MiB,0.25\n'
    const series = read(openGrafanaCsv('g'), legend)
    expect(series).toHaveLength(1)
    expect(series[0]).toMatchObject({ of: 'pod', clock: 'local', bytes: [12.5 * MIB, 13 * MIB], subject: { pod: 'cart-0' } })
  })
  test('Grafana’s frames', () => {
    const labels = { __name__: 'container_memory_rss', pod: 'cart-0', container: 'app' }
    const frame = {
      schema: {
        fields: [
          { name: 'Time', type: 'time' },
          { name: 'Value', type: 'number', labels },
        ],
      },
      data: {
        values: [
          [1764000000000, 1764000060000],
          [5, 6],
        ],
      },
    }
    const text = JSON.stringify({ results: { A: { frames: [frame] } } })
    expect(recognise(text, '')?.id).toBe('grafana-json')
    expect(grafanaFrames('g', text).snapshots()[0]).toMatchObject({ metric: 'rss', us: [1764000000e6, 1764000060e6], bytes: [5, 6] })
    expect(grafanaFrames('g', '{"fields":').snapshots()).toEqual([])
  })
  test('VictoriaMetrics’ export; values without quotes; stamps in ms', () => {
    const line =
      '{"metric":{"__name__":"container_memory_rss","pod":"a","container":"b"},"values":[5,6],"timestamps":[1764000000000,1764000030000]}'
    const series = read(openPrometheusJson('p'), `${line}\n${line.replace('"a"', '"c"')}\n`)
    expect(series.map(({ subject, us, bytes }) => [subject.pod, us, bytes])).toEqual([
      ['a', [1764000000e6, 1764000030e6], [5, 6]],
      ['c', [1764000000e6, 1764000030e6], [5, 6]],
    ])
    const bare = '[{"metric":{"__name__":"container_memory_rss","pod":"a","container":"b"},"values":[[1764000000,5],[1764000030,6]]}]'
    expect(read(openPrometheusJson('p'), bare)[0]?.bytes).toEqual([5, 6])
  })
  test('a recording rule keeps its name; labels of an exporter give way to the object’s; a share is no memory', () => {
    const text = (labels: object, value: string): string => JSON.stringify([{ metric: labels, values: [[1764000000, value]] }])
    const rule = {
      __name__: 'node_namespace_pod_container:container_memory_working_set_bytes',
      pod: 'agent',
      exported_pod: 'cart-0',
      container: 'app',
    }
    expect(read(openPrometheusJson('p'), text(rule, '5'))[0]).toMatchObject({ metric: 'working-set', subject: { pod: 'cart-0' } })
    expect(read(openPrometheusJson('p'), text({ pod: 'cart-0' }, '0.97'))).toEqual([])
  })
})

test('sar of other locales: a Japanese date and clock, a row that was cut off', () => {
  const text =
    'Linux 5.14 (n1) \t2026年11月24日 \t_x86_64_\t(4 CPU)\n\n00時00分01秒 kbmemfree   kbavail\n00時10分01秒       100       200\n00時20分01秒       1'
  const available = of(read(openSar('s'), text), 'available')
  expect(available?.us).toEqual([at('2026-11-24T00:10:01Z')])
})

describe('free -s, which prints no time', () => {
  const tables = Array.from({ length: 6 }, (_, n) =>
    [
      '               total        used        free      shared  buff/cache   available',
      `Mem:           16000        4000       ${8000 - n * 100}         100        4000       ${9000 - n * 500}`,
      'Swap:           2047           0        2047',
      '',
    ].join('\n'),
  ).join('\n')
  test.each([
    ['$ free -m -s 60', 60],
    ['root@db03:~# free -m -s5 -c 100', 5],
    ['free --mebi --seconds=0.5', 0.5],
  ])('%s: the command tells how far apart its tables are', (command, every) => {
    const text = `${command}\n${tables}`
    expect(recognise(text, 'free.txt')?.id).toBe('dated-samples')
    const available = read(openLoop('free.txt'), text).find(({ metric }) => metric === 'available')
    expect(available).toMatchObject({ of: 'node', clock: 'since-start', us: [0, 1, 2, 3, 4, 5].map((n) => n * every * 1e6) })
    expect(available?.bytes.at(-1)).toBe(6500 * 2 ** 20)
  })
  test('tables of which nothing tells the time are no series', () => {
    expect(read(openLoop('free.txt'), `$ free -m\n${tables}`)).toEqual([])
  })
  test('a date between the tables is better than an interval', () => {
    const text = `$ free -m -s 60\n2026-11-24T07:00:00Z\n${tables}`
    expect(read(openLoop('free.txt'), text).every(({ clock }) => clock === 'utc')).toBe(true)
  })
})
