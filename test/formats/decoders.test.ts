import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectFormat, formats, unwrap } from '../../src/formats/index.ts'
import type { LogRecord } from '../../src/model/record.ts'
import { decode, decodeSample } from './decoding.ts'

const one = (text: string): LogRecord => {
  const { records } = decode(text)
  expect(records.length).toBe(1)
  return records[0] as LogRecord
}

describe('one line of each kind', () => {
  it.each<[string, string, Partial<LogRecord> & { uptimeUs?: number }]>([
    ['[  859.563319] text', 'dmesg', { message: 'text', uptimeUs: 859_563_319, writer: 'unknown' }],
    ['[ 1630.128773][T14021] text', 'dmesg', { message: 'text', caller: 'T14021' }],
    ['[ 1800.548694][    C0] text', 'dmesg', { message: 'text', caller: 'C0' }],
    ['[ 3605.341706] [   T5739] text', 'dmesg', { message: 'text', caller: 'T5739' }],
    ['[39291577.009360]  active_file:2966', 'dmesg', { message: ' active_file:2966', uptimeUs: 39_291_577_009_360 }],
    ['[  282.335917] [ 1.0] Out of invoked oom-killer: x', 'dmesg', { message: '[ 1.0] Out of invoked oom-killer: x' }],
    ['<4>[   12.345678] text', 'dmesg-raw', { message: 'text', writer: 'kernel', severity: 4 }],
    ['<12>[   12.345678] text', 'dmesg-raw', { message: 'text', writer: 'userspace', severity: 4 }],
    ['<4>[63651.040008s][pid:2912,cpu3,sh]text', 'dmesg-raw', { message: 'text', caller: 'T2912', uptimeUs: 63_651_040_008 }],
    ['<6>[   12.345678] I[0:      swapper/0:    0] text', 'dmesg-raw', { message: 'text', caller: 'C0' }],
    ['[   12.345678]  [1:  kworker/1:2:  345] text', 'dmesg', { message: 'text', caller: 'T345' }],
    ['[   12.345678] (2)[1234:comm]text', 'dmesg', { message: 'text', caller: 'T1234' }],
    ['[   12.345678] -(0)[1234:comm]text', 'dmesg', { message: 'text', caller: 'T1234' }],
    ['kern  :warn  : [  271.751846] text', 'dmesg-decode', { message: 'text', writer: 'kernel', severity: 4, uptimeUs: 271_751_846 }],
    ['user  :notice: [  271.751846] text', 'dmesg-decode', { message: 'text', writer: 'userspace' }],
    ['[<    0.000004>] text', 'dmesg-delta', { message: 'text' }],
    ['4,3320,271751846,-;evil\\x0aOut of me', 'kmsg', { message: 'evil\nOut of me', writer: 'kernel', lineCount: 1 }],
    ['12,3320,271751846,-,caller=T5;text', 'kmsg', { message: 'text', writer: 'userspace', caller: 'T5' }],
    ['Jul 15 23:44:32 host kernel: text', 'syslog-rfc3164', { message: 'text', identifier: 'kernel', host: 'host', writer: 'unknown' }],
    ['Jul 15 23:44:32 host kernel: [ 8085.099452] text', 'syslog-rfc3164', { message: 'text', uptimeUs: 8_085_099_452 }],
    ['Jul 15 23:44:32 host kernel:[ 8085.099452] text', 'syslog-rfc3164', { message: 'text', identifier: 'kernel' }],
    ['Jul 15 23:44:32 host kernel: <4>[ 8085.099452] text', 'syslog-rfc3164', { message: 'text', severity: 4, writer: 'kernel' }],
    [
      'Jul 15 23:44:32 host kern.warn kernel: [ 8085.099452] text',
      'syslog-rfc3164',
      { message: 'text', writer: 'kernel', severity: 4, uptimeUs: 8_085_099_452 },
    ],
    [
      'Jul 15 23:44:32 host user.notice root: [ 8085.099452] text',
      'syslog-rfc3164',
      { message: '[ 8085.099452] text', writer: 'userspace', identifier: 'root' },
    ],
    ['<4>Jul 15 23:44:32 host kernel: text', 'syslog-rfc3164', { message: 'text', writer: 'kernel', severity: 4 }],
    ['<13>Jul 15 23:44:32 host kernel: text', 'syslog-rfc3164', { message: 'text', writer: 'userspace' }],
    ['Jul 15 23:44:32 kernel: text', 'syslog-rfc3164', { message: 'text', identifier: 'kernel', host: null }],
    ['Jul 15 23:44:32 host unknown: text', 'syslog-rfc3164', { message: 'text', writer: 'userspace' }],
    [
      'Jul 15 23:44:32 host last message repeated 3 times',
      'syslog-rfc3164',
      { message: 'last message repeated 3 times', identifier: null },
    ],
    ['Jul 15 23:44:32 host my app[12]: text', 'syslog-rfc3164', { message: 'text', identifier: 'my app', pid: 12, writer: 'userspace' }],
    [
      'Jul 15 23:44:32 host kernel: isolated_anon:0#012 active_file:2966',
      'syslog-rfc3164',
      { message: 'isolated_anon:0\n active_file:2966', lineCount: 1 },
    ],
    ['Jul 15 23:44:32 host app[1]: [ 8085.099452] Out of memory', 'syslog-rfc3164', { message: '[ 8085.099452] Out of memory' }],
    ['2026-05-01T10:00:00.123456+02:00 host kernel: [   12.345678] text', 'syslog-rfc3339', { message: 'text', uptimeUs: 12_345_678 }],
    ['<4>1 2026-05-01T10:00:00Z host kernel - - - text', 'syslog-rfc5424', { message: 'text', writer: 'kernel', identifier: 'kernel' }],
    ['1795506873.592495 worker-1 kernel: text', 'journal-short-unix', { message: 'text', host: 'worker-1' }],
    [
      '1720128512 dev208 [42201.484624] python3 invoked oom-killer: x',
      'journal-short-unix',
      { message: 'python3 invoked oom-killer: x', host: 'dev208', uptimeUs: 42_201_484_624 },
    ],
    [
      '2023-12-04T10:49:30.127Z In(05) vcpu-5 - Guest: <6>[39291577.009360] text',
      'hypervisor',
      { message: 'text', uptimeUs: 39_291_577_009_360, severity: 6 },
    ],
    [
      '- {"dt": "2026-11-24T07:54:25.894081", "lvl": "target", "msg": "[   80.882081] a \\"b\\" \\x41\\ec"}',
      'lava',
      { message: 'a "b" A\u001bc', uptimeUs: 80_882_081 },
    ],
    [
      '172.20.0.2: user: warning: [2026-01-12T20:27:31.9Z]: text',
      'talos',
      { message: 'text', host: '172.20.0.2', writer: 'userspace', severity: 4 },
    ],
    ['04-21 01:02:03.456     0     0 W         : text', 'logcat', { message: 'text', writer: 'kernel', severity: 4 }],
    [
      '04-21 01:02:03.456   712   712 I lmkd    : Kill x',
      'logcat',
      { message: 'Kill x', writer: 'userspace', identifier: 'lmkd', pid: 712 },
    ],
    [
      'I0114 18:02:17.686538    3044 kubelet.go:661] text',
      'klog',
      { message: 'text', severity: 6, pid: 3044, fields: { caller: 'kubelet.go:661' } },
    ],
  ])('%s', (text, id, wanted) => {
    expect(detectFormat([text]).id).toBe(id)
    const { uptimeUs, ...rest } = wanted
    const record = one(text)
    expect(record).toMatchObject({ ...rest, raw: text })
    if (uptimeUs !== undefined) expect(record.moment.uptimeUs).toBe(uptimeUs)
  })
})

