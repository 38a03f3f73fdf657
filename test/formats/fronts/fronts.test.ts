import { describe, expect, it } from 'vitest'
import { type Fronts, openFronts } from '../../../src/formats/fronts/index.ts'
import type { LogRecord } from '../../../src/model/record.ts'
import type { WallStamp } from '../../../src/model/stamp.ts'
import { record } from '../../extract/records.ts'

const wall = (text: string): WallStamp => ({
  text,
  epochUs: null,
  localUs: 1,
  hasYear: true,
  offsetMinutes: null,
  zoneName: null,
  precisionUs: 1_000_000,
  clock: 'received',
})
type Given = string | (Partial<LogRecord> & { readonly message: string })
const recordOf = (given: Given): LogRecord =>
  typeof given === 'string' ? record(given, { writer: 'unknown' }) : record(given.message, { writer: 'unknown', ...given })

/** What is given out for these lines, and the reader. */
function pushed(...lines: readonly Given[]): { readonly out: LogRecord[]; readonly fronts: Fronts } {
  const out: LogRecord[] = []
  const fronts = openFronts((record) => out.push(record))
  for (const line of lines) fronts.push(recordOf(line))
  return { out, fronts }
}
function read(...lines: readonly Given[]): LogRecord[] {
  const { out, fronts } = pushed(...lines)
  fronts.flush()
  return out
}
const texts = (...lines: readonly Given[]): string[] => read(...lines).map(({ message }) => message)

const trigger = 'java invoked oom-killer: gfp_mask=0x0, order=0'

describe('a trigger’s line waits for those that tell where its front ends', () => {
  it.each([
    'node7 | ',
    'web app ',
    '> ',
    '| a | ',
    'a,b,',
    'a;b;',
    'a\tb\t',
    'a-rather-long-name ',
    '- ',
    '* ',
    '[a] ',
    '<a> ',
    '`',
    '"a" ',
  ])('%j', (front) => {
    const { out, fronts } = pushed(front + trigger)
    expect([out.length, fronts.holding]).toEqual([0, true])
    for (const text of ['Mem-Info:', 'Call Trace:', 'active_anon:1 inactive_anon:2']) fronts.push(recordOf(front + text))
    fronts.flush()
    expect(out.map(({ message }) => message)).toEqual([trigger, 'Mem-Info:', 'Call Trace:', 'active_anon:1 inactive_anon:2'])
    expect(fronts.count).toBe(4)
  })

  it('a name of one word needs not wait', () => {
    const { out, fronts } = pushed(trigger)
    expect([out.length, fronts.holding, fronts.count]).toEqual([1, false, 0])
  })

  it.each([
    [`node7 | ${trigger}`, trigger],
    [`node7>${trigger}`, trigger],
    [`node7,${trigger}`, trigger],
    ['node7 | java invoked oom-killer: gfp_mask=1234, order=0', 'java invoked oom-killer: gfp_mask=1234, order=0'],
    [`node7 | [  100.000001] ${trigger}`, trigger],
    ['node7 | java invoked oom-killer: of course', 'node7 | java invoked oom-killer: of course'],
    [`some words ${trigger}`, `some words ${trigger}`],
    [
      `a-rather-long-name-7 ${trigger.replace('java', 'with-a-name-longer-than-any')}`,
      `a-rather-long-name-7 ${trigger.replace('java', 'with-a-name-longer-than-any')}`,
    ],
    [`sixteen-letters7 invoked oom-killer: gfp_mask=0x0`, 'sixteen-letters7 invoked oom-killer: gfp_mask=0x0'],
  ])('alone: %s', (line, message) => {
    expect(texts(line)).toEqual([message])
  })

  it('lines of others keep their place, and none waits for long', () => {
    const other = { message: 'hello', identifier: 'app' }
    expect(texts(`web app ${trigger}`, other, 'web app Mem-Info:', 'web app Call Trace:', 'web app Mem-Info:')).toEqual([
      trigger,
      'hello',
      'Mem-Info:',
      'Call Trace:',
      'Mem-Info:',
    ])
    const { out, fronts } = pushed(`web app ${trigger}`, ...Array.from({ length: 15 }, (_, n) => `words of ${n}`))
    expect([out.length, fronts.holding]).toEqual([16, false])
    expect(pushed(`node7 | ${trigger}`, ...Array.from({ length: 15 }, (_, n) => `node7 | of ${n}`)).out[0]?.message).toBe(trigger)
  })
})

