import { describe, expect, test } from 'vitest'
import type { KernelNotice, KernelOomEvent } from '../../src/model/event.ts'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import type { Instant, PlacedEvent } from '../../src/model/incident.ts'
import type { KernelKill, OomDump } from '../../src/model/oom-dump.ts'
import { directoryOf } from '../../src/timeline/directory.ts'
import { mergeKernelKills } from '../../src/timeline/kills.ts'
import { makeKill, quote, trigger } from '../kernel/make-dump.ts'
import { CONTAINER_PATH, ID, instantAt, memcgDump, placed } from '../rules/make-incident.ts'

const directory = directoryOf([])
const sources = new Map<string, SourceEvidence>()
const sourceOf = (name: string): SourceEvidence => {
  const known = sources.get(name) ?? ({ source: { name } } as unknown as SourceEvidence)
  sources.set(name, known)
  return known
}

interface Telling {
  readonly source?: string
  readonly at?: Partial<Instant>
  readonly boot?: string
  readonly host?: string | null
  readonly kill?: Partial<KernelKill>
  readonly dump?: Partial<OomDump>
  readonly writer?: KernelOomEvent['writer']
}

const lone: Partial<OomDump> = {
  tasks: [],
  has: { header: false, stack: false, memcg: false, memInfo: false, tasks: false, summary: false, kill: true, reaper: false },
}

let order = 0
function told({ source = 'a', at = {}, boot = 'b', host = 'node-1', kill = {}, dump = {}, writer = 'kernel' }: Telling) {
  order += 1
  const instant = { ...instantAt(0), uptimeSeconds: null, order, ...at }
  const own = makeKill({
    pid: 100,
    anonRssBytes: 5000,
    totalVmBytes: 9000,
    quotes: [{ ...quote('Killed process 100', order), source }],
    ...kill,
  })
  const event = {
    kind: 'kernel-oom',
    dump: memcgDump({ ...lone, kills: [own], ...dump }),
    writer,
    quotes: [{ ...quote('x', order), source }],
  }
  return { event: event as unknown as KernelOomEvent, at: instant, host, boot, source: sourceOf(source), instants: [instant] }
}
const kills = (...all: ReturnType<typeof told>[]) => mergeKernelKills(all, [], directory).kills
const seconds = (s: number): Partial<Instant> => ({ epochUs: instantAt(s).epochUs })

