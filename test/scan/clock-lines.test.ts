import { describe, expect, it } from 'vitest'
import { clockAmong } from '../../src/scan/text/clock-lines.ts'

const source = { name: 'all.txt', path: 'all.txt', modifiedMs: null }
const up = ' 06:59:34 up 1 day,  2:03,  1 user,  load average: 0.01, 0.02, 0.00'
const read = (...lines: string[]) => {
  const [found] = clockAmong(source, lines)
  return found?.kind === 'clock' ? [found.capturedUs?.value ?? null, found.uptimeSeconds?.quote?.line ?? null] : null
}
const utc = Date.UTC(2026, 10, 24, 6, 59, 34) * 1000

describe('date and uptime among the lines of a log', () => {
  it.each<[string, string[], (number | null)[] | null]>([
    ['one after the other', ['Tue Nov 24 06:59:34 UTC 2026', up, '[ 1.000000] x'], [utc, 2]],
    ['between prompts', ['$ date', 'Tue Nov 24 06:59:34 UTC 2026', '$ uptime', up], [utc, 4]],
    ['another zone: the same minute of a quarter', ['Tue Nov 24 12:29:34 +0530 2026', up], [utc, 2]],
    [
      'the last of a loop',
      ['Mon Nov 23 01:00:00 UTC 2026', up.replace('06:59:34', '01:00:00'), '', 'Tue Nov 24 06:59:34 UTC 2026', up],
      [utc, 5],
    ],
    ['another time of day is another clock', ['Tue Nov 24 06:40:00 UTC 2026', up], null],
    ['far apart', ['Tue Nov 24 06:59:34 UTC 2026', ...Array.from({ length: 20 }, () => 'x'), up], null],
    ['a date alone', ['Tue Nov 24 06:59:34 UTC 2026', '[ 1.000000] x'], null],
    ['an uptime alone', [up], null],
  ])('%s', (_, lines, expected) => expect(read(...lines)).toEqual(expected))
})
