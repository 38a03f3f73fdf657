import { describe, expect, it } from 'vitest'
import { type FrontMatch, frontShape, widened } from '../../../src/formats/fronts/front-shape.ts'

/** What a front tells of the line behind it; what a row does not name is `null`, the writer unknown, the text as it stands. */
interface Told {
  readonly host?: string
  /** As printed. */
  readonly wall?: string
  readonly uptimeUs?: number
  readonly severity?: number
  readonly identifier?: string
  readonly writer?: FrontMatch['writer']
  readonly rest?: string
  readonly isGathered?: true
}

const stamped = '[  100.000001] Mem-Info:'
const plain = 'Mem-Info:'
const noon = '2026-11-24 07:04:29'
const short = 'Nov 24 07:04:29'

const rows: readonly (readonly [string, string, Told])[] = [
  // whose line it is: a name with a digit, a dot or a dash; one between a stamp and the kernel's tag
  ['[node7] ', plain, { host: 'node7' }],
  ['| node7 | ', plain, { host: 'node7' }],
  [`${short} relay kernel: `, plain, { host: 'relay', wall: short }],
  [`${short} relay vmunix: `, plain, { host: 'relay', wall: short }],
  [`${short} relay klogd: `, plain, { host: 'relay', wall: short }],
  [`${short} relay guest: `, plain, { host: 'relay', wall: short }],
  [`${short} relay kern.warn: `, plain, { host: 'relay', wall: short, severity: 4 }],
  [`${short} localhost kernel: `, plain, { wall: short }],
  [`${short} a7 b8 `, plain, { host: 'a7', wall: short }],
  ['relay kernel: ', plain, {}],
  ['a7 b8 ', plain, {}],
  ['node7: ', plain, {}],
  ['node7 : ', plain, {}],
  ['node7 | ', plain, { host: 'node7' }],
  ['node-1 | ', plain, {}],
  ['node-1  | ', plain, {}],
  ['WARN [main] c.e.Kernel - ', plain, { severity: 4 }],
  ['node7 4 ', plain, { host: 'node7' }],
  ['[node-1] ', plain, { host: 'node-1' }],
  ['node-1a | ', plain, { host: 'node-1a' }],
  ['node7 - ', plain, { host: 'node7' }],
  ['WARN node7 ', plain, { host: 'node7', severity: 4 }],
  [`${short} node7: kernel: `, plain, { host: 'node7', wall: short }],
  [`${short} relay guestbook: `, plain, { wall: short }],
  [`${short} relay myguest: `, plain, { wall: short }],
  // pdsh and clush: a machine's name before the kernel's own stamp
  ['node7: ', stamped, { isGathered: true, host: 'node7' }],
  ['node7:', stamped, { isGathered: true, host: 'node7' }],
  ['node7: [  100.000001] ', plain, { isGathered: true, host: 'node7', uptimeUs: 100_000_001 }],
  ['cp-eu: ', stamped, { isGathered: true, host: 'cp-eu' }],
  ['db.example.org: ', stamped, { isGathered: true, host: 'db.example.org' }],
  ['anna: ', stamped, {}],
  ['ab1: ', stamped, { isGathered: true, host: 'ab1' }],
  ['10.0.3.7: ', stamped, { isGathered: true, host: '10.0.3.7' }],
  ['node7: [Tue Nov 24 03:14:07 2026] ', plain, { isGathered: true, host: 'node7', wall: 'Tue Nov 24 03:14:07 2026' }],
  ['line12: ', stamped, {}],
  ['page2: ', stamped, {}],
  ['row3: ', stamped, {}],
  ['cpu1: ', stamped, {}],
  ['core1: ', stamped, {}],
  ['step1: ', stamped, {}],
  ['kmsg1: ', stamped, {}],
  ['x | anna7: ', stamped, {}],
  ['node7: x ', stamped, {}],
  ['node7: ', `x ${stamped}`, {}],
  // times: one with a zone says more than one with a year, that more than one without
  [`${noon} node7 `, plain, { host: 'node7', wall: noon }],
  [`${short} 2026-11-24T07:04:29Z `, plain, { wall: '2026-11-24T07:04:29Z' }],
  [`2026-11-24T07:04:29Z ${short} `, plain, { wall: '2026-11-24T07:04:29Z' }],
  [`${short} ${noon} `, plain, { wall: noon }],
  [`${noon} 2026-11-24T07:04:31Z `, plain, { wall: '2026-11-24T07:04:31Z' }],
  ['07:04:29 ', plain, {}],
  ['2026-11-24,07:04:29,node7,', plain, { host: 'node7', wall: noon }],
  ['2026-11-24; 7:04:29;a;', plain, { wall: '2026-11-24 7:04:29' }],
  ['2026-11-24\t07:04:29\tnode7\t', plain, { host: 'node7', wall: noon }],
  ['[ 833.807] ', plain, { uptimeUs: 833_807_000 }],
  ['833.807 ', plain, {}],
  // levels
  ['node7 kern.warn kernel: ', plain, { host: 'node7', severity: 4 }],
  ['user.err ', plain, { severity: 3 }],
  ['[WARN] ', plain, { severity: 4 }],
  // the text of a cell, and code in a sentence
  [`"${noon}","node7","`, 'a ""b"" c"', { host: 'node7', wall: noon, rest: 'a "b" c' }],
  ['"a","b","', 'see `code` there"', { rest: 'see `code` there' }],
  ["'", "it's so' x", { rest: "it's so" }],
  ['- `', 'Mem-Info:`', { rest: plain }],
  ['- `', 'Mem-Info:` 12', { rest: plain }],
  ['- `', 'Mem-Info: cut', {}],
  ['| node7 | ', 'Mem-Info: |', { host: 'node7', rest: plain }],
  ['| node7 | ', 'Mem-Info:  \t| \t', { host: 'node7', rest: plain }],
  // a tag with a pid is a program's, unless it hands the kernel's text on
  ['node7 | earlyoom[600]: ', 'x', { host: 'node7', identifier: 'earlyoom' }],
  ['backup[600]:', 'x', { identifier: 'backup' }],
  ['backup-1[600]: ', 'x', { identifier: 'backup-1' }],
  ['(backup[600]: ', 'x', {}],
  ['backup[600]: node7 ', 'x', { host: 'node7' }],
  ['"x","backup[600]: ', 'x', { identifier: 'backup' }],
  ['node7 | kernel[1]: ', plain, { host: 'node7' }],
  ['node7 | klogd[3]: ', plain, { host: 'node7' }],
  ['node7 | fluent-bit[3]: ', plain, { host: 'node7' }],
  ['node7 | backup[600]: ', 'hello', { host: 'node7', identifier: 'backup' }],
  ['node7 | backup[600]: ', plain, { host: 'node7', identifier: 'backup', writer: 'userspace' }],
  ['node7 | backup[600]: ', stamped, { host: 'node7', identifier: 'backup', writer: 'userspace' }],
  ['node7 | backup[600]: ', `<4>${stamped}`, { host: 'node7', identifier: 'backup', writer: 'userspace' }],
  ['node7 | backup[600] ', plain, { host: 'node7' }],
  // a pod's or container's output, unless what prints it reads the kernel's log
  ['[pod/x/y] ', plain, { writer: 'userspace' }],
  ['pod=x ', plain, { writer: 'userspace' }],
  ['container: a ', plain, { writer: 'userspace' }],
  ['{"pod":"x","log":"', 'x"', { writer: 'userspace', rest: 'x' }],
  ['{"pod_name":"x","log":"', 'x"', { writer: 'userspace', rest: 'x' }],
  ['a podName=x ', plain, { writer: 'userspace' }],
  ['a container_name=x ', plain, { writer: 'userspace' }],
  ['a xpod_name=x ', plain, {}],
  ['pods: x ', plain, { writer: 'userspace' }],
  ['(containers: x ', plain, { writer: 'userspace' }],
  ['[pod/node-login/y] ', plain, { writer: 'userspace' }],
  ['tripod: ', plain, {}],
  ['podium ', plain, {}],
  ['2026-11-24T07:04:29Z stdout F ', plain, { writer: 'userspace', wall: '2026-11-24T07:04:29Z' }],
  ['2026-11-24T07:04:29Z stderr P ', plain, { writer: 'userspace', wall: '2026-11-24T07:04:29Z' }],
  ['[pod/kmsg-reader/y] ', plain, {}],
  ['[pod/dmesg-x/y] ', plain, {}],
  ['[pod/node-logs-x/y] ', plain, {}],
  ['[pod/nodelog/y] ', plain, {}],
  ['[pod/kernel-log/y] ', plain, {}],
  ['[pod/kernellog/y] ', plain, {}],
  ['web-6d5f7c9b8d-x2x4z app ', plain, { writer: 'userspace' }],
  ['web-6d5f7c9b8d-x2x4z › app ', plain, { writer: 'userspace' }],
  ['shop › web-6d5f7c9b8d-x2x4z › app ', plain, { writer: 'userspace' }],
  ['web-6d5f7c9b8d-x2x4z app 2026-11-24T07:04:29Z ', plain, { writer: 'userspace', wall: '2026-11-24T07:04:29Z' }],
  ['web-6d5f7c9b8d-x2x4z kernx ', plain, { writer: 'userspace' }],
  ['web-6d5f7c9b8d-x2x4z app 12 ', plain, {}],
  ['web-6d5f7c9b8d-x2x4z kernel: ', plain, { host: 'web-6d5f7c9b8d-x2x4z' }],
  ['web-6d5f7c9b8d-x2x4z kernel ', plain, { host: 'web-6d5f7c9b8d-x2x4z' }],
  ['web-6d5f7c9b8d-x2x4z kern ', plain, { host: 'web-6d5f7c9b8d-x2x4z' }],
  ['web-6d5f7c9b8d-x2x4z vmunix ', plain, { host: 'web-6d5f7c9b8d-x2x4z' }],
  ['web-6d5f7c9b8d-x2x4z klogd ', plain, { host: 'web-6d5f7c9b8d-x2x4z' }],
]

