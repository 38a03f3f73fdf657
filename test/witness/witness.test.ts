import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyzeEvidence } from '../../src/analyze.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { openStreamWitness, sightingsIn, sightingsOfSmall } from '../../src/witness/index.ts'
import { proofsIn } from '../../src/witness/words.ts'
import { evidenceOf } from '../evidence.ts'
import { quotesIn } from '../extract/documents/read.ts'

const options = { timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames: [] }
const reportOf = async (text: string): Promise<PhrasedReport> => analyzeEvidence(await evidenceOf({ 'paste.txt': text }), options)

/** Lines that a reader of a document, a unit, a killer or the kernel quotes: evidence of an event, whatever the story makes of it. A program's own word is none. */
async function linesOfEvents(text: string): Promise<Set<number>> {
  const [evidence] = await evidenceOf({ 'paste.txt': text })
  return new Set(
    quotesIn(evidence?.events.filter(({ kind }) => kind !== 'runtime')).flatMap(({ line, text: quote }) =>
      quote.split('\n').map((_, more) => (line ?? 0) + more),
    ),
  )
}

/** A line for each of the contract's words, with the process it names. */
const proofLines: readonly (readonly [string, number | null])[] = [
  ['Out of memory: Killed process 41 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB, shmem-rss:0kB', 41],
  ['Memory cgroup out of memory: Kill process 42 (php-fpm) score 900 or sacrifice child', 42],
  ['oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a.service,task=a,pid=43,uid=0', 43],
  ['oom_reaper: reaped process 44 (node), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB', 44],
  ['System OOM encountered, victim process: celery, pid: 45', 45],
  ['      Reason:       OOMKilled', null],
  ['pod-x   0/1   Init:OOMKilled   0   3s', null],
  ['"Eviction manager: pod is evicted successfully" pod="shop/web"', null],
  ['container init was OOM-killed (memory limit too low?): unknown', null],
  ["app.service: Failed with result 'oom-kill'.", null],
  ['3m   Warning   OOMKilling   node/n1   Memory cgroup out of memory', null],
  ['Killed /system.slice/x.service due to memory pressure for /system.slice being 80.00% > 60.00% for > 30s', null],
  ['sending SIGTERM to process 46 uid 1000 "chrome": oom_score 900, VmRSS 800 MiB', 46],
  ["lowmemorykiller: Kill 'com.app' (47), uid 10, oom_score_adj 900", 47],
  ['slurmstepd: error: Detected 2 oom-kill event(s) in StepId=7.batch.', null],
  ['then it said Killed process: 48 (java)', 48],
  ['Killed process #49 (java), says the ticket', 49],
  ['Killed process pid=50 (java)', 50],
  ['Killed process51(java)', 51],
  ['victim process java, pid: 52', 52],
  ['Killed process: gunicorn (pid 53), anon-rss 746220kB', 53],
  ['https://x.example/?q=Killed%20process%2054%20(java)', 54],
]

it.each(['our pod was OOMKilled (exit code 137)', 'The build ended: OOMKilled, exit status 137'])(
  'what a program says of an exit beside them takes nothing from them: %s',
  async (text) => {
    expect((await reportOf(text)).findings.map(({ id }) => id)).toContain('seen-not-understood')
  },
)

