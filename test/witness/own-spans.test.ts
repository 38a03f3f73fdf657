import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeEvidence } from '../../src/analyze.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { renderReport } from '../../src/render/index.ts'
import { beginsAsOwn, ownSpans } from '../../src/witness/own-report.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const options = { timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames: [] }
const reportOf = async (text: string): Promise<PhrasedReport> => analyzeEvidence(await evidenceOf({ 'input.txt': text }), options)
const pidsOf = ({ incidents }: PhrasedReport): (number | null)[] =>
  incidents.flatMap((i) => i.kills.map((k) => k.victim.pid)).sort((a, b) => (a ?? 0) - (b ?? 0))
const linesOf = (text: string): number => text.trimEnd().split('\n').length
const outputs = ['md', 'html', 'json', 'ndjson', 'csv', 'text', 'jira', 'ticket', 'postmortem'] as const

/** A page of none, one that saw words only, one and several incidents, a lead of two lines, curves, findings. */
const samples = [
  'tables/docker-ps.txt',
  'cgroup/v2-hostile-name.txt',
  'kernel/6.1-memcg-group.txt',
  'userspace-killers/several.log',
  'describe/pods-two.txt',
]

describe('a report is set aside whole, from its lead to its foot', () => {
  it.each(samples)('%s', async (name) => {
    const report = await reportOf(readFileSync(`samples/${name}`, 'utf8'))
    for (const output of outputs) {
      const written = await renderReport(report, output)
      if (output === 'ndjson' && written.trim() === '') continue
      const covered = ownSpans(written).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, n) => from + n))
      const left = written.split('\n').filter((line, at) => line.trim() !== '' && !covered.includes(at))
      expect(left, output).toEqual([])
      for (const before of ['> ', '>> ', ' > > '])
        expect(ownSpans(written.replace(/^/gm, before)).length, `${output} ${before}`).toBeGreaterThan(0)
    }
  })

  it('one that was cut to fit, one as a fleet, lines of ndjson as they were', async () => {
    const ticket = await renderReport(await reportOf(dmesg(killLines(100, 31))), 'ticket')
    for (const star of ['', '*']) {
      const cut = `${ticket.split('\n').slice(0, -2).join('\n')}\n\n${star}Cut here to fit into a ticket; the JSON or HTML report holds the rest.${star}\n`
      expect(ownSpans(cut)).toEqual([{ from: 0, to: linesOf(cut) }])
    }
    const fleet =
      '## Out-of-memory incidents, fleet view\n\n3 bundles, 2 incidents.\n\n### What is killing workloads\n\n| workload | kills |\n| --- | --- |\n| a | 2 |\n\nMade by oom-report 0.1.0.\n'
    expect(ownSpans(fleet)).toEqual([{ from: 0, to: linesOf(fleet) }])
    const old = '{"id":"0011aabbccdd","headline":"x was OOMKilled","host":null,"pattern":"single"}\n'
    expect(ownSpans(`${old}${old}`)).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ])
  })

  it('a draft of the first version, which has no foot', async () => {
    const draft = (await renderReport(await reportOf(dmesg(killLines(100, 31))), 'postmortem')).replace(/ Made by oom-report.*/g, '')
    expect(ownSpans(draft)).toEqual([{ from: 0, to: linesOf(draft) }])
  })
})

const stamp = 'Nov 24 06:59:32'
/** A kill as a line that stands bare, by what stands before it. */
const bare: Readonly<Record<string, (pid: number, at: number) => string>> = {
  dmesg: (pid, at) => dmesg(killLines(at, pid)).trimEnd(),
  'dmesg -T': (pid, at) =>
    killLines(at, pid)
      .map(({ text }) => `[Tue Nov 24 06:59:32 2026] ${text}`)
      .join('\n'),
  syslog: (pid, at) =>
    killLines(at, pid)
      .map(({ text, at: own }) => `${stamp} node7 kernel: [${own.toFixed(6).padStart(12)}] ${text}`)
      .join('\n'),
  'RFC 5424 in short': (pid, at) =>
    killLines(at, pid)
      .map(({ text }) => `2026-11-24T06:59:32.120000+00:00 node7 kernel: ${text}`)
      .join('\n'),
  'with its priority': (pid, at) =>
    killLines(at, pid)
      .map(({ text, at: own }) => `<4>[${own.toFixed(6).padStart(12)}] ${text}`)
      .join('\n'),
  '/dev/kmsg': (pid, at) =>
    killLines(at, pid)
      .map(({ text, at: own }, n) => `4,${1000 + n},${Math.round(own * 1e6)},-;${text}`)
      .join('\n'),
}