describe('one wrapping inside another', () => {
  it('takes klog out of syslog: the inner clock is the better one', () => {
    const { moment, ...record } = one('Nov 24 02:03:34 node kubelet[3044]: I1124 02:03:34.686538    3044 kubelet.go:661] "Killing"')
    expect(record).toMatchObject({ message: '"Killing"', identifier: 'kubelet', pid: 3044, host: 'node' })
    expect(moment.wall).toMatchObject({ precisionUs: 1, clock: 'emitted', text: 'I1124 02:03:34.686538' })
    expect(moment.outerWall).toMatchObject({ precisionUs: 1_000_000, clock: 'received', text: 'Nov 24 02:03:34' })
  })

  it('takes logrus out of syslog', () => {
    const text =
      'Nov 24 02:03:34 node containerd[5]: time="2026-11-24T08:36:54.610407994+01:00" level=info msg="TaskOOM event \\"x\\"" id=7'
    expect(one(text)).toMatchObject({ message: 'TaskOOM event "x"', fields: { id: '7' }, identifier: 'containerd', severity: 6 })
  })

  it("takes syslog with a kernel stamp out of docker's JSON, three deep", () => {
    const line = JSON.stringify({
      log: '2026-11-24T02:03:34.1Z stderr F Nov 24 02:03:34 node kernel: [   12.345678] text\n',
      stream: 'stderr',
      time: '2026-11-24T02:03:35.1Z',
    })
    const { moment, ...record } = one(line)
    expect(record).toMatchObject({ message: 'text', identifier: 'kernel', host: 'node', raw: line })
    expect(moment.uptimeUs).toBe(12_345_678)
  })

  it('does not take a number in brackets for the kernel stamp when a program speaks', () => {
    expect(
      one(
        '{"MESSAGE":"[ 1234.567890] Out of memory","_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"app","__REALTIME_TIMESTAMP":"1795506873590056"}',
      ).message,
    ).toBe('[ 1234.567890] Out of memory')
  })
})

