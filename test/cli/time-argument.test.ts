import { expect, test } from 'vitest'
import { timeArgument } from '../../src/cli/time-argument.ts'
import { offsetOf, resolved } from '../../src/report/counted-times.ts'

const last = Date.parse('2026-03-29T10:30:00Z')

async function at(value: string, timezone: string | null = null): Promise<string | null> {
  const offset = await offsetOf(timezone)
  const { ms } = resolved({ name: 'since', value, argument: timeArgument('since', value, offset) }, timezone, offset, last)
  return ms === null ? null : new Date(ms).toISOString()
}

test.each<[string, string | undefined, string]>([
  ['2026-03-01T12:00:00Z', undefined, '2026-03-01T12:00:00.000Z'],
  ['2026-03-01 12:00+02:00', undefined, '2026-03-01T10:00:00.000Z'],
  ['2026-03-01', undefined, '2026-03-01T00:00:00.000Z'],
  ['2026-03-01', 'Asia/Tokyo', '2026-02-28T15:00:00.000Z'],
  ['2026-03-01 12:00', '-05:00', '2026-03-01T17:00:00.000Z'],
  ['90m', undefined, '2026-03-29T09:00:00.000Z'],
  ['1h', 'Asia/Tokyo', '2026-03-29T09:30:00.000Z'],
  ['1.5h', undefined, '2026-03-29T09:00:00.000Z'],
  ['2 days ago', undefined, '2026-03-27T10:30:00.000Z'],
  ['1 week', undefined, '2026-03-22T10:30:00.000Z'],
  ['30min', undefined, '2026-03-29T10:00:00.000Z'],
  ['today', undefined, '2026-03-29T00:00:00.000Z'],
  ['Yesterday', undefined, '2026-03-28T00:00:00.000Z'],
  ['yesterday', '+14:00', '2026-03-28T10:00:00.000Z'],
  // The clocks of Berlin went forward that night: the day began at +01:00, and the one before it too.
  ['today', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['yesterday', 'Europe/Berlin', '2026-03-27T23:00:00.000Z'],
])('%s in %s', async (value, timezone, expected) => {
  expect(await at(value, timezone)).toBe(expected)
})

test.each(['', 'now', '1', '1 fortnight', '--1h', '2026-02-31', '2026-13-01', '12:00', '2026-03-01 12:00', '10 o’clock'])(
  'refused: %s',
  async (value) => {
    await expect(at(value)).rejects.toThrow(/^--since /)
  },
)

test('what was counted back is said, and from what', async () => {
  const of = (value: string, from: number | null) =>
    resolved({ name: 'since', value, argument: timeArgument('since', value, null) }, null, null, from)
  expect(of('1h', last).note).toBe(
    '--since 1h is 2026-03-29 09:30:00 UTC: counted back from the last stamp of the evidence, 2026-03-29 10:30:00 UTC',
  )
  expect(of('today', last).note).toMatch(/, days in UTC$/)
  expect(of('2026-03-01', last).note).toBeNull()
  expect(of('1h', null)).toMatchObject({ ms: null, note: expect.stringContaining('was not applied') })
})
