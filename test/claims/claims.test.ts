import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Report, ReportEvidence, ReportIncident } from '../../src/model/report.ts'
import { describeCorpus } from '../corpus.ts'
import {
  answersOf,
  type CorpusIncident,
  type Expectation,
  incidentsOf,
  inventedKills,
  ownIncidents,
  withoutAnswers,
  wrongAndHigh,
} from './expectation.ts'

/** All incidents and all their files with `OOM_REPORT_FULL=1`, else a spread. */
const full = process.env['OOM_REPORT_FULL'] === '1'

/** Quotes that do not stand where they say. Only texts are looked into: a journal's entry has no line. */
function misplaced(report: Report, path: string, folder: string | null): string[] {
  const lines = new Map<string, readonly string[] | null>()
  const linesOf = (source: string): readonly string[] | null => {
    if (!lines.has(source))
      lines.set(source, readLines(folder === null ? path : join(folder, source.slice(source.indexOf('/') + 1)), source))
    return lines.get(source) ?? null
  }
  const quotes = new Set<ReportEvidence>(report.findings.flatMap((f) => f.evidence))
  for (const i of report.incidents) {
    for (const quote of [
      ...i.kills.flatMap((k) => k.evidence),
      ...answersOf(i).flatMap(([, answer]) => answer.evidence),
      ...(i.excerpt?.lines ?? []),
    ])
      quotes.add(quote)
  }
  return [...quotes].flatMap((quote) => {
    if (quote.line === null) return []
    const own = linesOf(quote.source)
    if (own === null) return []
    const stands = own[quote.line - 1]
    return stands !== undefined && standsIn(quote.text, stands, own.slice(quote.line, quote.line + 200))
      ? []
      : [`${quote.source}:${quote.line}: ${quote.text}`]
  })
}

/** The bytes as lines, as `grep -n` counts them; `null` for what is no text or lies in an archive. */
function readLines(path: string, source: string): readonly string[] | null {
  if (source.includes('!')) return null
  const raw = readFileSync(path)
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw
  if (bytes.subarray(0, 8).toString('latin1') === 'LPKSHHRH' || bytes[0] === 0x1f) return null
  // A line that is no UTF-8 is shown as latin1.
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const text = Buffer.from(line, 'latin1').toString('utf8')
      return text.includes('\ufffd') ? line : text
    })
}

/** A quote is the line, or begins it (a record of several lines), once what a terminal must not see is set aside. */
function standsIn(text: string, line: string, following: readonly string[]): boolean {
  const plain = (t: string): string => t.replace(/[\s\p{C}\ufffd]/gu, '')
  const want = plain(text)
  const have = plain(line)
  return (
    have === want || have.includes(want) || (have !== '' && want.startsWith(have) && plain([line, ...following].join('')).startsWith(want))
  )
}

const numbersAndNames = (i: ReportIncident): string[] =>
  [
    ...i.kills.flatMap((k) => [k.victim.comm, String(k.victim.pid), k.victim.memcg, k.memcg?.path]),
    i.workload?.pod,
    i.workload?.container,
    i.workload?.containerId?.slice(0, 12),
    i.workload?.unit,
    i.workload?.podUid,
    i.host,
    i.memcg?.path,
  ].filter((name): name is string => name != null && name !== '' && name !== 'null')

function shortfalls(report: Report): string[] {
  return report.incidents.flatMap((i) => {
    const told: string[] = []
    const names = numbersAndNames(i)
    const said = i.recommendations.map((r) => `${r.text} ${r.why} ${r.command ?? ''}`)
    if (i.kills.length > 0 && !said.some((text) => /\d/.test(text) || names.some((name) => text.includes(name))))
      told.push(`no recommendation with a number or name of its own: ${said.join(' / ')}`)
    for (const [question, answer] of answersOf(i)) {
      if (answer.id === 'unknown' && i.missing.length === 0) told.push(`${question} is unknown and nothing is missing`)
      if (answer.id === 'unknown' && answer.confidence !== 'low') told.push(`${question} is unknown with ${answer.confidence}`)
      if (answer.confidence === 'high' && answer.evidence.length === 0) told.push(`${question}: ${answer.id} (high) without a quote`)
      if (answer.statement.trim() === '') told.push(`${question}: no statement`)
    }
    return told
  })
}

/** What one file can answer. */
const aloneOf = ({ diagnosis, needsBundle }: Expectation): Expectation['diagnosis'] =>
  Object.fromEntries(Object.entries(diagnosis ?? {}).filter(([question]) => needsBundle?.includes(question) !== true))

describeCorpus('every claim', (root) => {
  const every = { kubernetes: full ? 1 : 2, lab: full ? 1 : 6, public: 1 }
  const sets = Object.entries(every).flatMap(([set, step]) => incidentsOf(root, set).filter((_, k) => k % step === 0))
  const limits = { right: 0, high: 0 }

  test.each(sets.map((incident) => [incident.name, incident] as const))('%s', async (name, incident) => {
    const { parent, folder } = withoutAnswers(incident)
    try {
      if (incident.expect.bundle !== false) {
        const { report } = await analyze([folder])
        judge(report, incident, true, incident.expect.diagnosis)
        expect(misplaced(report, folder, folder)).toEqual([])
      }
      const files = Object.entries(incident.expect.files)
      for (const [file, facts] of full ? files : files.filter((_, k) => k % 7 === name.length % 7)) {
        const { report } = await analyze([join(folder, file)])
        expect(misplaced(report, join(folder, file), null), file).toEqual([])
        judge(report, incident, facts.lossy !== true, aloneOf(incident.expect))
      }
    } finally {
      rmSync(parent, { recursive: true })
    }
  })

  /** `whole`: a dump or a bundle is there, so that the limit can be known. `diagnosis`: the answers asked. */
  function judge(report: Report, { expect: own }: CorpusIncident, whole: boolean, diagnosis: Expectation['diagnosis']): void {
    const expected = { ...own, diagnosis: diagnosis ?? {} }
    expect(shortfalls(report)).toEqual([])
    expect(wrongAndHigh(report, expected)).toEqual([])
    expect(inventedKills(report, expected)).toEqual([])
    for (const i of whole ? ownIncidents(report, expected) : []) {
      if (expected.diagnosis?.['limit']?.includes(i.diagnosis.limit.id) !== true) continue
      limits.right++
      if (i.diagnosis.limit.confidence === 'high') limits.high++
    }
  }

  test('most right limits are certain', () => {
    expect(limits.right).toBeGreaterThan(4)
    expect(limits.high / limits.right).toBeGreaterThanOrEqual(0.8)
  })
})
