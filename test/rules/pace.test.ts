import { describe, expect, it } from 'vitest'
import { reportOfFiles } from './report-of-lines.ts'

/** A unit that systemd starts again after each kill: so many seconds from kill to kill, of which it lives the last. */
const journal = (pace: number, kills: number, lives = 1) =>
  Array.from({ length: kills }, (_, n) => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 7) + (n * pace + seconds) * 1000).toISOString().replace('Z', '+0000')
    const said = (seconds: number, text: string) => `${at(seconds)} node-7 systemd[1]: ${text}`
    return [
      said(pace - lives, 'Started report.service - Nightly report.'),
      said(pace, 'report.service: A process of this unit has been killed by the OOM killer.'),
      said(pace + 0.05, "report.service: Failed with result 'oom-kill'."),
      said(pace + 0.06, `report.service: Scheduled restart job, restart counter is at ${n + 1}.`),
    ]
  }).flat()

async function causeOf(lines: readonly string[]) {
  const { incidents } = await reportOfFiles({ 'journal.txt': `${lines.join('\n')}\n` })
  expect(incidents).toHaveLength(1)
  return incidents[0]?.rootCause
}

describe('kills that follow each other at one pace', () => {
  it('of minutes may be a leak’s', async () => {
    expect(await causeOf(journal(120, 5, 110))).toMatchObject({ id: 'memory-leak', confidence: 'low' })
    expect(await causeOf(journal(90, 5, 80))).toMatchObject({ id: 'memory-leak' })
  })
  it('of seconds is the pace of whoever starts it again', async () => {
    expect((await causeOf(journal(3, 5)))?.id).not.toBe('memory-leak')
    expect((await causeOf(journal(89, 5, 80)))?.id).not.toBe('memory-leak')
  })
  it('three of them are no pace', async () => expect((await causeOf(journal(120, 3, 110)))?.id).not.toBe('memory-leak'))
  it('how long each run lived is said', async () => {
    const { incidents } = await reportOfFiles({ 'journal.txt': `${journal(120, 5, 40).join('\n')}\n` })
    expect(JSON.stringify(incidents[0])).toContain('each run lived for about 40 s')
  })
})