describe('what is believed to be a front', () => {
  it('words from the third line on, a plain one at once', () => {
    const line = 'of the log Mem-Info:'
    expect(texts(line, line)).toEqual([line, line])
    expect(texts(line, line, line)).toEqual(['Mem-Info:', 'Mem-Info:', 'Mem-Info:'])
    expect(texts('node7 Mem-Info:')).toEqual(['Mem-Info:'])
  })

  it('what it was learned from, and then what stands behind it', () => {
    const { fronts, out } = pushed('node7 | Mem-Info:', 'node12 | usb 1-1: new device', 'other words', 'node12 |')
    expect(out.map(({ message }) => message)).toEqual(['Mem-Info:', 'usb 1-1: new device', 'other words', 'node12 |'])
    expect([fronts.knows('node9 | x'), fronts.knows('x'), fronts.count]).toEqual([true, false, 2])
  })

  it('two that differ in a word are one; several are kept', () => {
    expect(texts('[web] Mem-Info:', '[db] Mem-Info:', '[cache] usb', '7: Mem-Info:', '8: usb', '[x] usb')).toEqual([
      'Mem-Info:',
      'Mem-Info:',
      'usb',
      'Mem-Info:',
      'usb',
      'usb',
    ])
  })

  it('none: the text’s own begin, a comment, nothing', () => {
    for (const line of [
      '// Mem-Info:',
      'Memory cgroup out of memory: Killed process 41 (a)',
      '[  100.000001] Mem-Info:',
      'kernel: Mem-Info:',
    ])
      expect(pushed(line, line, line).fronts.count, line).toBe(0)
  })

  it('not of whom somebody knows: a tag, a program, the kernel’s clock', () => {
    const line = 'node7 | Mem-Info:'
    for (const more of [{ identifier: 'app' }, { writer: 'userspace' as const }, { moment: { ...record('').moment, uptimeUs: 1 } }])
      expect(texts({ message: line, ...more }), JSON.stringify(more)).toEqual([line])
    expect(texts({ message: '' })).toEqual([''])
  })

  it('a vendor’s marks behind the kernel’s clock', () => {
    const moment = { ...record('').moment, uptimeUs: 1 }
    const [one] = read({ message: '.(3)[71:kswapd0]Mem-Info:', moment, host: 'node7' })
    expect([one?.message, one?.host, one?.moment.uptimeUs]).toEqual(['Mem-Info:', 'node7', 1])
    expect(texts({ message: '(sd-pam) Mem-Info:', moment })).toEqual(['(sd-pam) Mem-Info:'])
  })
})

