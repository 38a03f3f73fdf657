import { describe, expect, it } from 'vitest'
import { exactNumber, isPid, withSaneNumbers } from '../src/units/sane.ts'
import { reportOf } from './report-of.ts'

describe('numbers that cannot be', () => {
  it('are told by what they would be', () => {
    expect([1, 4_194_304].map(isPid)).toEqual([true, true])
    expect([0, -1, 4_194_305, 1.5, Number.NaN, 1e26].map(isPid)).toEqual([false, false, false, false, false, false])
    expect(['', ' ', 'x', '1e400', '9'.repeat(30)].map(exactNumber)).toEqual([null, null, null, null, null])
    expect(exactNumber('0012')).toBe(12)
  })

  it('are null wherever they stand, and told once each', () => {
    const told: string[] = []
    const value = { pid: 5e9, deep: [{ rssBytes: Number.NaN, n: 1 }], quotes: [{ pid: -1 }] }
    expect(withSaneNumbers(value, (key) => told.push(key))).toEqual({ pid: null, deep: [{ rssBytes: null, n: 1 }], quotes: [{ pid: -1 }] })
    expect(told).toEqual(['pid', 'rssBytes'])
    const dump = { kills: [{ pid: 5e9, oomScoreAdj: Number.POSITIVE_INFINITY }], tasks: [{ pid: 0, rssBytes: Number.NaN }] }
    expect(withSaneNumbers(dump, () => {})).toEqual({ kills: [{ pid: 5e9, oomScoreAdj: null }], tasks: [{ pid: 0, rssBytes: null }] })
    const sane = { pid: 5 }
    expect(withSaneNumbers(sane, () => told.push('never'))).toBe(sane)
  })

  const lines: Readonly<Record<string, string>> = {
    'a kernel kill':
      '[   41.500000] Out of memory: Killed process 99999999999999999999999999 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n',
    earlyoom:
      'Nov 24 07:04:10 n earlyoom[7]: sending SIGTERM to process 99999999999 uid 1000 "java": oom_score 1067, VmRSS 4352 MiB, cmdline "x"\n',
    nohang:
      'Nov 24 07:04:10 n nohang[7]: Memory status that requires corrective actions:\nNov 24 07:04:10 n nohang[7]:   PID:       x526, name: a, state: S\nNov 24 07:04:10 n nohang[7]:   Sending SIGTERM to the victim\n',
  }
  for (const [what, text] of Object.entries(lines)) {
    it(`make no pid of ${what}`, async () => {
      const report = await reportOf({ 'a.log': text })
      expect(report.incidents.flatMap((i) => i.kills.map((k) => k.victim.pid))).toEqual([null])
      expect(JSON.stringify({ ...report, sources: [], warnings: [] })).not.toMatch(/NaN|e\+2\d|:9{11}/)
      expect(report.warnings.some((w) => w.includes('pid cannot be'))).toBe(what !== 'nohang')
    })
  }

  it('newer nohang names its victim in one line', async () => {
    const front = 'Nov 24 08:21:31 db nohang[525]: '
    const text = [
      'Memory status that requires corrective actions:',
      '  MemAvailable [242 MiB, 24.8 %] <= soft_threshold_min_mem [243 MiB, 25.0 %]',
      'Victim status (found in 17ms):',
      '  PID:       731, name: Web, Content, state: S (sleeping), EUID: 1001, SID: 731 (Web), lifetime: 16.6s',
      '  badness:   1036, oom_score:  1037, oom_score_adj:  300',
      '  Vm, MiB:   Size: 541, RSS: 512 (Anon: 511, File: 1, Shmem: 0), Swap: 0',
      '  Sending SIGTERM to the victim',
      'OK; total response time: 73ms',
    ]
    const report = await reportOf({ messages: text.map((line) => `${front}${line}\n`).join('') })
    const victim = report.incidents[0]?.kills[0]?.victim
    expect(victim).toMatchObject({ pid: 731, comm: 'Web, Content', uid: 1001, oomScoreAdj: 300 })
  })
})

describe('a control character in a quoted YAML scalar', () => {
  it.each(['\t', '\u0000', '\u0001', '\u007f', '\u0085'])('costs no report: %j', async (character) => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: "a${character}b"\n  namespace: shop\nstatus:\n  phase: Running\n`
    const report = await reportOf({
      'pod.yaml': pod,
      'kern.log': '[   41.500000] Out of memory: Killed process 4711 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n',
    })
    expect(report.incidents).toHaveLength(1)
    expect(report.warnings.filter((w) => w.includes('a bug of ours'))).toEqual([])
  })
})