describe('a report hides no line of a log', () => {
  it.each(Object.entries(bare))('%s: what stands bare in one is read', async (_, log) => {
    const written = (await renderReport(await reportOf(dmesg(killLines(100, 31))), 'md')).split('\n')
    const middle = Math.floor(written.length / 2)
    const mixed = [...written.slice(0, middle), log(41, 200), ...written.slice(middle)].join('\n')
    expect(pidsOf(await reportOf(mixed))).toEqual([41])
  })

  it.each(['| ', '', '**', '_', '## ', '=== '])('nor one that a person quotes right above it behind “%s”', async (mark) => {
    const end = mark === '=== ' ? ' ===' : ''
    const quote = `${mark}Out of memory: Killed process 41 (java) total-vm:9000kB, anon-rss:800kB, file-rss:4kB, shmem-rss:0kB${end}`
    for (const output of ['md', 'ticket', 'jira'] as const) {
      const written = await renderReport(await reportOf(dmesg(killLines(100, 31))), output)
      for (const gap of ['\n', '\n\n']) {
        const spans = ownSpans(`${quote}${gap}${written}`)
        expect(spans.length).toBe(1)
        expect(spans[0]?.from, `${output} ${gap.length}`).toBeGreaterThan(0)
      }
    }
  })

  /** Each line of a report that tells of one, with others of its kind beside it. */
  const telling: readonly (readonly [string, string])[] = [
    ['Which limit was hit? a', 'What filled it? b\nWhat came of it? c'],
    ['What filled it? a', 'Which limit was hit? b\nWhat came of it? c'],
    ['Why did this one die? a', 'Which limit was hit? b\nWhat came of it? c'],
    ['What came of it? a', 'Which limit was hit? b\nWhat filled it? c'],
    ['Likely root cause: a', 'Which limit was hit? b\nWhat filled it? c'],
    ['What it would have looked like', 'Where else to look'],
    ['### What to collect', '### What it would have looked like'],
    ['## Out-of-memory incidents, fleet view', '### What is killing workloads'],
    ['### What is killing workloads', '## Out-of-memory incidents, fleet view'],
    ['  limit    80 MiB; b', '  proof    a'],
    ['  cause    a (confidence high)', '  proof    a'],
    ['  proof    a', '  cause    a (confidence high)'],
    ['  read     a', '  collect  b'],
    ['  collect  b', '  read     a'],
  ]
  const foot = 'All times are UTC. Made by oom-report 0.1.0.'
  it.each(telling)('%s: tells of one where it begins a line, not where a program logs it', (line, others) => {
    expect(ownSpans(`${line}\n${others}\n${foot}\n`).length).toBe(1)
    expect(ownSpans(`web-1 says: ${line}\n${others}\n${foot}\n`)).toEqual([])
    expect(ownSpans(`${others}\n${foot}\n`)).toEqual([])
  })

  it.each([
    'What it would have looked like in June',
    '### What to collect from the archive',
    '## Out-of-memory incidents, fleet view of June',
    '### What is killing workloads of ours',
  ])('%s: another heading', (line) => {
    expect(ownSpans(`${line}\n  proof    a\n${foot}\n`)).toEqual([])
  })

  it.each([
    ['a program that prints the table’s head', 'app: id,verdict,host,firstTime,x\n0123456789ab,x\n', 0],
    ['rows alone', '0123456789ab,x\n', 0],
    ['a table ends with its rows', 'id,verdict,host,firstTime,x\n0123456789ab,x\nat 0123456789ab,\n', 2],
    ['a line of JSON that a program logged', 'app: {"id":"0123456789ab","verdict":"x","headline":"y","pattern":"z"}\n', 0],
    ['a page of somebody else', '<!DOCTYPE html>\n<html>\n<head>\n</head>\n</html>\n', 0],
    ['the mark in a page’s text', '<p>x</p>\n<meta name="generator" content="oom-report 0.1.0">\n</html>\n', 0],
    ['a page that was cut', '<!DOCTYPE html>\n<meta name="generator" content="oom-report 0.1.0">\nx\ny\n', 5],
    ['what stands behind a page', '<!DOCTYPE html>\n<meta name="generator" content="oom-report 0.1.0">\nx\n</html>\ny\n', 4],
    ['JSON that was cut', '{\n  "schemaVersion": 2,\n  "generator": {\n    "name": "oom-report"\n', 5],
    ['what stands behind JSON', '{\n  "generator": { "name": "oom-report" }\n}\ny\n', 3],
    ['JSON of somebody else', '{\n  "generator": { "name": "other" }\n}\n', 0],
    ['JSON on one line', '{"schemaVersion":2,"generator":{"name":"oom-report"}}\ny\n', 1],
    ['JSON in a program’s line', 'app {"generator":{"name":"oom-report"}}\n', 0],
  ])('%s', (_, text, to) => {
    expect(ownSpans(text)).toEqual(to === 0 ? [] : [{ from: 0, to }])
  })
})

it.each([
  ['<!DOCTYPE html>\n<meta name="generator" content="oom-report 0.1.0">', true],
  [' \n<!doctype html>\n<meta name="generator" content="oom-report 0.1.0">', true],
  ['<!DOCTYPE html>\n<meta name="generator" content="other 0.1.0">', false],
  ['see: <!DOCTYPE html>\n<meta name="generator" content="oom-report 0.1.0">', false],
  ['<meta name="generator" content="oom-report 0.1.0">', false],
  ['{\n  "schemaVersion": 2,\n  "generator": { "name": "oom-report"', true],
  ['{"generator":{"name":"oom-report"', true],
  ['{"generator":{"name":"other"', false],
  ['app {"generator":{"name":"oom-report"', false],
  ['"generator":{"name":"oom-report"', false],
])('a large source is one of ours by its head: %j', (head, own) => {
  expect(beginsAsOwn(head)).toBe(own)
})