const none = { host: null, wall: null, uptimeUs: null, severity: null, identifier: null, writer: 'unknown' }

describe('what a front tells', () => {
  it.each(rows)('%j%s', (front, text, told) => {
    const found = frontShape(front).match(front + text)
    expect({ ...found, wall: found?.wall?.text ?? null }).toEqual({ ...none, rest: text, ...told })
  })

  it.each(
    'kernel kern vmunix klogd guest out err stdout stderr user log logs messages syslog dmesg console root localhost localhost. redacted host message received cpu1 vcpu-1 thread-12 thread main worker-2 kmsg kmsg-1 dmesg2 http-exec-7 log-agent x-collector x-reader'.split(
      ' ',
    ),
  )('%s is no machine', (name) => {
    expect(frontShape(`${noon} ${name} kernel: `).match(`${noon} ${name} kernel: ${plain}`)?.host).toBeNull()
  })

  it.each(['rooted', 'reroot', 'mainz', 'logstash', 'cpu', 'kern2', 'worker'])('%s may be one', (name) => {
    expect(frontShape(`${noon} ${name} kernel: `).match(`${noon} ${name} kernel: ${plain}`)?.host).toBe(name)
  })

  it('inline code in somebody’s sentence is none', () => {
    expect(frontShape('- `').match('- `Mem-Info:` is what you see')).toBeNull()
  })
})

