import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { analyzeEvidence } from '../../src/analyze.ts'
import { gather, type Host } from '../../src/gather.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { nodeHost } from '../../src/node/host.ts'
import { killLines } from '../evidence.ts'

const folder = mkdtempSync(join(tmpdir(), 'oom-report-objects-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Told {
  readonly report: PhrasedReport
  readonly objects: number
  /** How many pods of a node were read. */
  readonly podsOf: (node: string) => number
}

interface How {
  readonly stdin?: string
  readonly spool?: Host['spool']
}

async function read(paths: readonly string[], livesFrom?: number, { stdin, spool }: How = {}): Promise<Told> {
  const steps = async function* (text: string) {
    for (let at = 0; at < text.length; at += 200_000) yield new TextEncoder().encode(text.slice(at, at + 200_000))
  }
  const host = {
    ...nodeHost(),
    ...(livesFrom === undefined ? {} : { livesFrom }),
    ...(spool === undefined ? {} : { spool }),
    threads: null,
  }
  const { evidence, inputNames, quiet } = await gather(paths, { host, inputFormat: null, stdin: stdin === undefined ? null : steps(stdin) })
  const report = analyzeEvidence(evidence, {
    ...{ timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames, quiet },
  })
  const objects = evidence.reduce((sum, { events, snapshots }) => sum + events.length + snapshots.length, 0)
  const podsOf = (node: string): number => evidence.flatMap((e) => e.snapshots.filter((s) => s.kind === 'pod' && s.node === node)).length
  return { report, objects, podsOf }
}

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

type Ids = (n: number) => { readonly uid: string; readonly id: string }
const hex = (n: number, digits: number): string =>
  (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').repeat(8).slice(0, digits)
/** As a cluster deals them; and as counters print them, all of whose first or last digits are the same. */
const ids: Readonly<Record<'dealt' | 'counted', Ids>> = {
  dealt: (n) => ({ uid: `${hex(n, 8)}-1c2d-4e5f-8a9b-${hex(n + 7, 12)}`, id: hex(n + 9, 64) }),
  counted: (n) => ({ uid: `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`, id: n.toString(16).padStart(64, '0') }),
}

const nameOf = (n: number): string => `cart-6bd5c9f7d9-${n.toString(36).padStart(5, '0')}`

/** A pod that runs; whom the kernel killed a child of looks no other. */
const pod = (n: number, of: Ids): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: nameOf(n), namespace: `team-${n % 7}`, uid: of(n).uid, labels: { app: 'cart' } },
  spec: {
    nodeName: `node-${n % 9}`,
    containers: [{ name: 'app', image: 'cart:1', resources: { limits: { memory: '40Mi' }, requests: { memory: '40Mi' } } }],
  },
  status: {
    phase: 'Running',
    qosClass: 'Burstable',
    containerStatuses: [
      {
        name: 'app',
        containerID: `containerd://${of(n).id}`,
        restartCount: n % 5 === 0 ? 1 : 0,
        state: { running: { startedAt: '2026-11-24T03:00:00Z' } },
        ...(n % 5 === 0
          ? {
              lastState: {
                terminated: {
                  exitCode: 0,
                  reason: 'Completed',
                  finishedAt: '2026-11-24T02:59:00Z',
                  containerID: `containerd://${of(n + 90_000).id}`,
                },
              },
            }
          : {}),
      },
    ],
  },
})

const ordinary = [
  ['Started', 'Started container app'],
  ['BackOff', 'Back-off restarting failed container'],
  ['Unhealthy', 'Liveness probe failed: timeout'],
  ['Killing', 'Stopping container app'],
] as const

