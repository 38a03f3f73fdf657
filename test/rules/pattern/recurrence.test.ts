import { describe, expect, test } from 'vitest'
import type { Death } from '../../../src/model/incident.ts'
import { evenly, grows, type Recurrence, recurrenceSaid } from '../../../src/rules/pattern/recurrence.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { instantAt } from '../make-incident.ts'

const MIB = 2 ** 20
const death = (seconds: number, bytes: number | null = 5): Death => ({ at: instantAt(seconds), startedUs: null, bytes, evidence: [] })
/** Deaths an hour from each other, so that their sizes are those of lives one after another. */
const hourly = (...mib: readonly number[]) => ({
  deaths: mib.map((size, n) => death(n * 3600, size * MIB)),
  sizes: mib.map((size) => size * MIB),
})
const said = (more: Partial<Recurrence>): string =>
  plainPhrase(
    recurrenceSaid({ deaths: [death(0), death(3600)], areBeside: false, gaps: [null], every: null, lives: [], sizes: [], ...more }),
  )

test.each([
  [[100, 102], true],
  [[100, 101.9], false],
  [[100, 102, 104], false],
  [[100, 102, 105], true],
  [[100], false],
  [[], false],
] as const)('%j grows: %s', (sizes, is) => expect(grows(sizes)).toBe(is))

test.each([
  [[85, 115], 100],
  [[84, 116], null],
  [[100, 100, 100, 160], null],
  [[42], 42],
  [[0.5], 0.5],
  [[0, 0], null],
  [[], null],
] as const)('the mean of %j is %s', (values, mean) => expect(evenly(values)).toBe(mean))

describe('how often', () => {
  test.each([
    ['nothing known of it', {}, ''],
    ['one gap', { gaps: [100], every: 100 }, ', 1 min 40 s apart'],
    ['one gap of less than half a second', { gaps: [0.4], every: 0.4 }, ', within one second'],
    ['one gap of half a second', { gaps: [0.5], every: 0.5 }, ', 1 s apart'],
    ['like gaps', { gaps: [100, 102], every: 101 }, ', every 1 min 41 s'],
    ['other gaps', { gaps: [20, 50, 30], every: null }, ', 20 s to 50 s apart'],
    ['all within half a second', { gaps: [0.1, 0.4], every: null }, ', within one second'],
    ['not quite', { gaps: [0.1, 0.5], every: null }, ', 0 s to 1 s apart'],
    ['one of two known', { gaps: [null, 50], every: null }, ', 50 s apart'],
    ['hours without seconds', { gaps: [3629], every: 3629 }, ', 1 h apart'],
    ['an hour and a minute', { gaps: [3631], every: 3631 }, ', 1 h 1 min apart'],
    ['less than an hour with them', { gaps: [500.4], every: 500.4 }, ', 8 min 20 s apart'],
  ] as const)('%s', (_, more, words) => expect(said(more)).toBe(` It recurs: 2 times${words}.`))
  test('of one death nothing', () => expect(plainPhrase(recurrenceSaid(null))).toBe(''))
})

test.each([
  [[], ''],
  [[60], '; the one run whose start is known lasted 1 min'],
  [[90, 110], '; each run lived for about 1 min 40 s'],
  [[20, 50, 30], '; its runs lived for 20 s to 50 s'],
  // The same once rounded, though far from each other in parts of a second.
  [[0.6, 1.4], '; each run lived for about 1 s'],
  [[0.6, 1.6], '; its runs lived for 1 s to 2 s'],
] as const)('runs of %j s', (lives, words) => expect(said({ lives })).toBe(` It recurs: 2 times${words}.`))

describe('what it held', () => {
  const of = (...mib: readonly number[]) => said(hourly(...mib)).replace(/^ It recurs: \d times/, '')
  test.each([
    [[100, 150], '; it held 100 MiB and 150 MiB, more each time.'],
    [[100, 150, 200, 250], '; it held 100 MiB, 150 MiB, 200 MiB and 250 MiB, more each time.'],
    [[100, 150, 200, 250, 300], '; it held 100 MiB at first and 300 MiB at last, more each time.'],
    [[100, 105, 100], '; it held about 100 MiB each time.'],
    [[100, 106, 100], '; it held 100 MiB at first and 100 MiB at last.'],
    [[200, 100], '; it held 200 MiB at first and 100 MiB at last.'],
    [[100], '.'],
  ] as const)('%j MiB', (mib, words) => expect(of(...mib)).toBe(words))
  test('nothing, where one size is not known', () =>
    expect(said({ ...hourly(100, 150, 200), sizes: [100 * MIB, 150 * MIB] })).toBe(' It recurs: 3 times.'))
  test('no growth among what died at once', () => {
    const deaths = [death(0, 100 * MIB), death(59, 200 * MIB)]
    expect(said({ deaths, sizes: [100 * MIB, 200 * MIB] })).toContain('100 MiB at first and 200 MiB at last')
    expect(said({ deaths: [death(0, 100 * MIB), death(60, 200 * MIB)], sizes: [100 * MIB, 200 * MIB] })).toContain('more each time')
  })
})
