import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'
import { path, report } from './report.ts'

const clock = report.map((line, at) => `[ 8123.1010${String(at).padStart(2, '0')}] ${line}`)
const syslog = report.map((line) => `Nov 24 03:14:07 n7 kernel: ${line}`)
const dated = report.map((line) => `[Tue Nov 24 03:14:07 2026] ${line}`)
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const whole = {
  memcg: { path, limitBytes: 524288 * 1024 },
  diagnosis: { limit: { id: 'container-limit', confidence: 'high' } },
  kills: [
    {
      trigger: { comm: 'kafka' },
      victim: { pid: 4021, comm: 'kafka', rank: 1, memcg: path, oomScoreAdj: 984, anonRssBytes: 517000 * 1024 },
    },
  ],
}
const reads = async (given: string, host: string | null) => {
  const { incidents, findings } = await readPaste(given)
  expect(incidents).toMatchObject([{ ...whole, host }])
  expect(findings.map(({ id }) => id).filter((id) => id === 'report-of-two' || id === 'seen-not-understood')).toEqual([])
}

describe('last line first, all stamps equal', () => {
  const turned = (front: string, lines: readonly string[]): string => text([...lines].reverse().map((line) => front + line))
  test.each([
    ['no stamp', '', report],
    ['a stamp of RFC 3339', '2026-11-24T03:14:07Z ', report],
    ['a viewer’s stamp', '2026-11-24 03:14:07 ', report],
    ['a viewer’s stamp before the clock', '2026-11-24 03:14:07 ', clock],
    ['one clock for all', '[ 8123.101000] ', report],
  ])('%s', async (_, front, lines) => await reads(turned(front, lines), null))

  test('syslog', async () => await reads(turned('', syslog), 'n7'))

  test('streams of Loki, and its table', async () => {
    const values = [...report].reverse().map((line) => ['1795490047000000000', line])
    await reads(JSON.stringify({ status: 'success', data: { resultType: 'streams', result: [{ stream: { host: 'n7' }, values }] } }), 'n7')
    await reads(`Time,Line\n${text([...report].reverse().map((line) => `2026-11-24 03:14:07,"${line.replaceAll('"', '""')}"`))}`, null)
  })

  test('two reports below prose that stands as it was', async () => {
    const other = report.map((line) => line.replaceAll('4021', '5021').replaceAll('kafka', 'mongo'))
    const { incidents } = await readPaste(`From the viewer of our logs:\n\n${turned('2026-11-24T03:14:07Z ', [...report, ...other])}`)
    const kills = incidents.flatMap((incident) => incident.kills.map(({ victim, trigger }) => [victim.comm, trigger?.comm]))
    expect(kills.sort()).toEqual([
      ['kafka', 'kafka'],
      ['mongo', 'mongo'],
    ])
  })
})

describe("a pane's border at the right of wrapped lines", () => {
  const pane = (lines: readonly string[], width: number, border: string, before = ''): string =>
    text(
      lines.flatMap((line) => (line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']).map((part) => before + part.padEnd(width) + border)),
    )
  test.each(['│', '┃', '|'])('%s', async (border) => {
    await reads(pane(clock, 100, border), null)
    await reads(pane(clock, 60, border), null)
    await reads(pane(clock, 90, border, border), null)
    await reads(pane(syslog, 100, border), 'n7')
  })

  test('a table keeps its bars', async () => {
    const rows = clock.map((line, at) => `| ${at} | ${line} |`)
    expect((await readPaste(text(rows))).incidents).toMatchObject([{ kills: [{ victim: { pid: 4021, comm: 'kafka' } }] }])
  })
})

describe('grep with lines around those that it found', () => {
  const usual = Array.from({ length: 6 }, (_, at) => `Nov 24 03:14:0${at} n7 kernel: usb 1-${at}: reset high-speed device`)
  const grep = (lines: readonly string[], name: string, isNumbered: boolean): string =>
    text(
      lines.map((line, at) => {
        const sign = /oom|kill/i.test(line) ? ':' : '-'
        return `${name === '' ? '' : name + sign}${isNumbered ? `${at + 97}${sign}` : ''}${line}`
      }),
    )
  const fronts = [
    ['syslog', [...usual, ...syslog], 'n7'],
    ["the kernel's clock", clock, null],
    ['RFC 3339', syslog.map((line) => line.replace('Nov 24 03:14:07', '2026-11-24T03:14:07.5+00:00')), 'n7'],
    ['no stamp', report, null],
  ] as const
  describe.each(fronts)('%s', (_, lines, host) => {
    test.each(['', 'messages', 'kern.log.1', '/var/log/kern.log', 'logs-2026/n7.log'])('of %j', async (name) => {
      if (name !== '' || lines !== report) await reads(grep(lines, name, true), host)
      if (name !== '') await reads(grep(lines, name, false), host)
    })
  })

  test('numbers before lines without a stamp', async () => await reads(grep(report, '', true), null))

  test('groups of two files', async () => {
    const other = syslog.map((line) => line.replaceAll('4021', '5021').replaceAll('n7', 'n8'))
    const { incidents } = await readPaste(`${grep(syslog, 'n7.log', false)}--\n${grep(other, 'n8.log', false)}`)
    expect(incidents.map(({ host, kills }) => [host, kills[0]?.victim.pid]).sort()).toEqual([
      ['n7', 4021],
      ['n8', 5021],
    ])
  })

  test('years and dashes that grep has not written stay', async () => {
    const lines = ['2025-11-24 node-1: Started', '2026-11-24 node-1: Stopped', ...clock]
    await reads(text(lines), null)
  })
})

describe('what gathers the output of several machines names them', () => {
  const quoted = (lines: readonly string[]): string => lines.map((line) => `        ${JSON.stringify(line)}`).join(',\n')
  test.each<[string, string]>([
    ['pdsh, a short name', text(clock.map((line) => `n5: ${line}`))],
    ['pdsh, dates', text(dated.map((line) => `n5: ${line}`))],
    ['dsh', text(clock.map((line) => `n5:\t${line}`))],
    ['clush, no stamps', `---------------\nn5\n---------------\n${text(report)}`],
    [
      'clush',
      `---------------\nn5\n---------------\n${text(clock)}---------------\nn6\n---------------\n[   11.000001] usb 1-1: new device\n`,
    ],
    ['ansible, no stamps', `n5 | SUCCESS | rc=0 >>\n${text(report)}`],
    ['ansible of old', `n5 | success | rc=0 >>\n${text(clock)}`],
    ['ansible, a result', `n5 | CHANGED => {\n    "changed": true,\n    "stdout_lines": [\n${quoted(clock)}\n    ]\n}\n`],
    ["ansible, a play's message", `ok: [n5] => {\n    "msg": [\n${quoted(clock)}\n    ]\n}\n`],
    ['salt, one machine', `n5:\n${text(clock.map((line) => `    ${line}`))}`],
    ['salt, two machines', `n5:\n${text(report.map((line) => `    ${line}`))}n6:\n    usb 1-1: new device\n    usb 1-2: new device\n`],
    ['parallel-ssh', `[1] 03:15:07 [SUCCESS] root@n5:22\n${text(report)}`],
    ['Bolt', `Started on n5...\nFinished on n5:\n${text(clock.map((line) => `  ${line}`))}Successful on 1 target: n5\n`],
  ])('%s', async (_, given) => await reads(given, 'n5'))

  test('an address', async () => await reads(text(clock.map((line) => `10.0.3.7: ${line}`)), '10.0.3.7'))

  test("the year of the kernel's date is no host", async () => await reads(text(dated.map((line) => `web: ${line}`)), null))
})
