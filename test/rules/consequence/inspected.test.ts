import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/index.ts'
import { dmesg, killLines } from '../../evidence.ts'
import { folderWith } from '../folder-with.ts'

const ID = 'c7'.repeat(32)
const clocks = { date: 'Fri Nov 20 12:00:00 UTC 2026\n', uptime: '14400.00 1.00\n' }
const log = dmesg(killLines(12_600, 4321, 'java', 40_580, `/system.slice/docker-${ID}.scope`))
const inspect = (State: object): string =>
  JSON.stringify([{ Id: ID, Name: '/cart', State: { Running: false, OOMKilled: false, ExitCode: 137, ...State } }])
const consequence = async (files: Record<string, string>) =>
  (await analyze([folderWith({ ...files, dmesg: log })])).report.incidents[0]?.diagnosis.consequence

describe('a container whose runtime was asked after the kernel’s kill', () => {
  it('ended, also where the runtime did not see why', async () => {
    const found = await consequence({ ...clocks, 'inspect.json': inspect({ FinishedAt: '2026-11-20T11:30:00.4Z' }) })
    expect(found?.id).toBe('container-terminated')
    expect(found?.statement).toContain('exit code 137')
  })

  it.each([
    ['of an end before the kill', inspect({ FinishedAt: '2026-11-20T09:00:00Z' })],
    ['of one that runs', inspect({ Running: true, FinishedAt: '0001-01-01T00:00:00Z' })],
  ])('tells nothing by the word %s', async (_, text) => {
    expect((await consequence({ ...clocks, 'inspect.json': text }))?.id).toBe('process-killed')
  })
})
