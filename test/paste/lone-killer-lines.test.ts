import { describe, expect, it } from 'vitest'
import { reportOf } from '../report-of.ts'

const earlyoom = 'sending SIGKILL to process 9123 uid 1000 "chrome": badness 1200, VmRSS 4096 MiB'
const oomd =
  'Killed /user.slice/user-1000.slice/app-firefox-12.scope due to memory pressure for /user.slice being 78.20% > 50.00% for > 20s with reclaim activity'
const kernel =
  'Out of memory: Killed process 2817 (mysqld) total-vm:5120444kB, anon-rss:3311020kB, file-rss:0kB, shmem-rss:0kB, UID:27 pgtables:6800kB oom_score_adj:0'
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
    ['a tag with a pid behind a front', `node7 | earlyoom[600]: ${earlyoom}`, 9123],
    ['a tag behind a front', `[node7] earlyoom: ${earlyoom}`, 9123],
    ['a tag behind a chat’s name', `10:32 AM bo: systemd-oomd[712]: ${oomd}`, null],
    ['a tag and nothing before it', `earlyoom[600]: ${earlyoom}`, 9123],
    ['a tag in a quotation', `> systemd-oomd[712]: ${oomd}`, null],
    ['a tag in a cell', `2026-11-24T07:04:29Z,node7,earlyoom[600]: ${earlyoom}`, 9123],
    ['nohang behind a tag', '[node7] nohang[88]: Sending SIGKILL to chrome, Pid 9123', 9123],
    ['lmkd behind a front and its tag', `node7 | lowmemorykiller: ${lmkd}`, 9123],
  ])('%s: alone and of an unknown writer it is a kill, and no more than likely', async (_, line, pid) => {
    expect(await told(`${line}\n`)).toEqual([[pid, 'medium']])
  })

  it.each([
    ['earlyoom’s words', `node7 | backup[600]: ${earlyoom}\n`],
    ['systemd-oomd’s words', `[node7] backup[600]: ${oomd}\n`],
    ['the kernel’s words', `10:32 AM bo: backup[600]: ${kernel}\n`],
    ['the kernel’s words with their stamp', `node7 | backup[600]: [  812.100000] ${kernel}\n`],
    ['the kernel’s words in a cell', `2026-11-24T07:04:29Z,node7,backup[600]: ${kernel}\n`],
    ['the kernel’s words and nothing before the tag', `backup[600]: ${kernel}\n`],
    ['earlyoom’s words under the name of a pod', `[pod/shop/app] earlyoom[600]: ${earlyoom}\n`],
    ['earlyoom’s words in a sentence', `Yesterday the log said earlyoom[600]: ${earlyoom} and I wondered.\n`],
    ['systemd-oomd’s words in a comment', `// systemd-oomd[712]: ${oomd}\n`],
  ])('%s behind the tag of another program, or quoted, are no kill and are said', async (_, text) => {
    const { incidents, findings } = await reportOf({ 'paste.txt': text })
    expect(incidents).toEqual([])
    expect(findings).toHaveLength(1)
  })

  it.each(['kernel[1]', 'klogd[3]', 'kmsg-reader[41]'])(
    'the kernel’s words behind %s are the kernel’s as far as anybody knows',
    async (tag) => {
      expect(await told(`node7 | ${tag}: ${kernel}\n`)).toEqual([[2817, 'medium']])
    },
  )

  it('the machine before a tag is told', async () => {
    const { incidents } = await reportOf({ 'paste.txt': `node7 | earlyoom[600]: ${earlyoom}\n` })
    expect(incidents.map(({ host }) => host)).toEqual(['node7'])
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

  it('in the lines as journalctl -o cat prints them, a port at the end of a command is no begin of what follows', async () => {
    const lines = [
      'low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%',
      'sending SIGTERM to process 9123 uid 1000 "ruby": oom_score 902, oom_score_adj 0, VmRSS 3120 MiB, cmdline "puma tcp://0.0.0.0:3000"',
      'process 9123 exited after 0.3 seconds',
    ]
    expect(await told(`${lines.join('\n')}\n`)).toEqual([[9123, 'high']])
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
