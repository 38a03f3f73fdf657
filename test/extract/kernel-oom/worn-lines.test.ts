import { describe, expect, test } from 'vitest'
import { readLine } from '../../../src/extract/kernel-oom/read-line.ts'
import { reportOf } from '../../report-of.ts'

const head = 'Memory cgroup out of memory: Killed process 4711 (indexer)'
const figures = 'total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:997 pgtables:1412kB oom_score_adj:-5'
const whole = {
  pid: 4711,
  comm: 'indexer',
  prefix: 'memcg',
  uid: 997,
  oomScoreAdj: -5,
  totalVmBytes: 912044 * 1024,
  anonRssBytes: 512044 * 1024,
  fileRssBytes: 308 * 1024,
  shmemRssBytes: 0,
  pgtablesBytes: 1412 * 1024,
}

describe('a kill line keeps all but what was damaged', () => {
  test.each<[string, string, Partial<Record<keyof typeof whole, unknown>>]>([
    ['as it is', `${head} ${figures}`, {}],
    ['blanks doubled', `${head}  ${figures.replaceAll(' ', '  ')}`, {}],
    ['blanks doubled everywhere', `${head} ${figures}`.replaceAll(' ', '  '), {}],
    [
      'tabs',
      `${head} ${figures}`
        .replaceAll(' ', '\t')
        .replace('cgroup\tout\tof\tmemory:\t', 'cgroup out of memory: ')
        .replace('Memory\t', 'Memory '),
      {},
    ],
    ['blanks behind colons', `${head} ${figures.replace(/:(?=[\d-])/g, ': ')}`, {}],
    ['blanks before units', `${head} ${figures.replaceAll('kB', ' kB')}`, {}],
    ['no commas', `${head} ${figures.replaceAll(',', '')}`, {}],
    ['digits grouped', `${head} ${figures.replace('912044', '912,044').replace('512044', '512.044')}`, {}],
    ['no total-vm', `${head} ${figures.replace('total-vm:912044kB, ', '')}`, { totalVmBytes: null }],
    ['total-vm left out', `${head} ${figures.replace('912044kB', '...')}`, { totalVmBytes: null }],
    ['anon-rss left out', `${head} ${figures.replace('512044kB', '…')}`, { anonRssBytes: null }],
    ['file-rss left out', `${head} ${figures.replace('308kB', '...')}`, { fileRssBytes: null }],
    ['shmem-rss left out', `${head} ${figures.replace('shmem-rss:0kB', 'shmem-rss:...')}`, { shmemRssBytes: null }],
    ['UID left out', `${head} ${figures.replace('UID:997', 'UID:...')}`, { uid: null }],
    ['pgtables left out', `${head} ${figures.replace('1412kB', '...')}`, { pgtablesBytes: null }],
    ['oom_score_adj left out', `${head} ${figures.replace(':-5', ':...')}`, { oomScoreAdj: null }],
    ['several left out', `${head} ${figures.replace(/file-rss.*UID/, '<snip> UID')}`, { fileRssBytes: null, shmemRssBytes: null }],
    ['the name left out', `${head.replace('indexer', '...')} ${figures}`, { comm: null }],
    ['in brackets', `${head.replace('(indexer)', '[indexer]')} ${figures}`, {}],
    ['in quotes', `${head.replace('(indexer)', '"indexer"')} ${figures}`, {}],
    ['no marks', `${head.replace('(indexer)', 'indexer')} ${figures}`, {}],
    ['no blank', `${head.replace(' (indexer)', '(indexer)')} ${figures}`, {}],
    ['a comma behind the name', `${head}, ${figures}`, {}],
    ['a cut begin', `...cgroup out of memory: ${head.slice(29)} ${figures}`, {}],
    ['a cut begin without a mark', `ory cgroup out of memory: ${head.slice(29)} ${figures}`, {}],
    ['a begin that tells no scope', `… of memory: ${head.slice(29)} ${figures}`, { prefix: null }],
    ['a begin left out', `[...] ${head.slice(29)} ${figures}`, { prefix: null }],
    ['a blank before the colon', `${head.replace('memory:', 'memory :')} ${figures}`, {}],
    ['a dash for the colon', `${head.replace('memory:', 'memory -')} ${figures}`, {}],
    ['in small letters', `${head} ${figures}`.toLowerCase(), {}],
    ['with a remark', `${head} ${figures}   <--- this one`, {}],
  ])('%s', (_, line, but) => {
    expect(readLine(line)).toMatchObject({ kind: 'kill', ...whole, ...but })
  })

  test.each([
    'killed process 4711 (indexer) because it hung',
    'Then we killed process 4711 (indexer) total-vm:912044kB',
    'supervisor: Killed process 4711 (indexer) total-vm:912044kB',
    'systemd-oomd killed process 4711 (indexer)',
  ])('%s is none', (line) => {
    expect(readLine(line)?.kind).not.toBe('kill')
  })
})

