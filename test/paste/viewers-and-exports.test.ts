import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const path = '/kubepods/burstable/podf2b6c1de-0a1b-4c2d-9e3f-0123456789ab/0a1b2c3d'
const summary = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=0a1b2c3d,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=indexer,pid=7712,uid=0`
const kill =
  'Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:0 pgtables:1300kB oom_score_adj:984'
const report = [
  'indexer invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
  'memory: usage 524288kB, limit 524288kB, failcnt 9',
  summary,
  kill,
]
const up = (at: number): string => `[ 8123.10000${at}]`
const stamp = (at: number): string => `2026-11-24T07:04:29.12${at}Z`
const ms = (at: number): number => Date.parse(stamp(at))

const expectsOne = async (text: string, more: object = {}, host: string | null = null): Promise<void> => {
  const { incidents } = await readPaste(text)
  expect(incidents).toHaveLength(1)
  expect(incidents[0]).toMatchObject({ host })
  expect(incidents[0]?.kills).toMatchObject([{ victim: { pid: 7712, comm: 'indexer', memcg: path, anonRssBytes: 512044 * 1024 }, ...more }])
}

describe('fronts', () => {
  test('more blanks than one between the tag and the kernel’s stamp (Papertrail)', () =>
    expectsOne(report.map((line, at) => `Nov 24 07:04:29 n7 kernel:  ${up(at)} ${line}`).join('\n'), { uptimeSeconds: 8123.100003 }, 'n7'))

  test('BusyBox klogd with glibc tells the kernel’s lines as a user’s', () =>
    expectsOne(report.map((line, at) => `Nov 24 07:04:29 imx6 user.warn kernel: ${up(at)} ${line}`).join('\n'), {}, 'imx6'))

  test('`logger -t kernel` does not', async () => {
    const { incidents, findings } = await readPaste(`Nov 24 07:04:29 imx6 user.notice kernel: ${kill}\n`)
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['oom-killer-lines-by-program'])
  })

  test('a switch’s message of the kernel (NX-OS)', () =>
    expectsOne(
      report.map((line, at) => `2026 Nov 24 07:04:29.12${at} leaf-11 %KERN-3-SYSTEM_MSG: ${up(at)} ${line} - kernel`).join('\n'),
      {},
      'leaf-11',
    ))

  test('`dmesg | ts`: the kernel’s clock behind another is no host', () =>
    expectsOne([summary, kill].map((line, at) => `Nov 24 07:04:29 ${up(at)} ${line}`).join('\n'), { uptimeSeconds: 8123.100001 }))

  test('`dmesg | ts`, early after the boot', () =>
    expectsOne([summary, kill].map((line, at) => `Nov 24 07:04:29 [   12.10000${at}] ${line}`).join('\n')))
})

describe('exports', () => {
  const at = { time: expect.stringMatching(/^2026-11-24T07:04:29/) as string }

  test('New Relic: lists of entries in a list', () =>
    expectsOne(
      JSON.stringify({ results: [{ events: report.map((message, i) => ({ timestamp: ms(i), message, hostname: 'n7' })) }] }, null, 1),
      at,
      'n7',
    ))

  test('OpenTelemetry', () => {
    const logRecords = report.map((stringValue, i) => ({ timeUnixNano: `${ms(i)}000000`, body: { stringValue } }))
    return expectsOne(JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] }))
  })

  test('an entry with a message and events of its own is one', async () => {
    const entry = { timestamp: ms(3), message: kill, events: [{ name: 'seen' }] }
    const { incidents } = await readPaste(JSON.stringify({ results: [entry] }))
    expect(incidents[0]?.kills).toMatchObject([{ ...at, victim: { pid: 7712 } }])
  })

  test.each([
    ['LogScale', (line: string, i: number) => ({ '@timestamp': ms(i), '@rawstring': line, host: 'n7' })],
    ['Mezmo', (line: string, i: number) => ({ _ts: ms(i), _host: 'n7', _app: 'kern.log', _line: line })],
    [
      'Oracle Cloud',
      (line: string, i: number) => ({ datetime: ms(i), hostname: 'n7', logContent: { data: { msg: line }, time: stamp(i) } }),
    ],
  ])('%s', (_, entry) => expectsOne(report.map((line, i) => JSON.stringify(entry(line, i))).join('\n'), at, 'n7'))

  test('Sumo Logic', () => {
    const rows = report.map((line, i) => `"${ms(i)}","n7","kernel: ${line}"`)
    return expectsOne(['"_messagetimems","_sourcehost","_raw"', ...rows].join('\n'), at, 'n7')
  })

  test('Google’s entries in YAML, quoted, folded, in a block and plain', async () => {
    const folded = kill.replace(' file-rss', '\n    file-rss')
    const forms = [`'${report[0]}'`, JSON.stringify(report[1]), `|-\n    ${summary}`, `'${folded}'`]
    const text = forms
      .map(
        (form, i) =>
          `---\ninsertId: a${i}\njsonPayload:\n  MESSAGE: ${form}\n  SYSLOG_IDENTIFIER: kernel\n  _HOSTNAME: n7\n  _TRANSPORT: kernel\nlogName: projects/p/logs/kernel\ntimestamp: '${stamp(i)}'`,
      )
      .join('\n')
    await expectsOne(text, at, 'n7')
  })

  test('Google’s entries in YAML, the text alone', () =>
    expectsOne(
      report
        .map(
          (line, i) => `insertId: a${i}\nlogName: projects/p/logs/serial\ntextPayload: '${up(i)} ${line}'\ntimestamp: '${stamp(i)}'\n---`,
        )
        .join('\n'),
      {
        uptimeSeconds: 8123.100003,
      },
    ))
})
