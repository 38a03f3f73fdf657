import { expect, test } from 'vitest'
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