describe('the words of a proven death', () => {
  it.each(proofLines)('%s', (line, pid) => {
    expect(proofsIn(line).map((seen) => seen.pid)).toContain(pid)
  })

  it.each([
    'State: {"OOMKilled": false, "ExitCode": 0}',
    'expr: kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} > 0',
    'kube_pod_container_status_terminated_reason{pod="a",reason="OOMKilled"} 0',
    'the process was killed by an operator',
    'memory.oom.group 0',
  ])('none in: %s', (line) => {
    expect(proofsIn(line)).toEqual([])
  })

  it('are seen in a line of any length, in linear time', () => {
    const long = `${'oom-kill: task= '.repeat(40_000)}Killed process 9 (x)`
    const began = performance.now()
    expect(proofsIn(long).some(({ pid }) => pid === 9)).toBe(true)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

const fronts = [
  '',
  '[  120.500000] ',
  'Mar  5 08:15:42 node-3 kernel: ',
  '> ',
  '- `',
  'note: ',
  'const text = "',
  '## ',
  '| ',
  '2026-03-05 08:15:42,1 WARN ',
  'abc | x | ',
]
const changes: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.replaceAll(' ', '\u00a0'),
  (line) => line.replaceAll(' ', '  '),
  (line) => line.replace(/[()]/g, ''),
  (line) => `${line.slice(0, Math.floor(line.length * 0.75))}`,
  (line) => line.replace(/:/g, '\uff1a'),
  (line) => `${line}"`,
  (line) => line.replace(' ', '\n'),
]

describe('nothing that proves a death is passed over in silence', () => {
  it('whatever stands before it and whatever became of it', async () => {
    const some = fc.array(
      fc.record({
        line: fc.constantFrom(...proofLines.map(([line]) => line)),
        front: fc.constantFrom(...fronts),
        change: fc.nat(changes.length - 1),
      }),
      { minLength: 1, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(some, async (parts) => {
        const text = parts.map(({ line, front, change }) => `${front}${(changes[change] ?? String)(line)}`).join('\nThis happened then.\n')
        const report = await reportOf(text)
        const quoted = new Set(
          [
            ...report.findings.flatMap((f) => f.evidence),
            ...report.incidents.flatMap((i) => [
              ...i.kills.flatMap((k) => k.evidence),
              ...Object.values(i.diagnosis).flatMap((a) => a.evidence),
            ]),
          ].flatMap(({ line, text: quote }) => quote.split('\n').map((_, more) => (line ?? 0) + more)),
        )
        const rows = await linesOfEvents(text)
        for (const { line } of report.timeline) if (line !== null) rows.add(line)
        const pids = new Set(report.incidents.flatMap((i) => i.kills.map((k) => k.victim.pid)))
        for (const [index, line] of text.split('\n').entries())
          for (const { pid } of proofsIn(line))
            expect(
              quoted.has(index + 1) || rows.has(index + 1) || (pid !== null && pids.has(pid)),
              `${index + 1}: ${line}\n---\n${text}`,
            ).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('and the page that found nothing says so', async () => {
    const { incidents, findings } = await reportOf('see: "Killed process 77 (x)" in the text of a bug\n')
    expect(incidents).toEqual([])
    expect(findings.find(({ id }) => id === 'seen-not-understood')?.evidence.map(({ line }) => line)).toEqual([1])
  })
})

describe('what proves a death again', () => {
  const line = (pid: number): string =>
    `Memory cgroup out of memory: Killed process ${pid} (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:997 pgtables:1412kB oom_score_adj:0`

  it('stands with the kill that it repeats, and makes no second one', async () => {
    const once = `[ 8123.100010] ${line(7110)}\n`
    const { incidents, findings } = await reportOf(`${once}${once}[ 8123.200001] ${line(7111)}\n${once}`)
    const kills = incidents.flatMap((i) => i.kills)
    expect(kills.map((k) => k.victim.pid).sort()).toEqual([7110, 7111])
    const places = kills.flatMap((k) => [...k.evidence, ...k.repeats].map((quote) => `${k.victim.pid} ${quote.line}`))
    expect(places.sort()).toEqual(['7110 1', '7110 2', '7110 4', '7111 3'])
    expect(kills.flatMap((k) => k.repeats.map((quote) => quote.line))).toContain(2)
    expect(findings.map(({ id }) => id)).not.toContain('seen-not-understood')
  })
})

describe('proofs whose words a break parted', () => {
  const words = (text: string) => sightingsOfSmall('a', text).map(({ word, pid }) => [word, pid])
  it.each([
    ['Out of memory: Killed\n process 12 (java)', 'killed-process', 12],
    ['Out of memory: Killed process\n> 12 (java)', 'killed-process', 12],
    ['Kil\nled process 12 (java)\nKilled process 13 (a)', 'killed-process', 12],
    ['oom_rea\nper: reaped process 12 (java)', 'reaped', 12],
    ['oom_reaper: reaped\n | process 12 (java)', 'reaped', 12],
    ['Reason: OOM\n   Killed', 'oomkilled', null],
  ])('%j', (text, word, pid) => {
    expect(words(text)).toContainEqual([word, pid])
  })
})

describe('a document on one line', () => {
  const pod = (name: string, reason: string): object => ({
    kind: 'Pod',
    metadata: { name, namespace: 'shop', annotations: { note: 'é'.repeat(900) } },
    spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
    status: { containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 137, reason } } }] },
  })
  const pods = [...Array.from({ length: 6 }, (_, at) => pod(`a-${at}`, 'Error')), pod('cart-0', 'OOMKilled')]
  const list = (...more: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...pods, ...more] })
  const findings = async (text: string) => (await reportOf(text)).findings.filter(({ id }) => id === 'seen-not-understood')

  it('that was read is not said to be unread', async () => {
    expect(list().length).toBeGreaterThan(4000)
    expect(await findings(list())).toEqual([])
  })

  it('in which something was not read has that said, with its place in bytes', async () => {
    const strange = {
      kind: 'Note',
      spec: { pad: 'x'.repeat(3000), text: 'Killed process 4242 (java) total-vm:1kB', end: 'x'.repeat(3000) },
    }
    const text = list(strange)
    const [finding, ...others] = await findings(text)
    expect(others).toEqual([])
    expect(finding?.evidence).toHaveLength(1)
    const before = new TextEncoder().encode(text.slice(0, text.indexOf('Killed process'))).length
    expect(finding?.evidence[0]).toMatchObject({ line: 1, offset: before })
  })
})

it('a text in pieces has the sightings of the whole', () => {
  const lines = Array.from({ length: 40_000 }, (_, at) =>
    at % 9_000 === 5 ? `ü Killed process ${at} (a) total-vm:1kB` : `é nothing ${at} of note here`,
  )
  const objects = Array.from({ length: 3_000 }, (_, at) => ({ text: at % 900 === 7 ? `é Killed process ${at} (a)` : 'é'.repeat(400) }))
  for (const text of [lines.join('\n'), JSON.stringify(objects), `${lines.join('\n')}\n${JSON.stringify(objects)}\n${lines.join('\n')}`]) {
    const witness = openStreamWitness('a')
    for (let at = 0; at < text.length; at += 1 << 18) witness.push(text.slice(at, at + (1 << 18)))
    const places = (all: ReturnType<typeof sightingsIn>) =>
      all.map(({ word, pid, quote: { line, offset } }) => ({ word, pid, line, offset }))
    const whole = places(sightingsIn('a', text))
    expect(whole.length).toBeGreaterThan(3)
    expect(places(witness.sightings())).toEqual(whole)
  }
})