const group = '/system.slice/indexer.service'
const summary = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=indexer,pid=4711,uid=997`

describe('an oom-kill line keeps all but what was damaged', () => {
  const all = { oomMemcg: group, taskMemcg: group, comm: 'indexer' }
  test.each<[string, string, Partial<typeof all | { uid: null; constraint: null; comm: null }>]>([
    ['as it is', summary, {}],
    ['blanks behind commas', summary.replaceAll(',', ', '), {}],
    ['a blank behind the colon', summary.replace(':', ': '), {}],
    ['blanks for commas', summary.replaceAll(',', ' '), {}],
    ['semicolons', summary.replaceAll(',', ';'), {}],
    ['no uid', summary.replace(',uid=997', ''), { uid: null }],
    ['uid left out', summary.replace('997', '...'), { uid: null }],
    ['constraint left out', summary.replace('CONSTRAINT_MEMCG', '...'), { constraint: null }],
    ['nodemask and cpuset left out', summary.replace('(null)', '...').replace('cpuset=/', 'cpuset=...'), {}],
    ['mems left out', summary.replace('mems_allowed=0', 'mems_allowed=…'), {}],
    ['fields left out', summary.replace(/nodemask.*mems_allowed=0/, '...'), {}],
    [
      'all but the task left out',
      summary.replace(/constraint.*,task=/, '...task='),
      { constraint: null, ...{ oomMemcg: null, taskMemcg: null } } as never,
    ],
    ['the name left out', summary.replace('task=indexer', 'task=...'), { comm: null }],
  ])('%s', (_, line, but) => {
    const { uid = 997, constraint = 'memcg', ...names } = but as { uid?: number | null; constraint?: string | null }
    expect(readLine(line)).toMatchObject({ kind: 'summary', pid: 4711, uid, constraint, readings: [{ ...all, ...names }] })
  })

  test.each([
    ['the limit left out', `oom_memcg=${group}`, 'oom_memcg=...'],
    ['the group left out', `task_memcg=${group}`, 'task_memcg=...'],
  ])('%s', (_, from, to) => {
    expect(readLine(summary.replace(from, to))).toMatchObject({ kind: 'summary', pid: 4711, uid: 997, readings: [{ comm: 'indexer' }] })
  })
})

test.each<[string, string | null]>([
  ['oom_reaper: reaped process 4711 (indexer), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB', 'indexer'],
  ['oom_reaper:  reaped  process  4711  (indexer),  now anon-rss:0kB, file-rss:0kB', 'indexer'],
  ['oom_reaper: reaped process 4711 (indexer), now ...', 'indexer'],
  ['oom_reaper: reaped process 4711 (indexer)', 'indexer'],
  ['oom_reaper: reaped process 4711 (...), now anon-rss:0kB', null],
  ['oom_reaper: reaped process 4711 indexer', 'indexer'],
  ['oom_reaper: reaped process 4711 (ind', null],
  ['oom_reaper: reaped process 4711 (indexer), no', 'indexer'],
  ['oom_reaper: reaped process 4711 (indexer), now ano', 'indexer'],
])('%s', (line, comm) => {
  expect(readLine(line)).toMatchObject({ kind: 'reaped', pid: 4711, comm })
})

test('a pid that ends a reaper line may have lost digits', () => {
  expect(readLine('oom_reaper: reaped process 47')).toBeNull()
})

describe("a screen's edge cuts a line anywhere", () => {
  test.each([
    [
      'Memory cgroup out of memory: Killed process 4711 (',
      'indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:997',
    ],
    ['Killed process 4711 (', 'indexer), UID 997, total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB'],
    ['Killed process 4711, ', 'UID 997, (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB'],
    ['oom_reaper: reaped process 4711 ', '(indexer), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB'],
  ])('%s', (begin, rest) => {
    for (let length = 1; length <= rest.length; length += 1) {
      const read = readLine(begin + rest.slice(0, length)) as Record<string, unknown> | null
      expect(read, begin + rest.slice(0, length)).toMatchObject({ pid: 4711 })
      for (const [name, kb] of [
        ['totalVmBytes', 912044],
        ['anonRssBytes', read?.['kind'] === 'reaped' ? 0 : 512044],
      ] as const)
        expect([undefined, null, kb * 1024]).toContain(read?.[name])
      expect([undefined, null, 997]).toContain(read?.['uid'])
    }
  })

  test.each(['Killed process 4711 (indexer) because', 'Killed process 4711 (indexer) twice', 'Killed process 4711 (indexer), not'])(
    "somebody's sentence is none: %s",
    (line) => expect(readLine(line)).toBeNull(),
  )
})

test.each([
  'Memory cgroup out of memory: Killed process ... (indexer) total-vm:912044kB, anon-rss:512044kB',
  'Out of memory: Killed process <pid> (indexer) total-vm:912044kB',
  'Killed process 4,711 (indexer) total-vm:912044kB',
])('without its number it is no kill, and said: %s', async (line) => {
  const { incidents, findings } = await reportOf({ 'a.txt': `[ 12.345678] ${line}\n` })
  expect(incidents).toEqual([])
  expect(findings.map(({ id }) => id)).toContain('seen-not-understood')
})

describe("a group's counters behind its kill, in somebody's own order", () => {
  const usage = 'memory: usage 203161592kB, limit 203161592kB, failcnt 340170'
  test.each([
    ['behind the summary', [summary, usage]],
    ['behind the kill', [`${head} ${figures}`, summary, usage]],
    ['between them', [summary, usage, `${head} ${figures}`]],
  ])('%s', async (_, lines) => {
    const { incidents } = await reportOf({ 'a.txt': lines.map((line) => `${line}\n`).join('') })
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.memcg?.limitBytes).toBe(203161592 * 1024)
  })

  test('the next report keeps its own', async () => {
    const next = `${head} ${figures}`.replace('4711', '4800')
    const { incidents } = await reportOf({ 'a.txt': [`${head} ${figures}`, usage, next, ''].join('\n') })
    expect(incidents.flatMap((i) => i.kills.map((k) => [k.victim.pid, k.memcg?.limitBytes ?? null]))).toEqual([
      [4711, null],
      [4800, 203161592 * 1024],
    ])
  })
})