describe('two tellings of one death', () => {
  test.each<[string, Telling, Telling, number]>([
    ['two sources, 15 s apart', { source: 'a' }, { source: 'b', at: seconds(15) }, 1],
    ['two sources, more than 15 s apart', { source: 'a' }, { source: 'b', at: seconds(15.001) }, 2],
    [
      'two sources, further apart by what their clocks allow',
      { source: 'a' },
      { source: 'b', at: { ...seconds(16), uncertaintyMs: 1000 } },
      1,
    ],
    ['two pids', { source: 'a' }, { source: 'b', kill: { pid: 101 } }, 2],
    ['two hosts', { source: 'a' }, { source: 'b', host: 'node-2' }, 2],
    ['no host in one', { source: 'a' }, { source: 'b', host: null }, 1],
    ['sizes that differ', { source: 'a' }, { source: 'b', kill: { anonRssBytes: 5001 } }, 2],
    ['only the address space differs', { source: 'a' }, { source: 'b', kill: { totalVmBytes: 9001 } }, 2],
    ['sizes in one only', { source: 'a' }, { source: 'b', kill: { anonRssBytes: null } }, 1],
    ['names that differ', { source: 'a', kill: { totalVmBytes: null } }, { source: 'b', kill: { comm: 'sh', totalVmBytes: null } }, 2],
    ['a name cut short', { source: 'a' }, { source: 'b', kill: { comm: 'jav' } }, 1],
    ['a name escaped otherwise', { source: 'a', kill: { comm: 'ja\\x0ava' } }, { source: 'b', kill: { comm: 'ja#012va' } }, 1],
    ['a name cut short in the first', { source: 'a', kill: { comm: 'jav' } }, { source: 'b' }, 1],
    ['a name that ends as the other', { source: 'a' }, { source: 'b', kill: { comm: 'ava' } }, 2],
    [
      'uptimes of two boots in one source, no sizes, no clock in common',
      { boot: 'x', at: { epochUs: null, uptimeSeconds: 50, boot: 'x' }, kill: { anonRssBytes: null } },
      { boot: 'y', at: { epochUs: null, uptimeSeconds: 50, boot: 'y' }, kill: { anonRssBytes: null } },
      2,
    ],
    [
      'an uptime in one of them, one source, no sizes, no clock in common',
      { at: { epochUs: null, uptimeSeconds: 50 }, kill: { anonRssBytes: null } },
      { at: { epochUs: null }, kill: { anonRssBytes: null } },
      2,
    ],
    [
      'uptimes just more than a hundredth apart, no sizes',
      { source: 'a', at: { uptimeSeconds: 50 }, kill: { anonRssBytes: null } },
      { source: 'b', at: { uptimeSeconds: 50.0105 }, kill: { anonRssBytes: null } },
      2,
    ],
    [
      'an uptime in one of them, of one boot: the instants decide',
      { source: 'a', at: { uptimeSeconds: 50 } },
      { source: 'b', at: seconds(14) },
      1,
    ],
    [
      'uptimes just less than a hundredth apart, no sizes',
      { source: 'a', at: { uptimeSeconds: 50 }, kill: { anonRssBytes: null } },
      { source: 'b', at: { uptimeSeconds: 50.0095, ...seconds(400) }, kill: { anonRssBytes: null } },
      1,
    ],
    [
      'an uptime in the second, of one boot: the instants decide',
      { source: 'a', at: seconds(14) },
      { source: 'b', at: { uptimeSeconds: 50 } },
      1,
    ],
    [
      'uptimes of two boots far apart, one instant and the same sizes: files whose clocks nobody joined',
      { source: 'a', boot: 'x', at: { uptimeSeconds: 50 } },
      { source: 'b', boot: 'y', at: { uptimeSeconds: 5000 } },
      1,
    ],
    ['an uptime in one of them, instants too far apart', { source: 'a', at: { uptimeSeconds: 50 } }, { source: 'b', at: seconds(16) }, 2],
    ['no name in one', { source: 'a' }, { source: 'b', kill: { comm: null } }, 1],
    [
      'the same uptime of one boot',
      { source: 'a', at: { uptimeSeconds: 50 } },
      { source: 'b', at: { uptimeSeconds: 50.009, ...seconds(400) } },
      1,
    ],
    [
      'uptimes apart, same sizes (a line printed twice)',
      { source: 'a', at: { uptimeSeconds: 50 } },
      { source: 'b', at: { uptimeSeconds: 64.9 } },
      1,
    ],
    ['uptimes 15 s apart, same sizes', { source: 'a', at: { uptimeSeconds: 50 } }, { source: 'b', at: { uptimeSeconds: 65 } }, 2],
    [
      'uptimes apart, no sizes',
      { source: 'a', at: { uptimeSeconds: 50 }, kill: { anonRssBytes: null } },
      { source: 'b', at: { uptimeSeconds: 50.02 }, kill: { anonRssBytes: null } },
      2,
    ],
    ['one source twice within a second', { kill: { totalVmBytes: null } }, { at: seconds(0.9), kill: { totalVmBytes: null } }, 1],
    ['one source twice, a second apart', { kill: { totalVmBytes: null } }, { at: seconds(1), kill: { totalVmBytes: null } }, 2],
    ['one source twice, same sizes', {}, { at: seconds(14) }, 1],
    [
      'no times at all, two sources',
      { at: { epochUs: null }, kill: { totalVmBytes: null } },
      { source: 'b', at: { epochUs: null }, kill: { totalVmBytes: null } },
      1,
    ],
    [
      'no times at all, one source',
      { at: { epochUs: null }, kill: { totalVmBytes: null } },
      { at: { epochUs: null }, kill: { totalVmBytes: null } },
      2,
    ],
  ])('%s', (_, a, b, count) => {
    expect(kills(told(a), told(b))).toHaveLength(count)
  })
})

describe('three tellings', () => {
  const bare = { totalVmBytes: null }
  test('one joins a group of which one is the same and the others may be', () => {
    // The second joins the first as another source's; the third is of the first's source and a second later: the same as the second only.
    expect(
      kills(told({ source: 'a', kill: bare }), told({ source: 'b', kill: bare }), told({ source: 'a', at: seconds(2), kill: bare })),
    ).toHaveLength(1)
  })
  test('none joins a group of which one cannot be the same', () => {
    const first = told({ source: 'a', kill: bare })
    expect(
      kills(first, told({ source: 'b', at: seconds(10), kill: bare }), told({ source: 'c', at: seconds(20), kill: bare })),
    ).toHaveLength(2)
  })
  test('of equally rich ones the kernel’s own tells', () => {
    const kernel = { source: 'k', kill: { uid: 1 } }
    const other = { source: 'u', writer: 'unknown' as const, kill: { uid: 2 } }
    expect([kills(told(other), told(kernel))[0]?.uid, kills(told(kernel), told(other))[0]?.uid]).toEqual([1, 1])
  })
})

