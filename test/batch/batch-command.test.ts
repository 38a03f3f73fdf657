import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeBundles } from '../../bench/make-bundles.mjs'
import { copyOf, fleetOf, outputOf, run, start, temporaryFolder, touchesOf } from './run-cli.ts'

const at = (...parts: string[]): string => path.join(folder, ...parts)
const folder = temporaryFolder()
const batch = (out: string, ...more: string[]) => run(['batch', at('bundles'), '-o', at(out), '-q', ...more])
const seeded = (seed: number) => () => {
  // Not the generator of the bundles: only moments to kill at.
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}

describe('oom-report batch', { timeout: 300_000 }, () => {
  let took = 0
  beforeAll(async () => {
    makeBundles(at('bundles'), 16, 5)
    const begin = Date.now()
    expect((await batch('whole', '--jobs', '2')).code).toBe(0)
    took = Date.now() - begin
  }, 300_000)

  it('writes the fleet view and a page for each incident', () => {
    const fleet = fleetOf(at('whole'))
    const files = Object.keys(outputOf(at('whole')))
    expect(fleet.counts).toMatchObject({ bundles: 16, withIncidents: 14, without: 2, unreadable: 0 })
    expect(fleet.counts.incidents).toBe(14)
    for (const { page } of fleet.incidents) expect(files).toContain(page)
    expect(files.filter((f) => f.startsWith('incidents/'))).toHaveLength(14)
    expect(files).toEqual(expect.arrayContaining(['index.html', 'index.md', 'index.json', 'incidents.ndjson', 'by-time-1.html']))
    const lines = readFileSync(at('whole', 'incidents.ndjson'), 'utf8').trimEnd().split('\n')
    expect(lines.map((l) => JSON.parse(l).id)).toEqual(fleet.incidents.map((i: { id: string }) => i.id))
  })

  it('counts --since back from the last stamp of each bundle, whenever that was', async () => {
    const kill = (day: string, pid: number): string =>
      `2026-${day}T10:00:00.000000+00:00 box kernel: Memory cgroup out of memory: Killed process ${pid} (job${pid}) total-vm:9000kB, anon-rss:8000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:40kB oom_score_adj:0\n`
    mkdirSync(at('times'), { recursive: true })
    writeFileSync(at('times', 'old.log'), kill('01-01', 11) + kill('01-09', 12))
    writeFileSync(at('times', 'new.log'), kill('03-01', 21) + kill('03-09', 22))
    const { code } = await run(['batch', at('times'), '-o', at('lately'), '-q', '--since', '2d', '--jobs', '2'])
    expect(code).toBe(0)
    expect(fleetOf(at('lately')).incidents.map((i: { firstTime: string }) => i.firstTime.slice(0, 10))).toEqual([
      '2026-01-09',
      '2026-03-09',
    ])
  })

  it('touches nothing when run again', async () => {
    const before = touchesOf(at('whole'))
    const again = await run(['batch', at('bundles'), '-o', at('whole')])
    expect(again.stderr).toContain('0 files written')
    expect(touchesOf(at('whole'))).toEqual(before)
  })

  it('is the same with one worker', async () => {
    await batch('one', '--jobs', '1')
    expect(outputOf(at('one'))).toEqual(outputOf(at('whole')))
  })

  it('shows a broken bundle as a row with its reason, and exits with 4', async () => {
    copyOf(at('bundles'), at('broken'))
    writeFileSync(at('broken', 'cut.tar.gz'), Buffer.from('1f8b0800000000000003edc1', 'hex'))
    const { code } = await run(['batch', at('broken'), at('missing.log'), '-o', at('with-broken'), '-q', '--exit-code'])
    const fleet = fleetOf(at('with-broken'))
    expect(code).toBe(4)
    expect(fleet.counts).toMatchObject({ bundles: 18, incidents: 14, unreadable: 2 })
    expect(fleet.unreadable.map((u: { bundle: string }) => u.bundle)).toEqual(['broken/cut.tar.gz', 'missing.log'])
    expect(fleet.unreadable[0].reason).toMatch(/gzip/)
    expect(fleet.unreadable[1].reason).toMatch(/no such file/)
    expect(readFileSync(at('with-broken', 'index.md'), 'utf8')).toContain('missing.log')
  })

  it('exits with 3 when nothing could be read, with 1 when asked to tell', async () => {
    expect((await run(['batch', at('missing.log'), '-o', at('nothing'), '-q'])).code).toBe(3)
    expect((await batch('whole', '--exit-code')).code).toBe(1)
    expect((await batch('whole')).code).toBe(0)
  })

  it('filters as analyze does', async () => {
    const host = fleetOf(at('whole')).incidents[3].host
    await batch('filtered', '--host', host)
    expect(fleetOf(at('filtered')).incidents.map((i: { host: string }) => i.host)).toEqual([host])
  })

  it('equals one run when three shards are merged, byte for byte', async () => {
    for (const index of [0, 1, 2])
      await run(['batch', at('bundles'), '-o', at(`shard-${index}`), '-q'], { JOB_COMPLETION_INDEX: String(index), OOM_REPORT_SHARDS: '3' })
    expect((await run(['merge', at('shard-0'), at('shard-1'), at('shard-2'), '-o', at('merged'), '-q'])).code).toBe(0)
    expect(outputOf(at('merged'))).toEqual(outputOf(at('whole')))
    const sizes = [0, 1, 2].map((i) => fleetOf(at(`shard-${i}`)).counts.bundles)
    expect(sizes.reduce((a, b) => a + b)).toBe(16)
    expect(Math.max(...sizes)).toBeLessThan(16)
  })

  it('tells of a shard that is missing in a merge', async () => {
    const { code } = await run(['merge', at('shard-0'), at('shard-2'), '-o', at('partly'), '-q'])
    expect(code).toBe(4)
    expect(fleetOf(at('partly')).unreadable).toEqual([{ bundle: 'shard 1/3', reason: 'its folder was not given to the merge' }])
  })

  it.each([
    ['--shard', '3/3'],
    ['--shard', 'x'],
    ['--jobs', '0'],
    ['--baseline', 'nowhere'],
    ['--since', 'once upon a time'],
  ])('refuses %s %s', async (option, value) => {
    const { code, stderr } = await batch('refused', option, value)
    expect(code).toBe(2)
    expect(stderr).toContain(option)
    expect(stderr).not.toContain('internal error')
  })

  it('tells what is new against a baseline', async () => {
    await run(['batch', at('bundles'), '-o', at('after'), '-q', '--baseline', at('filtered')])
    const known = fleetOf(at('filtered')).groups.map((g: { key: string }) => g.key)
    const { groups, newSince } = fleetOf(at('after'))
    expect(groups.filter((g: { isNew: boolean }) => !g.isNew).map((g: { key: string }) => g.key)).toEqual(known)
    expect(groups.length).toBeGreaterThan(1)
    expect(newSince).toContain('baseline filtered')
  })

  it('is stable when it redacts: one alias a host, in every bundle and shard, and no name left', async () => {
    const more = { OOM_REPORT_REDACT_KEY: 'a secret of enough characters' }
    await run(['batch', at('bundles'), '-o', at('redacted'), '-q', '--redact'], more)
    const fleet = fleetOf(at('redacted'))
    const plain = fleetOf(at('whole'))
    expect(fleet.counts).toEqual(plain.counts)
    const text = ['index.html', 'index.md', 'index.json', 'incidents.ndjson'].map((f) => readFileSync(at('redacted', f), 'utf8')).join('')
    for (const { host } of plain.incidents) expect(text).not.toContain(host)
    expect(text).not.toContain('bundle-000')
    expect(new Set(fleet.hosts.map((h: { host: string }) => h.host)).size).toBe(plain.hosts.length)
    for (const index of ['0', '1'])
      await run(['batch', at('bundles'), '-o', at(`hidden-${index}`), '-q', '--redact', '--shard', `${index}/2`], more)
    await run(['merge', at('hidden-0'), at('hidden-1'), '-o', at('hidden'), '-q'])
    expect(outputOf(at('hidden'))).toEqual(outputOf(at('redacted')))
    const without = await batch('hidden-2', '--redact', '--shard', '0/2')
    expect(without.code).toBe(2)
    expect(without.stderr).toContain('OOM_REPORT_REDACT_KEY')
  })

  it('stops at once on Ctrl-C, and goes on from there', async () => {
    const { child, ended } = start(['batch', at('bundles'), '-o', at('stopped'), '-q'])
    await wait(took / 2)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    if (code !== 0) {
      expect(code).toBe(130)
      expect(stderr).toContain('goes on from here')
    }
    await batch('stopped')
    expect(outputOf(at('stopped'))).toEqual(outputOf(at('whole')))
  })

  it('ends the same, byte for byte, after having been killed at ten random moments', async () => {
    const random = seeded(4)
    let killed = 0
    for (let n = 0; n < 10; n++) {
      if (n % 3 === 0) rmSync(at('killed'), { recursive: true, force: true })
      const { child, ended } = start(['batch', at('bundles'), '-o', at('killed'), '-q', '--jobs', '2'])
      await wait(100 + random() * took)
      child.kill('SIGKILL')
      if ((await ended).signal === 'SIGKILL') killed++
      if (n % 3 !== 2) continue
      await batch('killed')
      expect(outputOf(at('killed'))).toEqual(outputOf(at('whole')))
    }
    await batch('killed')
    expect(outputOf(at('killed'))).toEqual(outputOf(at('whole')))
    expect(killed).toBeGreaterThan(3)
  })

  // What the processes of a run are is asked of /proc.
  it.skipIf(process.platform !== 'linux')('ends the same, byte for byte, when its workers are killed under its hands', async () => {
    const random = seeded(6)
    const { child, ended } = start(['batch', at('bundles'), '-o', at('bereft'), '-q', '--jobs', '2'])
    const childrenOf = (pid: number | undefined): number[] => {
      try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
      } catch {
        return []
      }
    }
    let killed = 0
    for (let n = 0; n < 3; n++) {
      for (let tries = 0; childrenOf(child.pid).length === 0 && child.exitCode === null && tries < 500; tries++) await wait(10)
      await wait(random() * 50)
      const [victim] = childrenOf(child.pid)
      if (victim !== undefined) killed += process.kill(victim, 'SIGKILL') ? 1 : 0
    }
    expect(killed).toBeGreaterThan(0)
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
    await batch('bereft')
    expect(outputOf(at('bereft'))).toEqual(outputOf(at('whole')))
  })

  it('ends with the reason, and does not wait for ever, when results cannot be written', async () => {
    await batch('unwritable', '--jobs', '2')
    const results = at('unwritable', '.oom-report', 'results')
    // Folders stand where its files would: what a full disk is to the writer, for root, too.
    for (const name of readdirSync(results).filter((file) => file.endsWith('.json'))) {
      rmSync(path.join(results, name))
      mkdirSync(path.join(results, name, 'in the way'), { recursive: true })
    }
    const { code, stderr } = await batch('unwritable', '--jobs', '2')
    expect(code).toBe(70)
    expect(stderr).toMatch(/EISDIR|is a directory/)
  })

  it('makes a result again whose pages or lines have gone', async () => {
    rmSync(at('one', '.oom-report', 'pages'), { recursive: true })
    rmSync(at('one', 'incidents'), { recursive: true })
    expect((await batch('one')).code).toBe(0)
    expect(outputOf(at('one'))).toEqual(outputOf(at('whole')))
  })
})