const event = (
  n: number,
  about: number,
  of: Ids,
  [reason, message]: readonly [string, string] = ordinary[n % 4] as (typeof ordinary)[0],
): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${nameOf(about)}.${hex(n, 16)}`, namespace: `team-${about % 7}` },
  involvedObject: { kind: 'Pod', namespace: `team-${about % 7}`, name: nameOf(about), uid: of(about).uid },
  ...{ reason, message, type: 'Normal', source: { component: 'kubelet' }, count: 1 },
  firstTimestamp: '2026-11-24T03:15:00Z',
  lastTimestamp: `2026-11-24T03:1${n % 10}:00Z`,
})

const killed = (n: number, of: Ids): string[] =>
  killLines(1000 + n / 10, 4000 + n, 'worker', 40_580, `/kubepods/burstable/pod${of(n).uid}/${of(n).id}`).map(
    ({ at, text }) => `2026-11-24T03:1${n % 10}:00.000000+00:00 node-${n % 9} kernel: [${at.toFixed(6).padStart(12)}] ${text}`,
  )

const forms = {
  indented: ['json', (items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, null, 4)],
  line: ['json', (items: readonly object[]) => JSON.stringify({ kind: 'List', apiVersion: 'v1', items })],
  yaml: ['yaml', (items: readonly object[]) => stringify({ apiVersion: 'v1', items, kind: 'List' }, { lineWidth: 0, indentSeq: false })],
} as const

/** The lists of a cluster in which these pods were hit, as files. `more`: objects among the others. */
function cluster(form: keyof typeof forms, of: Ids, hit: readonly number[], count = 2600, more: readonly object[] = []): string[] {
  const [end, print] = forms[form]
  const pods = Array.from({ length: count }, (_, n) => pod(n, of))
  const events = Array.from({ length: 2 * count }, (_, n) => event(n, n % count, of))
  pods.splice(count / 2, 0, ...more)
  return [
    write(`pods.${end}`, print(pods)),
    write(`events.${end}`, print(events)),
    write('kern.log', `${hit.flatMap((n) => killed(n, of)).join('\n')}\n`),
  ]
}

describe('objects of large lists that are passed by at first change nothing', () => {
  test.each(['indented', 'line', 'yaml'] as const)(
    '%s, whoever was hit',
    async (form) => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.nat(2599), { minLength: 1, maxLength: 3 }),
          fc.constantFrom('dealt', 'counted'),
          async (hit, by) => {
            const paths = cluster(form, ids[by as keyof typeof ids], hit)
            const whole = await read(paths, Infinity)
            const some = await read(paths)
            expect(some.report).toEqual(whole.report)
            expect(whole.objects).toBeGreaterThan(7800)
            // Those of the pods that were hit, one of each node, one event of each list.
            expect(some.objects).toBeLessThan(12 * hit.length + 12)
            expect(some.report.incidents.flatMap(({ workload }) => workload?.pod)).toEqual(
              expect.arrayContaining([nameOf(hit[0] as number)]),
            )
          },
        ),
        { numRuns: process.env['OOM_REPORT_FULL'] === '1' ? 20 : 1, seed: 24 },
      )
    },
    120_000,
  )

  test('what tells by itself is read at once: a pod that was killed, one that was evicted, one that restarts for no known reason', async () => {
    const of = ids.dealt
    const oom = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T03:12:00Z' } }
    const dead = pod(3000, of) as { status: { containerStatuses: [{ lastState?: object; restartCount: number }] } }
    Object.assign(dead.status.containerStatuses[0], { lastState: oom, restartCount: 3 })
    const evicted = pod(3001, of) as { status: object }
    Object.assign(evicted.status, { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' })
    const paths = cluster('indented', of, [], 2600, [dead, evicted])
    const some = await read(paths)
    expect(some.report).toEqual((await read(paths, Infinity)).report)
    expect(some.report.incidents.map(({ workload }) => workload?.pod).sort()).toEqual([nameOf(3000), nameOf(3001)].sort())
  }, 60_000)

  test('beside curves of memory all pods of the node are read: only their objects say that they are its', async () => {
    const of = ids.dealt
    const [pods = '', , log = ''] = cluster('indented', of, [9])
    const curve = {
      metric: { __name__: 'container_memory_working_set_bytes', namespace: 'team-4', pod: nameOf(18), container: 'app' },
      values: Array.from({ length: 40 }, (_, at) => [Date.UTC(2026, 10, 24, 2, 40 + at) / 1000, String(40e6 * (1 + at))]),
    }
    const curves = write('curves.json', JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [curve] } }))
    const some = await read([pods, log, curves])
    expect(some.report).toEqual((await read([pods, log, curves], Infinity)).report)
    expect(some.podsOf('node-0')).toBe(289)
    expect(some.podsOf('node-1')).toBe(1)
    expect((await read([pods, log])).podsOf('node-0')).toBe(2)
  }, 60_000)

  test('a list is as young as the youngest of its objects, whoever that is: what was read after a kill shows that the pod lived on', async () => {
    const of = ids.dealt
    const late = pod(2400, of) as { status: { startTime?: string } }
    late.status.startTime = '2026-11-24T09:00:00Z'
    const paths = cluster('indented', of, [9], 2600, [late])
    const some = await read(paths)
    expect(some.report).toEqual((await read(paths, Infinity)).report)
    // The kernel's report shows nobody else in the container: the pod's status has to be younger to tell.
    const alone = write('alone.log', `${killed(9, of).join('\n')}\n`)
    const pods = paths[0] as string
    expect((await read([pods, alone])).report).toEqual((await read([pods, alone], Infinity)).report)
  }, 60_000)

  test('a control group that was throttled is told by its pod', async () => {
    const of = ids.dealt
    const [pods = ''] = cluster('indented', of, [])
    const path = `/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${of(1500).uid.replaceAll('-', '_')}.slice/cri-containerd-${of(1500).id}.scope`
    const files = write(
      'cgroup.txt',
      `==> ${path}/memory.events <==\nlow 0\nhigh 5000\nmax 0\noom 0\noom_kill 0\n\n==> ${path}/memory.high <==\n40000000\n`,
    )
    const some = await read([pods, files])
    expect(some.report).toEqual((await read([pods, files], Infinity)).report)
    expect(some.report.findings.map(({ workload }) => workload?.pod)).toEqual([nameOf(1500)])
  }, 60_000)

  test('letters of more than one byte, and bytes that are none: places are found all the same', async () => {
    const of = ids.dealt
    const [pods = '', events = '', log = ''] = cluster('line', of, [2100])
    for (const odd of ['überträgt “x” 漢字', '\uFEFF behind'] as const) {
      const text = forms.line[1](Array.from({ length: 2600 }, (_, n) => ({ ...pod(n, of), note: odd })))
      writeFileSync(pods, text)
      expect((await read([pods, events, log])).report).toEqual((await read([pods, events, log], Infinity)).report)
      writeFileSync(pods, Buffer.concat([Buffer.from(text.slice(0, 5000)), Buffer.from([0xff, 0xfe]), Buffer.from(text.slice(5000))]))
      expect((await read([pods, events, log])).report).toEqual((await read([pods, events, log], Infinity)).report)
      writeFileSync(pods, `\uFEFF${text}`)
      expect((await read([pods, events, log])).report).toEqual((await read([pods, events, log], Infinity)).report)
    }
  }, 120_000)

  test('a dump of a cluster that holds logs, too, is read for both', async () => {
    const of = ids.dealt
    const list = forms.indented[1](Array.from({ length: 1200 }, (_, n) => pod(n, of)))
    const block = `==== START logs for container app of pod team-1/${nameOf(1)} ====\n${killed(7, of).join('\n')}\n==== END logs for container app of pod team-1/${nameOf(1)} ====\n`
    const path = write('cluster-info.dump', `${list}\n${block}`)
    const some = await read([path])
    expect(some.report).toEqual((await read([path], Infinity)).report)
    expect(some.report.incidents).toHaveLength(1)
  }, 60_000)

  test('through a pipe: it is laid down, and let go of; where there is no place for it, all is kept', async () => {
    const of = ids.dealt
    const log = write('kern.log', `${killed(2100, of).join('\n')}\n`)
    const from = 100_000
    const list = forms.line[1](Array.from({ length: 2600 }, (_, n) => pod(n, of)))
    expect(list.length).toBeGreaterThan(8 * from)
    const open = (): number => readdirSync('/proc/self/fd').length
    const before = open()
    const whole = await read([log, '-'], Infinity, { stdin: list })
    const some = await read([log, '-'], from, { stdin: list })
    expect(some.report).toEqual(whole.report)
    expect(some.objects).toBeLessThan(20)
    expect((await read(['-'], from, { stdin: list })).report.incidents).toEqual([])
    expect(open()).toBe(before)
    const full = (): never => {
      throw new Error('EROFS: read-only file system')
    }
    const kept = await read([log, '-'], from, { stdin: list, spool: full })
    expect(kept.report).toEqual(whole.report)
    expect(kept.objects).toBe(whole.objects)
    const block = `==== START logs for container app of pod team-1/${nameOf(1)} ====\n${killed(7, of).join('\n')}\n==== END logs for container app of pod team-1/${nameOf(1)} ====\n`
    const dump = { stdin: `${list}\n${block}` }
    expect((await read(['-'], from, dump)).report).toEqual((await read(['-'], Infinity, dump)).report)
    expect(open()).toBe(before)
  }, 120_000)
})