describe('what a death is made of', () => {
  const row = { ...lone, has: { ...memcgDump().has }, tasks: memcgDump().tasks }
  test('the richest telling gives the report, the others what it lacks, and each line stands once', () => {
    const [kill] = kills(
      told({ source: 'poor', kill: { uid: 7, anonRssBytes: null, comm: 'ja\\x0ava' }, at: { uncertaintyMs: 5 } }),
      told({ source: 'rich', kill: { uid: null, anonRssBytes: null }, dump: row, at: { uncertaintyMs: 900 } }),
    )
    expect(kill).toMatchObject({ uid: 7, comm: 'java', at: { uncertaintyMs: 5 }, evidence: { length: 2 } })
    expect(kill?.dump?.tasks).toHaveLength(1)
    expect(kill?.evidence[0]?.source).toBe('rich')
  })
  test('figures of the table where the line has none', () => {
    const [kill] = kills(told({ kill: { anonRssBytes: null, totalVmBytes: null, uid: null, oomScoreAdj: null }, dump: row }))
    expect(kill).toMatchObject({ anonRssBytes: 74 * 2 ** 20, uid: 1000, oomScoreAdj: 936 })
  })
  test('a thread that names its group is looked up by it', () => {
    const tasks = memcgDump({}, {}, [{ pid: 90, tgid: 100, rss: 500, anon: 400, uid: 33 }]).tasks
    expect(kills(told({ kill: { uid: null }, dump: { tasks } }))[0]?.uid).toBe(33)
  })
  test('the container that it lived in', () => {
    expect(kills(told({ kill: { taskMemcg: CONTAINER_PATH } }))[0]).toMatchObject({
      memcg: CONTAINER_PATH,
      workload: { kind: 'pod', containerId: ID },
    })
  })
  test('a report of one kill tells its cgroup; one of several does not', () => {
    const several = { taskMemcg: CONTAINER_PATH, kills: [makeKill({ pid: 100 }), makeKill({ pid: 101 })] }
    expect(kills(told({ dump: { taskMemcg: CONTAINER_PATH } }))[0]?.memcg).toBe(CONTAINER_PATH)
    expect(kills(told({ dump: several }))[0]?.memcg).toBeNull()
    expect(new Set(kills(told({ dump: several })).map((k) => k.eventKey)).size).toBe(1)
  })
  test('what bound the request is told by whichever telling has it', () => {
    const of = (first: OomDump['constraint'], second: OomDump['constraint']) =>
      kills(told({ source: 'rich', dump: { ...row, constraint: first } }), told({ source: 'poor', dump: { constraint: second } })).map(
        (k) => k.constraint,
      )
    expect([of(null, 'memcg'), of('memcg', null), of('none', 'memcg'), of(null, null)]).toEqual([['memcg'], ['memcg'], ['none'], [null]])
  })
  test('the limit of all pods names nobody', () => {
    const [kill] = kills(told({ dump: { taskMemcg: null, oomMemcg: '/kubepods.slice' } }))
    expect(kill).toMatchObject({ memcg: null, workload: { kind: 'process' }, target: null })
  })
  test('the limit of a container names it where the line tells no cgroup of the task', () => {
    const [kill] = kills(told({ dump: { taskMemcg: null, oomMemcg: CONTAINER_PATH } }))
    expect(kill).toMatchObject({ memcg: null, workload: { kind: 'pod', containerId: ID }, target: { containerId: ID } })
  })
  test('the limit of a container names it, also where of several killed nobody tells which', () => {
    const several = { taskMemcg: null, oomMemcg: CONTAINER_PATH, kills: [makeKill({ pid: 100 }), makeKill({ pid: 101 })] }
    expect(kills(told({ dump: several })).map((k) => [k.memcg, k.workload?.containerId])).toEqual([
      [null, ID],
      [null, ID],
    ])
  })
  test('vouched for by a kernel’s line or a whole dump, not by a lone line of nobody', () => {
    expect(kills(told({ writer: 'unknown', dump: { memory: null } }))[0]?.vouched).toBe(false)
    expect(kills(told({ writer: 'unknown', dump: { memory: null } }), told({ source: 'b' }))[0]?.vouched).toBe(true)
    expect(kills(told({ writer: 'shipper', dump: row }))[0]?.vouched).toBe(false)
    expect(kills(told({ writer: 'unknown', dump: row }))[0]?.vouched).toBe(true)
  })
})

