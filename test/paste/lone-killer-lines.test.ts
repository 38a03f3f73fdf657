import { describe, expect, it } from 'vitest'
import { reportOf } from '../report-of.ts'

const earlyoom = 'sending SIGKILL to process 9123 uid 1000 "chrome": badness 1200, VmRSS 4096 MiB'
const oomd =
  'Killed /user.slice/user-1000.slice/app-firefox-12.scope due to memory pressure for /user.slice being 78.20% > 50.00% for > 20s with reclaim activity'
const lmkd = "Kill 'com.example.app' (9123), uid 10123, oom_adj 906 to free 120000kB"

/** `[pid of each kill, confidence of its limit]` */
async function told(text: string): Promise<readonly (readonly [number | null, string])[]> {
  const { incidents } = await reportOf({ 'paste.txt': text })
  return incidents.flatMap(({ kills, diagnosis }) => kills.map(({ victim }) => [victim.pid, diagnosis.limit.confidence] as const))
}

describe('a line of a killer in user space', () => {
  it.each([
    ['earlyoom, bare', earlyoom, 9123],
    ['earlyoom behind a front', `node7 | ${earlyoom}`, 9123],
    ['earlyoom in a chat', `10:32 AM bo: ${earlyoom}`, 9123],
    ['systemd-oomd, bare', oomd, null],
    ['systemd-oomd behind a front', `[node7] ${oomd}`, null],
    ['logcat -v brief', `I/lowmemorykiller(  412): ${lmkd}`, 9123],
  ])('%s: alone and of an unknown writer it is a kill, and no more than likely', async (_, line, pid) => {
    expect(await told(`${line}\n`)).toEqual([[pid, 'medium']])
  })

  it('in a journal that names its writer it is sure', async () => {
    expect(await told(`Nov 24 07:04:29 node7 earlyoom[600]: ${earlyoom}\n`)).toEqual([[9123, 'high']])
  })

  it('with the killer’s other lines around it vouches for itself', async () => {
    const lines = [
      'mem avail:   120 of  7850 MiB ( 1.53%), swap free:    0 of 2047 MiB ( 0.00%)',
      'low memory! at or below SIGKILL limits: mem 10.00%, swap 10.00%',
      earlyoom,
    ]
    expect(await told(lines.map((line) => `node7 | ${line}\n`).join(''))).toEqual([[9123, 'high']])
  })

  it('oom_adj, as old kernels have it, is read behind another kill too', async () => {
    const of = (at: number, text: string): string => `11-24 07:04:2${at}.123   412   412 I lowmemorykiller: ${text}\n`
    const first = "Kill 'com.example.one' (9100), uid 10120, oom_score_adj 906 to free 120000kB"
    expect((await told(of(1, first) + of(3, lmkd))).map(([pid]) => pid)).toEqual([9100, 9123])
  })

  it('in prose it is no kill', async () => {
    expect(await told(`The manual says that it prints "${earlyoom}" when memory is low.\n`)).toEqual([])
  })
})
