import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const head = 'NAME                        READY   STATUS             RESTARTS      AGE\n'
const row = (status: string, restarts: string, name = 'cart-7d9c5b6f4d-x8k2p'): string =>
  `${name.padEnd(26)}  ${status === 'Running' ? '1/1' : '0/1'}     ${status.padEnd(17)}  ${restarts.padEnd(12)}  5m\n`
const consequencesIn = async (text: string) =>
  (await readPaste(text)).incidents.map(({ diagnosis: { consequence } }) => [
    consequence.id,
    consequence.evidence.map((quote) => quote.text.split(/ {2,}/).slice(2, 4).join(' ')),
  ])

describe('what came of a death in a row of a watch, the next rows tell', () => {
  test.each<[string, readonly string[], string, readonly string[]]>([
    [
      'it runs again',
      [head, row('Running', '0'), row('OOMKilled', '0'), row('Running', '1 (2s ago)')],
      'container-restarted',
      ['OOMKilled 0', 'Running 1 (2s ago)'],
    ],
    [
      'without a heading: it waits',
      [row('OOMKilled', '0'), row('CrashLoopBackOff', '1 (3s ago)')],
      'container-restarted',
      ['OOMKilled 0', 'CrashLoopBackOff 1 (3s ago)'],
    ],
    [
      'it dies again',
      [head, row('OOMKilled', '0'), row('OOMKilled', '1 (2s ago)')],
      'container-restarted',
      ['OOMKilled 0', 'OOMKilled 1 (2s ago)'],
    ],
    [
      'another pod runs',
      [head, row('OOMKilled', '0'), row('Running', '3', 'web-5f6d8c7b9-qq2zx')],
      'container-terminated',
      ['OOMKilled 0'],
    ],
    [
      'it waits for its restart',
      [head, row('OOMKilled', '1 (2s ago)'), row('CrashLoopBackOff', '1 (3s ago)')],
      'container-terminated',
      ['OOMKilled 1 (2s ago)'],
    ],
    ['it ran before', [head, row('Running', '1 (2s ago)'), row('OOMKilled', '0')], 'container-terminated', ['OOMKilled 0']],
  ])('%s', async (_, lines, consequence, quotes) => {
    expect(await consequencesIn(lines.join(''))).toEqual([[consequence, quotes]])
  })

  test('of another namespace', async () => {
    const text = `NAMESPACE   ${head}shop        ${row('OOMKilled', '0')}other       ${row('Running', '4')}`
    expect(await consequencesIn(text)).toMatchObject([['container-terminated', {}]])
  })

  test('each death of a watch has its own restarts behind it', async () => {
    const text = [
      head,
      row('OOMKilled', '0'),
      row('Running', '1 (2s ago)'),
      row('OOMKilled', '1 (9s ago)'),
      row('Running', '2 (3s ago)'),
    ].join('')
    const { incidents } = await readPaste(text)
    expect(incidents.flatMap(({ kills }) => kills)).toHaveLength(2)
    expect(incidents[0]?.diagnosis.consequence.id).toBe('container-restarted')
  })
})
