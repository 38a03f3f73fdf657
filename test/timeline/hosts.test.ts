import { describe, expect, it } from 'vitest'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import { shortHost } from '../../src/text/names.ts'
import { coverageOf } from '../../src/timeline/coverage.ts'
import { canonicalNames, hostInPath } from '../../src/timeline/host-names.ts'
import { resolveHosts, sameHost, severalMachines } from '../../src/timeline/hosts.ts'
import { makePod } from '../rules/make-incident.ts'
import { bootMark, notice, report, source } from './sources.ts'

describe('names', () => {
  it.each([
    ['node-1', 'node-1'],
    ['Node-1.example.internal', 'node-1'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0', '10'],
  ])('%s is %s', (host, short) => expect(shortHost(host)).toBe(short))
  it.each([
    ['node-1', 'node-1.example.internal', true],
    ['node-1', 'node-12', false],
    ['node-1.east.example', 'node-1.west.example', false],
    ['node-1.east.example', 'Node-1.east.example', true],
    [null, 'node-1', true],
    ['10.0.0.1', '10.0.0.2', false],
  ])('%s and %s: %s', (a, b, same) => expect([sameHost(a, b), sameHost(b, a)]).toEqual([same, same]))
  it('the form met most often stands for both, the shorter of equals', () => {
    const named = (e: SourceEvidence) => canonicalNames([e])('node-1', e)
    const canonical = (...names: string[]) => named(source('k', { events: names.map((name) => notice(1, name)) }))
    expect(canonical('node-1', 'node-1.x', 'node-1.x')).toBe('node-1.x')
    expect(canonical('node-1.x', 'node-1')).toBe('node-1')
    expect(canonical('other')).toBe('node-1')
    expect([canonical('node-1', 'Node-1'), canonical('Node-1', 'node-1')]).toEqual(['Node-1', 'Node-1'])
    expect(named(source('k', { host: 'node-1.x', place: { host: 'node-1.x' }, snapshots: [{ kind: 'meminfo', host: 'node-1.x' }] }))).toBe(
      'node-1.x',
    )
  })
})

describe('a short name that two machines of two bundles have', () => {
  const ofBundle = (bundle: string, ...names: string[]) => source('k', { place: { bundle }, events: names.map((name) => notice(1, name)) })
  const [east, west, both] = [
    ofBundle('e', 'n1.east.example'),
    ofBundle('w', 'n1.west.example'),
    ofBundle('x', 'n1.east.example', 'n1.west.example'),
  ]
  const named = canonicalNames([east, west, both])
  it.each<[string, string, SourceEvidence, string]>([
    ['in the bundle of one', 'n1', east, 'n1.east.example'],
    ['in the bundle of the other', 'N1', west, 'n1.west.example'],
    ['in the bundle of both', 'n1', both, 'n1'],
    ['in a bundle of neither', 'n1', ofBundle('z'), 'n1'],
    ['a full name stays, whoever else the bundle knows', 'n1.west.example', east, 'n1.west.example'],
  ])('%s', (_, name, evidence, full) => expect(named(name, evidence)).toBe(full))
})

describe('a path that spells a host', () => {
  const inPath = (path: string, known: string[], bundle = 'b') => {
    const asked = source(path, { place: { bundle } })
    return hostInPath([source('nodes', { snapshots: known.map((name) => ({ kind: 'node', name })) }), asked])(asked)
  }
  it.each([
    ['collect/node-1/dmesg', ['node-1'], 'node-1'],
    ['collect/NODE-1/dmesg', ['node-1'], 'node-1'],
    ['dmesg-node-1.txt', ['node-1'], 'node-1'],
    ['dmesg-node-12.txt', ['node-1'], null],
    ['xnode-1.txt', ['node-1'], null],
    ['node-1', ['node-1'], 'node-1'],
    ['node-1/dmesg', ['node-1'], 'node-1'],
    ['node-1/node-2', ['node-1', 'node-2'], 'node-1'],
    ['dmesg-node-1-a.txt', ['node-1', 'node-1-a'], 'node-1-a'],
    ['a-node-1-node-2.txt', ['node-1', 'node-2'], null],
    ['collect/db/dmesg', ['db'], null],
    ['collect/db1/dmesg', ['db1'], 'db1'],
    ['collect/localhost/dmesg', ['localhost'], null],
    ['dmesg', ['node-1'], null],
  ])('%s, known %j: %s', (path, known, host) => expect(inPath(path, known)).toBe(host))
  it('of its own bundle only', () => expect(inPath('node-1/dmesg', ['node-1'], 'other')).toBeNull())
  it('known by pods, logs and other documents too', () => {
    const by = (parts: Parameters<typeof source>[1]) => {
      const asked = source('n/node-1/dmesg')
      return hostInPath([source('x', parts), asked])(asked)
    }
    expect([
      by({ snapshots: [{ kind: 'pod', node: 'node-1' }] }),
      by({ events: [notice(1, 'node-1')] }),
      by({ host: 'node-1' }),
      by({ snapshots: [{ kind: 'meminfo', host: 'node-1' }] }),
      by({}),
    ]).toEqual(['node-1', 'node-1', 'node-1', 'node-1', null])
  })
})

describe('whose a source is', () => {
  const of = (asked: SourceEvidence, others: SourceEvidence[] = [], printed: string | null = null) =>
    resolveHosts([...others, asked]).of(asked, printed)
  const kern = (host: string | null, parts: Parameters<typeof source>[1] = {}) =>
    source('kern.log', { host, first: { wall: { epochUs: 1 }, outerWall: null, uptimeUs: 1 } as never, ...parts })
  const nameFile = (path: string, host: string) => source(path, { hasKernel: false, host })
  it.each<[string, string | null, string | null]>([
    ['the line’s word before all', of(kern('b', { place: { host: 'c' } }), [], 'a'), 'a'],
    ['the source’s before its place', of(kern('b', { place: { host: 'c' } })), 'b'],
    ['its place', of(kern(null, { place: { host: 'c' } })), 'c'],
    ['localhost is no name', of(kern('localhost'), [kern('a')]), 'a'],
    ['unless nothing better is there', of(kern('localhost')), 'localhost'],
    ['an empty name is none', of(kern('')), null],
    ['nothing names it', of(source('dmesg')), null],
    ['the only host around it', of(source('dmesg'), [kern('a')]), 'a'],
    ['one of two hosts', of(source('dmesg'), [kern('a'), kern('b')]), null],
    ['one host under two spellings', of(source('dmesg'), [kern('a'), kern('a.x')]), 'a'],
    ['of another bundle', of(source('dmesg'), [kern('a', { place: { bundle: 'other' } })]), null],
    ['of another corner', of(source('dmesg', { place: { corner: 'c1' } }), [kern('a', { place: { corner: 'c2' } })]), null],
    ['of another kernel', of(source('dmesg', { events: [bootMark(0, '5.4')] }), [kern('a', { events: [bootMark(0, '6.1')] })]), null],
    ['of the same kernel', of(source('dmesg', { events: [bootMark(0, '6.1')] }), [kern('a', { events: [bootMark(0, '6.1')] })]), 'a'],
    ['beside a log that names it by its events', of(source('dmesg'), [kern(null, { events: [notice(1, 'a')] })]), 'a'],
    [
      'beside a document that names it',
      of(source('dmesg'), [source('x', { hasKernel: false, snapshots: [{ kind: 'meminfo', host: 'a' }] })]),
      'a',
    ],
    [
      'a second bare log of unknown machine',
      of(source('two.txt', { events: [report(9, { pid: 5 })] }), [kern('a'), source('one.txt', { events: [report(500)] })]),
      null,
    ],
    [
      'a bare log that shares a death with one that names two',
      of(source('dmesg', { events: [report(500)] }), [kern('a', { events: [report(500)] }), kern('b')]),
      'a',
    ],
    [
      'that shares a death with two hosts',
      of(source('dmesg', { events: [report(500)] }), [kern('a', { events: [report(500)] }), kern('b', { events: [report(500)] })]),
      null,
    ],
    [
      'that shares it in another bundle',
      of(source('dmesg', { events: [report(500)] }), [kern('a', { events: [report(500)], place: { bundle: 'o' } }), kern('b'), kern('c')]),
      null,
    ],
    [
      'that shares a death with a log of no name',
      of(source('dmesg', { events: [report(500)] }), [kern('localhost', { events: [report(500)] }), kern('b'), kern('c')]),
      null,
    ],
    [
      'that shares a death with a log of no name, where one other is named',
      of(source('dmesg', { events: [report(500)] }), [kern('localhost', { events: [report(500)] }), kern('b')]),
      'b',
    ],
    ['in a folder that is called as another machine', of(source('w7/log/dmesg'), [kern('a')]), null],
    [
      'in a folder of that name, whose own file says whose it is',
      of(source('w7/log/dmesg'), [kern('a'), nameFile('w7/etc/hostname', 'a')]),
      'a',
    ],
    ['beside a folder whose file says so', of(source('w7/log/dmesg'), [kern('a'), nameFile('w8/etc/hostname', 'a')]), null],
    [
      'a death whose own line names the host',
      of(source('dmesg', { events: [report(500)] }), [kern(null, { events: [report(500, {}, 'a')] }), kern('b'), kern('c')]),
      'a',
    ],
  ])('%s', (_, found, expected) => expect(found).toBe(expected))
})

describe('bare logs of one corner', () => {
  const log = (name: string, uptime: number, pid = 100, place = {}) => source(name, { events: [report(uptime, { pid })], place })
  it.each<[string, SourceEvidence[], number]>([
    ['one', [log('a', 5)], 0],
    ['two that share a death', [log('a', 5), log('b', 5)], 0],
    ['two that do not', [log('a', 5), log('b', 900, 7)], 2],
    ['rotations of one log', [log('a', 5), log('a.1', 900, 7, { family: 'a' })], 0],
    ['three, chained', [log('a', 5), source('b', { events: [report(5), report(900, { pid: 7 })] }), log('c', 900, 7)], 0],
    ['three, chained by the last', [log('a', 5), log('c', 900, 7), source('b', { events: [report(5), report(900, { pid: 7 })] })], 0],
    ['two corners', [log('a', 5, 100, { corner: 'x' }), log('b', 900, 7, { corner: 'y' })], 0],
    ['one that names its host', [log('a', 5), source('b', { host: 'h', events: [report(900, { pid: 7 })] })], 0],
  ])('%s', (_, all, count) => expect(severalMachines(all).size).toBe(count))
})

describe('whether a program’s log is there', () => {
  const covered = (...all: SourceEvidence[]) => coverageOf(all, resolveHosts(all), new Map())('a')
  const role = (name: string, of: 'kubelet' | 'runtime' | null) => source(name, { host: 'a', place: { role: of } })
  it('by its place beside others', () => {
    expect(covered(role('x', null), role('k', 'kubelet'))).toMatchObject({ kubelet: true, runtime: false })
    expect(covered(role('x', null), role('c', 'runtime'))).toMatchObject({ kubelet: false, runtime: true })
    expect(covered(role('x', null))).toMatchObject({ kubelet: false, runtime: false })
  })
  it('by what it says, in one of several logs', () => {
    const said = (by: string) => source('log', { host: 'a', events: [notice(1), { ...notice(2), kind: 'container', by } as never] })
    expect(covered(role('x', null), said('kubelet'))).toMatchObject({ kubelet: true, runtime: false })
    expect(covered(role('x', null), said('containerd'))).toMatchObject({ kubelet: false, runtime: true })
  })
})

describe('what the sources of a host cover', () => {
  const span = (from: number, to: number) => ({ first: { wall: { epochUs: from } }, last: { wall: { epochUs: to } } }) as never
  const of = (all: SourceEvidence[], host: string | null = 'a', spans = new Map()) => coverageOf(all, resolveHosts(all), spans)(host)
  it('from the first kernel line to the last, of all its kernel logs', () => {
    const all = [
      source('k', { host: 'a', ...(span(50, 90) as object) }),
      source('l', { host: 'a', ...(span(10, 60) as object) }),
      source('m', { host: 'b', ...(span(1, 999) as object) }),
      source('n', { host: 'a', hasKernel: false, ...(span(2, 998) as object) }),
    ]
    expect(of(all)).toMatchObject({ kernel: true, kernelFromUs: 10, kernelToUs: 90 })
    expect(of(all, 'c')).toMatchObject({ kernel: false, kernelFromUs: null, kernelToUs: null })
  })
  it('by the clock of its boot, where its lines have no stamps', () => {
    expect(of([source('k', { host: 'a' })], 'a', new Map([['k', { fromUs: 3, toUs: 4 }]]))).toMatchObject({
      kernelFromUs: 3,
      kernelToUs: 4,
    })
  })
  it.each<[string, Parameters<typeof source>[1], string]>([
    ['a container line of the kubelet', { events: [notice(1, null, { kind: 'container', by: 'kubelet', target: {} })] }, 'kubelet'],
    ['an eviction', { events: [notice(1, null, { kind: 'eviction', target: null })] }, 'kubelet'],
    ['a word of the node', { events: [notice(1, null, { kind: 'node' })] }, 'kubelet'],
    ['its place', { place: { role: 'kubelet' } }, 'kubelet'],
    ['a container line of the runtime', { events: [notice(1, null, { kind: 'container', by: 'containerd', target: {} })] }, 'runtime'],
    ['its place', { place: { role: 'runtime' } }, 'runtime'],
    ['pods', { snapshots: [makePod([])] }, 'pods'],
    ['a node', { snapshots: [{ kind: 'node', name: 'a' }] }, 'node'],
    ['events', { events: [notice(1, null, { kind: 'object-event' })] }, 'events'],
    ['a journal', { format: 'journal-json' }, 'journal'],
  ])('%s: %s', (_, parts, what) => {
    const covered = of([source('s', { host: 'a', hasKernel: false, ...parts })]) as unknown as Record<string, unknown>
    expect(Object.keys(covered).filter((key) => covered[key] === true)).toEqual([what])
  })
})
