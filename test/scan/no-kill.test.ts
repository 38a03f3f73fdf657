import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportOf } from '../report-of.ts'

const texts = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|md|mjs|css|hbs)$/.test(name))
    .map((name) => join(folder, name))

/** Prose, advice and comments about OOM kills, as people write them. */
const prose: readonly string[] = [
  'The OOM killer picks the process with the highest oom_score. When the kernel has Killed process after process, look at oom_score_adj.',
  'If a container shows OOMKilled, raise its limit. Exit code 137 means SIGKILL, not necessarily out of memory.',
  'Grep for "Out of memory: Killed process" and "oom-kill:constraint=" in /var/log/kern.log.',
  '| Sign | Meaning |\n|---|---|\n| `OOMKilled` | the limit was hit |\n| `Evicted` | the node ran short |',
  'Pods may be Evicted when the node runs out of memory; the reason is then shown by kubectl describe pod.',
  '# OOM runbook\n\n1. `dmesg -T | grep -i "killed process"`\n2. `kubectl get pods -A | grep OOMKilled`\n3. If oom_reaper: reaped process lines are there, the kernel did it.',
]

describe('what proves no death', () => {
  it.each(['README.md', 'CONTRIBUTING.md', ...['docs', 'src', 'test'].flatMap(texts)])('%s yields no incident', async (path) => {
    expect((await reportOf({ [path]: readFileSync(path) })).incidents).toEqual([])
  })

  it.each(prose)('prose: %s', async (text) => {
    expect((await reportOf({ 'note.md': `${text}\n` })).incidents).toEqual([])
  })

  it('a log under the name of a program stays a log', async () => {
    const line = '[   41.500000] Out of memory: Killed process 41 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB, shmem-rss:0kB\n'
    const { incidents } = await reportOf({
      'crash.py': `[   41.400000] eth0: link up\n${line}[   41.600000] eth0: link down\n[   42.600000] eth0: link up\n`,
    })
    expect(incidents[0]?.kills[0]?.victim.pid).toBe(41)
  })
})
