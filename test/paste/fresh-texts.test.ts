import { describe, expect, test } from 'vitest'
import type { PhrasedReport } from '../../src/model/report.ts'
import type { Fresh } from './fresh.ts'
import { encoded } from './fresh-encoded.ts'
import { people } from './fresh-people.ts'
import { tools } from './fresh-tools.ts'
import { readPaste } from './read.ts'

/** What `grep -i` finds of kills; a line that it finds is a kill, or is said. */
const grep = /killed process \d|oom-kill:|OOMKilled|oom_reaper: reaped/i

const killsOf = ({ incidents }: PhrasedReport) => incidents.flatMap(({ kills }) => kills)
const isSaid = ({ findings }: PhrasedReport): boolean => findings.some(({ id }) => id === 'seen-not-understood')

function holdsKills(report: PhrasedReport, fresh: Fresh, wanted: Exclude<Fresh['is'], string>): void {
  const kills = killsOf(report)
  expect(kills.map(({ victim }) => [victim.pid, victim.comm])).toEqual(wanted)
  expect(report.incidents).toHaveLength(wanted.length)
  expect(isSaid(report), 'all of it is read').toBe(false)
  if (fresh.anonRssKb !== undefined) expect(kills[0]?.victim.anonRssBytes).toBe(fresh.anonRssKb * 1024)
  for (const { diagnosis, host, workload } of report.incidents) {
    if (fresh.limit !== undefined) expect(fresh.limit).toContain(diagnosis.limit.id)
    if (fresh.host !== undefined) expect(host).toBe(fresh.host)
    if (fresh.workload !== undefined) expect(workload).toMatchObject(fresh.workload)
  }
}

describe.each(Object.entries({ encoded, people, tools }))('fresh texts: %s', (_, texts) => {
  test.each(Object.entries(texts))('%s', async (_, fresh) => {
    const report = await readPaste(fresh.text)
    if (typeof fresh.is !== 'string') return holdsKills(report, fresh, fresh.is)
    expect(report.incidents).toEqual([])
    if (fresh.is === 'said') expect(report.findings).not.toEqual([])
    if (fresh.is === 'nothing') expect(isSaid(report)).toBe(false)
    if (grep.test(fresh.text)) expect(isSaid(report), 'grep finds it').toBe(true)
  })
})
