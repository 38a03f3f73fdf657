import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

/** What nohang 0.2 prints for one kill (src/nohang, implement_corrective_action): one call of its log a line of this list. */
const calls = [
  'Memory status that requires corrective actions:\n  MemAvailable [31 MiB, 0.8 %] <= soft_threshold_min_mem [196 MiB, 5.0 %]',
  'TOP printed in 3ms; process with highest badness:\n  PID: 9417, name: render farm, badness: 812',
  'Victim status (found in 1ms):\n  PID:       9417, name: render farm, state: R (running), EUID: 1003, SID: 88 (sh), lifetime: 14s',
  'Implementing a corrective action:\n  Sending SIGTERM to the victim',
  'OK; total response time: 22ms',
  'The victim died in 0.124s',
]
const ofJournal = (from: readonly string[]): string =>
  from
    .flatMap((call) => call.split('\n'))
    .map((line) => `Nov 24 03:14:07 box nohang[611]: ${line}\n`)
    .join('')

test.each([
  ['whole', ofJournal(calls), 1003],
  ['its head lost', ofJournal(calls.slice(1)), 1003],
  ['from the status on', ofJournal(calls.slice(2)), 1003],
  ['no status printed', ofJournal([...calls.slice(0, 2), ...calls.slice(3)]), null],
])("nohang's journal names the victim: %s", async (_, text, uid) => {
  const { incidents } = await readPaste(text)
  expect(incidents.flatMap(({ kills }) => kills.map(({ killer, victim }) => [killer, victim.pid, victim.comm, victim.uid]))).toEqual([
    ['nohang', 9417, 'render farm', uid],
  ])
})

test.each([
  ['its own file', calls.map((call, at) => `2026-11-24 03:14:07,00${at}: ${call}\n`).join(''), '2026-11-24 03:14:07,003'],
  [
    'a viewer that stamps each line',
    calls
      .flatMap((call) => call.split('\n'))
      .map((line, at) => `2026-11-24 03:14:07,00${at}: ${line}\n`)
      .join(''),
    '2026-11-24 03:14:07,007',
  ],
])('stamps of %s are read', async (_, text, time) => {
  const [kill, ...more] = (await readPaste(text)).incidents.flatMap(({ kills }) => kills)
  expect(more).toEqual([])
  expect(kill).toMatchObject({ localTime: time, victim: { pid: 9417, comm: 'render farm' } })
})

test('a victim that was found and left alone is none', async () => {
  const { incidents } = await readPaste(
    ofJournal([...calls.slice(0, 3), 'victim (PID: 9417, Name: render farm) badness (8) < min_badness (10)']),
  )
  expect(incidents).toEqual([])
})

const stamped = (from: readonly string[], stampOf: (at: number) => string): string =>
  from
    .flatMap((call) => call.split('\n'))
    .map((line, at) => `${stampOf(at)}${line}\n`)
    .join('')
const arrows = ['>'.repeat(78), '<'.repeat(78)] as const
const victimsIn = async (text: string) =>
  (await readPaste(text)).incidents.flatMap(({ kills }) => kills.map(({ killer, victim }) => [killer, victim.pid, victim.comm]))

describe.each<[string, (at: number) => string]>([
  ['a time', (at) => `2026-11-24 03:14:07,00${at}: `],
  ['brackets', (at) => `[2026-11-24 03:14:0${at}] `],
  ['a time of day', (at) => `03:14:0${at} `],
  ["a container's name", () => 'box | '],
])('each line behind %s, cut in front', (_, stampOf) => {
  test.each([
    ['the search', 1, 9417],
    ['the status', 2, 9417],
    ['the action', 3, null],
  ])('before %s', async (__, from, pid) => {
    const [victim, ...more] = await victimsIn(stamped(calls.slice(from), stampOf))
    expect(more).toEqual([])
    expect(victim).toEqual(['nohang', pid, pid === null ? null : 'render farm'])
  })
})

test.each([
  ['', ''],
  ['03:14:07 ', '03:14:08 '],
])('a signal whose action was cut off counts where its answer stands below it: %j', async (one, two) => {
  const signal = `${one}  Sending SIGTERM to the victim\n`
  expect(await victimsIn(`${signal}${two}OK; total response time: 22ms\n`)).toEqual([['nohang', null, null]])
  const { incidents, findings } = await readPaste(signal)
  expect(incidents).toEqual([])
  expect(findings.map(({ id }) => id)).toEqual(['seen-not-understood'])
})

describe('levels are checked twice before a signal', () => {
  const [head = '', search = '', status = '', act = '', sent = '', died = ''] = calls
  const checked = [arrows[0], head, search, 'Recheck memory levels...']
  const other = search.replace('9417', '9500').replace('render farm', 'mysqld')

  test.each([
    ['its status printed', [...checked, head, status, act, sent, died, arrows[1]]],
    ['no status printed', [...checked, head, act, sent, died, arrows[1]]],
  ])('%s', async (_, action) => {
    expect(await victimsIn(ofJournal(action))).toEqual([['nohang', 9417, 'render farm']])
  })

  test('who was spared is not the next victim', async () => {
    const spared = [...checked, 'Thresholds is not exceeded now', arrows[1]]
    expect(await victimsIn(ofJournal([...spared, arrows[0], head, act, sent, died]))).toEqual([['nohang', null, null]])
    expect(await victimsIn(ofJournal([...spared, arrows[0], head, other, head, act, sent, died]))).toEqual([['nohang', 9500, 'mysqld']])
  })

  test('a search that another follows without a word names nobody', async () => {
    expect(await victimsIn(ofJournal([head, search, head, other, act, sent, died]))).toEqual([['nohang', 9500, 'mysqld']])
  })

  test('a second signal to a victim that did not go is of the same death', async () => {
    const first = [...checked, head, act, sent, "The victim doesn't respond on corrective action in 3.0s", arrows[1]]
    const second = [arrows[0], head, 'New victim is cached victim 9417 (render farm)', head, act.replace('TERM', 'KILL'), sent, died]
    expect(await victimsIn(stamped([...first, ...second], () => ''))).toEqual([['nohang', 9417, 'render farm']])
    expect(await victimsIn(stamped([...first, arrows[0], head, other, act, sent, died], () => ''))).toEqual([
      ['nohang', 9417, 'render farm'],
      ['nohang', 9500, 'mysqld'],
    ])
  })

  test('a signal that reached nobody killed nobody', async () => {
    const { incidents, findings } = await readPaste(ofJournal([...checked, head, act, 'Cannot send a signal: ProcessLookupError', died]))
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['seen-not-understood'])
  })

  test('a table of all processes may be longer than an action', async () => {
    const table = Array.from(
      { length: 400 },
      (_, at) =>
        `#${String(at + 700).padStart(7)}        1        3          3              0          0  S    100     12       0  worker-${at}`,
    )
    const [kill] = (
      await readPaste(ofJournal([head, 'Tasks state (memory values in mebibytes):', ...table, search, act, sent, died]))
    ).incidents.flatMap(({ kills }) => kills)
    expect(kill?.evidence.map(({ text }) => text).join('\n')).toContain('Memory status that requires')
  })
})