describe('the journal', () => {
  const entry = (fields: Record<string, unknown>): LogRecord =>
    one(JSON.stringify({ __REALTIME_TIMESTAMP: '1795506873590056', __MONOTONIC_TIMESTAMP: '271811447', ...fields }))

  it.each([
    ['kernel', { _TRANSPORT: 'kernel', SYSLOG_FACILITY: '0', SYSLOG_IDENTIFIER: 'kernel' }],
    ['kernel', { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel' }],
    ['userspace', { _TRANSPORT: 'kernel', SYSLOG_FACILITY: '1' }],
    ['userspace', { _TRANSPORT: 'kernel', SYSLOG_FACILITY: '3', SYSLOG_IDENTIFIER: 'systemd' }],
    ['userspace', { _TRANSPORT: 'syslog', SYSLOG_FACILITY: '1', SYSLOG_IDENTIFIER: 'kernel' }],
    ['unknown', { SYSLOG_IDENTIFIER: 'kernel' }],
  ])('%s wrote %o', (writer, fields) => {
    expect(entry({ MESSAGE: 'x', ...fields }).writer).toBe(writer)
  })

  it("reads MESSAGE as bytes; broken UTF-8 becomes U+FFFD, control characters stay; the kernel's clock is its own", () => {
    const record = entry({
      MESSAGE: [120, 27, 91, 255, 10, 9],
      _TRANSPORT: 'kernel',
      SYSLOG_FACILITY: '0',
      _SOURCE_MONOTONIC_TIMESTAMP: '271751846',
      __CURSOR: 's=1',
      _BOOT_ID: '41ab208ddeba4d01a1a0a1f9c86bdfe0',
    })
    expect(record.message).toBe('x\x1b[\ufffd\n\t')
    expect(record.moment).toMatchObject({ uptimeUs: 271_751_846, wall: { epochUs: 1_795_506_873_590_056, clock: 'received' } })
    expect(record.origin.cursor).toBe('s=1')
    expect(record.bootId).toBe('41ab208ddeba4d01a1a0a1f9c86bdfe0')
  })

  it("takes a program's own clock, and survives null and repeated fields", () => {
    expect(entry({ MESSAGE: 'x', _TRANSPORT: 'journal', _SOURCE_REALTIME_TIMESTAMP: '1795506873000001' }).moment.wall).toMatchObject({
      epochUs: 1_795_506_873_000_001,
      clock: 'emitted',
    })
    expect(entry({ MESSAGE: null, _TRANSPORT: 'kernel' }).message).toBe('')
    expect(entry({ MESSAGE: ['one', 'two'], _PID: '7' })).toMatchObject({ message: 'one', pid: 7 })
  })
})

describe('records of several lines', () => {
  it.each([
    ['dmesg/name-with-newline.txt', 2],
    ['journal-verbose/name-with-newline.txt', 2],
    ['journal-export/name-with-newline.export', 2],
    ['syslog-rfc3164/journalctl-no-hostname-name-with-newline.txt', 2],
  ])('%s: the name with its line break is in one record', (name, lineCount) => {
    const { records } = decodeSample(name)
    const kill = records.find(({ message }) => message.includes('Killed process'))
    expect(kill).toMatchObject({ message: expect.stringContaining('(evil\nOut of me)'), lineCount })
  })

  it('strips exactly the indent of the tool', () => {
    const text =
      '[  271.759260] Memory cgroup stats for /x:\n               anon 1\n                two blanks\n               \n[  271.765794] Tasks state'
    expect(decode(text).records.map(({ message }) => message)).toEqual([
      'Memory cgroup stats for /x:\nanon 1\n two blanks\n',
      'Tasks state',
    ])
  })

  it('old dmesg prints the later lines as they are', () => {
    const text = '[  271.759260] active_anon:1 inactive_anon:2\n active_file:3 inactive_file:4\n free:5 free_pcp:6\n[  271.765794] Node 0'
    expect(decode(text).records[0]).toMatchObject({
      message: 'active_anon:1 inactive_anon:2\n active_file:3 inactive_file:4\n free:5 free_pcp:6',
      lineCount: 3,
    })
  })

  it('joins the parts of a CRI line, each stream apart', () => {
    const text = ['stderr P one ', 'stdout F other', 'stderr F two'].map((rest) => `2024-01-31T12:00:00.123456789Z ${rest}`).join('\n')
    expect(decode(text).records.map(({ message, lineCount }) => [message, lineCount])).toEqual([
      ['other', 1],
      ['one two', 2],
    ])
  })

  it("joins klog's values of several lines", () => {
    const record = decodeSample('klog/kubelet.log').records.find(({ message }) => message.includes('err=<'))
    expect(record).toMatchObject({ message: '"Failed" err=<\n\tfirst line\n\tsecond line\n > pod="shop/cart"', lineCount: 4 })
  })

  it('joins fragments of /dev/kmsg, and keeps the dictionary', () => {
    const text = '4,10,5,c;one \n4,11,5,+;two\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A03:00\n4,12,6,-;three'
    expect(decode(text).records).toMatchObject([
      { message: 'one two', fields: { SUBSYSTEM: 'acpi', DEVICE: '+acpi:PNP0A03:00' }, lineCount: 4 },
      { message: 'three' },
    ])
  })
})

describe('mixed files', () => {
  it('knows a file by its first lines when another kind follows', () => {
    const first = Array.from({ length: 10 }, (_, n) => `[   1${n}.000000] a`)
    const second = Array.from({ length: 54 }, (_, n) => `Nov 24 02:03:${String(n).padStart(2, '0')} host kernel: b`)
    expect(detectFormat([...first, ...second]).id).toBe('dmesg')
  })

  it('passes over banners, headers and a cut first line', () => {
    expect(
      detectFormat([
        'off the line',
        '-- Logs begin at Mon 2026-01-01 00:00:00 UTC, end at x --',
        'Nov 24 02:03:34 host kernel: a',
        'Nov 24 02:03:35 host kernel: b',
      ]).id,
    ).toBe('syslog-rfc3164')
  })

  it('a single stamped line does not turn a file over to the wrapping that takes any stamped line', () => {
    const format = detectFormat(['2026-11-24T02:54:33Z some program'])
    expect(format.id).toBe('stamped-text')
    expect(format.sniff(['2026-11-24T02:54:33Z some program'])).toBe('weak')
    expect(decode('2026-11-24T02:54:33Z worker-1 kernel: text', format).misses.length).toBe(1)
  })

  it("passes over a hypervisor's own lines", () => {
    const own = '2023-12-04T10:49:30.127Z In(05) vmx - Guest: toolbox: Tools daemon started'
    const guest = '2023-12-04T10:49:30.127Z In(05) vcpu-5 - Guest: <6>[39291577.009360] text'
    expect(decode([own, guest, own, guest].join('\n'))).toMatchObject({ misses: [], records: [{ message: 'text' }, { message: 'text' }] })
  })

  it('gives the same object for the same damage', () => {
    const head = ['> [   12.345678] a', '> [   12.345679] b']
    expect(detectFormat(head)).toBe(detectFormat([...head]))
  })
})

describe('properties', () => {
  const anyLine = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '[',
      '<4>',
      '{',
      '{"MESSAGE":',
      '[{"a":1}',
      '2026-11-24T02:54:33',
      'Nov 24 02:03:34 ',
      '4,1,2,-;',
      ' ',
      '\t',
      'MESSAGE',
      'a,b,message',
      '"',
      '==> x <==',
      '> ',
      '\x1b[0m',
      '\ufeff',
      '\0',
      '1:',
      '=3D',
      'data: {}',
      '__CURSOR=s=1',
    ),
  )
  it('no format throws on anything, and records stand on their lines', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), fc.nat(formats.length - 1), (parts, index) => {
        const text = parts.join('\n')
        for (const format of [formats[index], detectFormat(text.split('\n'))]) {
          const { records, lines } = decode(text, format)
          for (const { origin, lineCount } of records) expect((origin.line as number) + lineCount - 1).toBeLessThanOrEqual(lines.length)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('unwrap ends, and keeps origin and raw', () => {
    const base = one('[  859.563319] text')
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(anyLine, fc.constantFrom('time="2026-11-24T08:36:54Z" level=info msg="', 'I0114 18:02:17.686538 3044 a.go:1] ')),
          { maxLength: 6 },
        ),
        (parts) => {
          const record = { ...base, moment: { wall: null, outerWall: null, uptimeUs: null }, message: parts.join('') }
          expect(unwrap(record)).toMatchObject({ origin: { ...base.origin, cursor: expect.toSatisfy(() => true) }, raw: base.raw })
        },
      ),
    )
  })
})