describe('others of its kind', () => {
  it.each([
    ['node7: ', 'node12: '],
    ['[7] ', '[12345] '],
    [`${noon} `, '2026-11-25 17:14:09 '],
    ['[WARN] ', '[error] '],
    ['kern.warn ', 'daemon.err '],
    ['> > ', '>>'],
    ['a1b2c3d4e5f6 | ', '0f1e2d3c4b5a | '],
    ['node7 | ', 'node7   | '],
    ['[ 833.807] ', '[ 9833.80712] '],
  ])('%j also reads %j', (front, other) => {
    expect(frontShape(front).match(other + plain)?.rest).toBe(plain)
  })

  it.each([
    ['node7: ', 'web7: '],
    ['defaced | ', 'abcdefa | '],
    ['[7] ', '[x] '],
    ['node7| ', `node7|${plain}`],
  ])('%j does not read %j', (front, other) => {
    expect(frontShape(front).match(other + plain)).toBeNull()
  })

  it('two that differ in a word are one, where something else tells them from text', () => {
    const wide = widened(frontShape('[web] '), frontShape('[db] '))
    expect(wide?.match(`[cache] ${plain}`)?.rest).toBe(plain)
    expect(wide?.match(`[a b] ${plain}`)).toBeNull()
    expect(widened(frontShape(`${noon} web `), frontShape(`${noon} db `))?.match(`${noon} cache ${plain}`)?.rest).toBe(plain)
    expect(widened(frontShape('7 web '), frontShape('8 db '))?.match(`9 cache ${plain}`)?.rest).toBe(plain)
    expect(widened(frontShape('web app '), frontShape('db app '))).toBeNull()
    // a stamp of another shape stays what it is
    expect(widened(frontShape(`[${noon}] web `), frontShape(`[${short}] db `))?.match(`[${noon}] cache ${plain}`)?.rest).toBe(plain)
    // what is the same in both stays
    expect(widened(frontShape('[web] app '), frontShape('[db] app '))?.match(`[cache] other ${plain}`)).toBeNull()
  })

  it('a tab parts cells, a blank words', () => {
    expect(frontShape('a\tb\t').key).not.toBe(frontShape('a b ').key)
    expect(frontShape('web: ').key).toBe(frontShape('db: ').key)
    expect(frontShape('web: ').key).not.toBe(frontShape('web; ').key)
  })
})