describe('what the record then says', () => {
  const [outer, noon] = [wall('Nov 24 07:04:30'), '2026-11-24 07:04:29']

  it('what its front tells goes before what its wrapping told; the wrapping’s time becomes the outer one', () => {
    const [one] = read({
      message: `${noon} node7 kern.warn kernel: Mem-Info:`,
      moment: { ...record('').moment, wall: outer },
      host: 'relay',
      severity: 6,
    })
    expect([one?.message, one?.host, one?.severity, one?.moment.wall?.text, one?.moment.outerWall?.text]).toEqual([
      'Mem-Info:',
      'node7',
      4,
      noon,
      outer.text,
    ])
  })

  it('what its front does not tell stays', () => {
    const moment = { wall: outer, outerWall: wall('x'), uptimeUs: null }
    const [one] = read({ message: '[7] Mem-Info:', moment, host: 'relay', severity: 6 })
    expect([one?.message, one?.host, one?.severity, one?.moment.wall?.text, one?.moment.outerWall?.text]).toEqual([
      'Mem-Info:',
      'relay',
      6,
      outer.text,
      'x',
    ])
    const [two] = read({ message: `${noon} Mem-Info:`, moment: { ...moment, wall: null } })
    expect([two?.moment.wall?.text, two?.moment.outerWall?.text]).toEqual([noon, 'x'])
  })

  it('a program’s tag and its writer', () => {
    const [one] = read('node7 | backup[600]: Mem-Info:')
    expect([one?.identifier, one?.writer]).toEqual(['backup', 'userspace'])
    const [two] = read({ message: '[pod/x/y] Mem-Info:', writer: 'kernel' as const })
    expect(two?.writer).toBe('userspace')
  })

  it.each([
    ['node7 kernel: Mem-Info:', null],
    ['7 kernel: [  100.000001] Mem-Info:', 100_000_001],
    ['node7|kernel: [  100.000001] Mem-Info:', 100_000_001],
    ['node7 <4>[  100.000001] Mem-Info:', 100_000_001],
    ['node7 [  100.000001][ T123] Mem-Info:', 100_000_001],
    ['node7 [  100.000001] [    C1] Mem-Info:', 100_000_001],
    ['node7 | [  100.000001] Mem-Info:', 100_000_001],
  ])('the kernel’s own marks behind it: %s', (line, uptimeUs) => {
    const [one] = read(line)
    expect([one?.message, one?.moment.uptimeUs]).toEqual(['Mem-Info:', uptimeUs])
  })

  it('behind a stamp, a name may look like a host and its text: the line as it stands has the front', () => {
    const taken = { message: 'usb 1-1', raw: 'node7 | usb 1-1', host: 'node7', moment: { ...record('').moment, wall: outer } }
    const [, one] = read('node7 | Mem-Info:', { ...taken, message: '| usb 1-1' })
    expect([one?.message, one?.host, one?.moment.wall]).toEqual(['usb 1-1', 'node7', null])
    const [, two] = read('node7 | Mem-Info:', { ...taken, message: '| usb 1-1', lineCount: 2 })
    expect(two?.message).toBe('| usb 1-1')
  })
})

describe('a name before a colon is a machine’s, unless it counts lines', () => {
  const line = (name: string, clock: string): string => `${name}: [  ${clock}] Mem-Info:`
  const hosts = (...lines: readonly string[]): (string | null)[] => read(...lines).map(({ host }) => host)
  it.each<[string, readonly [string, string][], boolean]>([
    ['one line', [['n5', '100.000001']], true],
    [
      'one machine',
      [
        ['n5', '100.000001'],
        ['n5', '100.000002'],
        ['n5', '100.000003'],
        ['n5', '100.000004'],
        ['n6', '100.000005'],
      ],
      true,
    ],
    [
      'two machines',
      [
        ['n5', '100.000001'],
        ['n6', '100.000002'],
        ['n5', '100.000003'],
        ['n6', '100.000004'],
      ],
      true,
    ],
    [
      'machines in order, each by its clock',
      [
        ['n5', '100.000001'],
        ['n6', '102.000002'],
        ['n7', '104.000003'],
        ['n8', '106.000004'],
      ],
      true,
    ],
    [
      'machines in order, a clock that falls',
      [
        ['n5', '100.000001'],
        ['n6', '100.000002'],
        ['n7', '100.000003'],
        ['n8', '100.000001'],
      ],
      true,
    ],
    [
      'another stem',
      [
        ['n5', '100.000001'],
        ['m6', '100.000002'],
        ['n7', '100.000003'],
        ['m8', '100.000004'],
      ],
      true,
    ],
    [
      'no number',
      [
        ['cp-eu', '100.000001'],
        ['cp-us', '100.000001'],
      ],
      true,
    ],
    [
      'three of a count',
      [
        ['L118', '100.000001'],
        ['L119', '100.000001'],
        ['L120', '100.000002'],
      ],
      true,
    ],
    [
      'four of a count',
      [
        ['L118', '100.000001'],
        ['L119', '100.000001'],
        ['L120', '100.000002'],
        ['L121', '101.000002'],
      ],
      false,
    ],
    [
      'a count from nine on',
      [
        ['node9', '100.000001'],
        ['node10', '100.000001'],
        ['node11', '100.000002'],
        ['node12', '100.000002'],
        ['node13', '100.000002'],
      ],
      false,
    ],
  ])('%s', (_, lines, areHosts) => {
    expect(hosts(...lines.map(([name, clock]) => line(name, clock)))).toEqual(lines.map(([name]) => (areHosts ? name : null)))
  })

  it('counts each line once', () => {
    const { fronts } = pushed(...['L118', 'L119', 'L120', 'L121', 'L122'].map((name) => line(name, '100.000001')))
    expect(fronts.count).toBe(5)
  })
})
