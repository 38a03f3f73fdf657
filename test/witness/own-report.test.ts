import { describe, expect, it } from 'vitest'
import { analyzeEvidence } from '../../src/analyze.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { renderReport } from '../../src/render/index.ts'
import { ownSpans } from '../../src/witness/own-report.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const options = { timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames: [] }
const reportOf = async (text: string): Promise<PhrasedReport> => analyzeEvidence(await evidenceOf({ 'input.txt': text }), options)
const pidsOf = ({ incidents }: PhrasedReport): (number | null)[] => incidents.flatMap((i) => i.kills.map((k) => k.victim.pid)).sort()
const log = (pid: number): string => dmesg(killLines(100 + pid, pid))

const outputs = ['md', 'html', 'json', 'ndjson', 'csv', 'text', 'jira', 'ticket', 'postmortem'] as const

describe('reports of this program among its inputs', () => {
  it.each(outputs)('%s: set aside, counted and said; what stands around it is read', async (output) => {
    const written = await renderReport(await reportOf(`${log(31)}${log(32)}`), output)
    const alone = await reportOf(written)
    expect(pidsOf(alone)).toEqual([])
    expect(alone.findings.map(({ id }) => id)).toEqual(['own-report'])
    const ticket = await reportOf(`Seen on Monday:\n${log(41)}\n${written}\nAnd later:\n${log(51)}`)
    expect(pidsOf(ticket)).toEqual([41, 51])
    expect(ticket.findings.map(({ id }) => id)).toContain('own-report')
  })

  it('a quoted one, as in an answer by mail', async () => {
    const written = await renderReport(await reportOf(log(31)), 'ticket')
    const quoted = written.replace(/^/gm, '> ')
    expect(pidsOf(await reportOf(`${quoted}\n\nThe log since then:\n${log(61)}`))).toEqual([61])
  })

  it('the mark alone hides nothing: not in a log, not around one', async () => {
    expect(ownSpans(`${log(71)}Made by oom-report 0.1.0.\n${log(72)}`)).toEqual([])
    const forged = `Which limit was hit? a\nWhat filled it? b\nWhy did this one die? c\n${log(73)}All times are UTC. Made by oom-report 0.1.0.\n`
    expect(pidsOf(await reportOf(forged))).toEqual([73])
  })
})
