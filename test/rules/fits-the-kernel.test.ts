import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ReportIncident } from '../../src/model/report.ts'
import { incidentOfLines } from './report-of-lines.ts'

const sample = async (name: string): Promise<ReportIncident> => incidentOfText([readFileSync(`samples/kernel/${name}`, 'utf8').trimEnd()])
const commands = ({ recommendations }: ReportIncident): string => recommendations.map((one) => one.command ?? '').join('\n')
const texts = ({ recommendations }: ReportIncident): string => recommendations.map((one) => one.text).join('\n')

test.each([
  ['3.10-dirty-page-cache.txt', false],
  ['6.1-dirty-page-cache-of-a-unit.txt', true],
])('%s: /proc/pressure from 4.20 on, memory.high on cgroup v2 only', async (name, has) => {
  const incident = await sample(name)
  expect(commands(incident).includes('/proc/pressure')).toBe(has)
  expect(texts(incident).includes('memory.high')).toBe(has)
})

test.each([
  ['2.6.32-huge-pages-in-no-counter.txt', 'HugePages_Total'],
  ['6.8-zfs-cache-in-no-counter.txt', 'zfs_arc_max'],
])('%s: the hole has a suspect, and no setting that the kernel lacks', async (name, suspect) => {
  const incident = await sample(name)
  expect(incident.rootCause.id).toBe('unaccounted-memory')
  expect(texts(incident)).toContain(suspect)
  expect(commands(incident)).not.toContain('mem_profiling')
})

test('a full swap is not blamed where something else than processes has the memory', async () => {
  expect((await sample('2.6.32-huge-pages-in-no-counter.txt')).rootCause.id).not.toBe('swap-exhausted')
  expect((await sample('3.10-swap-full.txt')).rootCause.id).toBe('swap-exhausted')
})

test('one program many times on a node is workers of one pod only where that is how it works', async () => {
  const { rootCause, alternatives } = await sample('6.1-many-pods-of-one-program.txt')
  expect(rootCause).toMatchObject({ id: 'node-overcommitted', confidence: 'low' })
  expect(alternatives.find((one) => one.id === 'too-many-workers')?.against).toContain('not in the task table')
})

test('a daemon that is shielded rightly is restarted, not limited', async () => {
  const [first] = (await sample('6.1-kubelet-grew.txt')).recommendations
  expect(first).toMatchObject({ when: 'now', command: 'systemctl restart kubelet' })
})

test('a saving child may be smaller than its parent by what the parent grew', async () => {
  expect((await sample('6.1-fork-of-redis.txt')).rootCause.id).toBe('fork-copy-on-write')
})

test('reclaimable slab is names of files, without a table of slabs', async () => {
  const { rootCause, recommendations } = await sample('5.15-names-of-files-in-a-container.txt')
  expect(rootCause.statement).toContain('names and inodes of files')
  expect(recommendations.some((one) => one.text.startsWith('Find who walks the tree'))).toBe(true)
})

test('without free lists a zone far above its watermark proves fragmentation, one near it does not', async () => {
  const lines = readFileSync('samples/kernel/4.9-fragmented-without-free-lists.txt', 'utf8').trimEnd().split('\n')
  expect((await incidentOfLines(lines)).diagnosis.limit).toMatchObject({ id: 'fragmentation', confidence: 'medium' })
  const near = lines.map((line) => line.replace('free:9120kB', 'free:1180kB'))
  expect((await incidentOfLines(near)).diagnosis.limit.id).not.toBe('fragmentation')
})

test('a path that a terminal broke is one path', async () => {
  const path = `/docker/${'4a'.repeat(32)}`
  const whole = `Task in ${path} killed as a result of limit of ${path}`
  const broken = [
    `[  100.000001] ${whole.slice(0, 120)}`,
    whole.slice(120),
    '[  100.000002] memory: usage 524288kB, limit 524288kB, failcnt 3',
    '[  100.000003] Memory cgroup out of memory: Kill process 70 (cp) score 0 or sacrifice child',
    '[  100.000004] Killed process 70 (cp) total-vm:17528kB, anon-rss:76kB, file-rss:1568kB, shmem-rss:0kB',
  ]
  const incident = await incidentOfText(broken)
  expect(incident.memcg?.path).toBe(path)
  // Prose below the line is no part of the path.
  const prose = [broken[0] ?? '', 'and so on', ...broken.slice(2)]
  expect((await incidentOfText(prose)).memcg?.path ?? '').not.toContain('and')
})

/** Lines as they stand: the broken half has no stamp. */
const incidentOfText = async (lines: readonly string[]): Promise<ReportIncident> => incidentOfLines([lines.join('\n')])