describe('copies of what a program wrote', () => {
  const line = 'Memory cgroup out of memory: Killed process 100 (java) total-vm:42144kB'
  const forged = (text: string, at: number): PlacedEvent<KernelNotice> =>
    placed<KernelNotice>(at, {
      kind: 'kernel-notice',
      notice: 'forged-oom-line',
      comm: 'java',
      pid: 100,
      order: null,
      bytes: null,
      subject: text,
    }) as PlacedEvent<KernelNotice>
  const copy = (text: string, more: Telling = {}) => told({ writer: 'unknown', kill: { quotes: [quote(text)] }, ...more })
  const left = (dump: ReturnType<typeof told>, ...notes: PlacedEvent<KernelNotice>[]) => mergeKernelKills([dump], notes, directory)
  test.each<[string, ReturnType<typeof told>, PlacedEvent<KernelNotice>[], number]>([
    ['the same line', copy(`kern: ${line}`), [forged(line, 0)], 0],
    ['with its prefix', copy(`kern: ${line}`), [forged(`kernel: [   12.345678] ${line}`, 3)], 0],
    ['15 s apart', copy(line), [forged(line, 15)], 1],
    ['just below', copy(line), [forged(line, 14.9)], 0],
    ['another line', copy(line), [forged('Killed process 7 (sh)', 0)], 1],
    ['another host', copy(line, { host: 'node-2' }), [forged(line, 0)], 1],
    ['by the kernel', copy(line, { writer: 'kernel' }), [forged(line, 0)], 1],
    [
      'one of two lines only',
      told({ writer: 'unknown', kill: { quotes: [quote(line), quote('oom_reaper: reaped process 100')] } }),
      [forged(line, 0)],
      1,
    ],
    [
      'each by another',
      told({ writer: 'unknown', kill: { quotes: [quote(line), quote('oom_reaper: reaped')] } }),
      [forged(line, 0), forged('oom_reaper: reaped', 1)],
      0,
    ],
    ['no time', copy(line, { at: { epochUs: null } }), [forged(line, 0)], 0],
  ])('%s', (_, dump, notes, count) => {
    expect(left(dump, ...notes).kills).toHaveLength(count)
    expect(left(dump, ...notes).refuted).toHaveLength(1 - count)
  })
  test('a report without kills is known by its other lines', () => {
    const head = { ...told({ writer: 'unknown', dump: { kills: [] } }), instants: [] }
    const note = forged('x', 0)
    expect(left(head, note).without).toHaveLength(0)
    expect(left(head).without).toHaveLength(1)
  })
})

describe('reports that know of no kill', () => {
  const head = (more: Telling = {}) => ({
    ...told({ ...more, dump: { kills: [], trigger: trigger(['GFP_KERNEL']), ...more.dump } }),
    instants: [],
  })
  const without = (...all: ReturnType<typeof told>[]) => mergeKernelKills(all, [], directory).without.length
  const comm = (name: string): Partial<OomDump> => ({ trigger: { ...trigger(['GFP_KERNEL']), comm: name } })
  test.each<[string, ReturnType<typeof told>[], number]>([
    ['two of one source', [head(), head({ at: seconds(0.5) })], 2],
    ['one told by two', [head(), head({ source: 'b', at: seconds(14.9) })], 1],
    ['two, 15 s apart', [head(), head({ source: 'b', at: seconds(15) })], 2],
    ['two invokers', [head(), head({ source: 'b', dump: comm('sh') })], 2],
    ['two hosts', [head(), head({ source: 'b', host: 'node-2' })], 2],
    ['one uptime', [head({ at: { uptimeSeconds: 5 } }), head({ source: 'b', at: { uptimeSeconds: 5.9, ...seconds(99) } })], 1],
    ['two uptimes', [head({ at: { uptimeSeconds: 5 } }), head({ source: 'b', at: { uptimeSeconds: 6 } })], 2],
    ['completed by another source', [head(), told({ source: 'b', dump: { trigger: trigger(['GFP_KERNEL']) } })], 0],
    ['not completed by its own source', [head(), told({ dump: { trigger: trigger(['GFP_KERNEL']) } })], 1],
    ['without an invoker: by the group', [head({ dump: { trigger: null } }), head({ source: 'b', dump: { oomMemcg: '/other' } })], 2],
    ['without an invoker and a group', [head({ dump: { trigger: null } }), head({ source: 'b', dump: { oomMemcg: null } })], 1],
    ['no times, two sources', [head({ at: { epochUs: null } }), head({ source: 'b', at: { epochUs: null } })], 1],
  ])('%s', (_, all, count) => {
    expect(without(...all)).toBe(count)
  })
})
