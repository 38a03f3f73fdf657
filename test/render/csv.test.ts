import { expect, it } from 'vitest'
import { renderReport } from '../../src/render/index.ts'
import { allReports, hostile, nothingFound } from '../fixtures/reports.ts'

/** RFC 4180, read by somebody else's rule: fields in quotes, quotes doubled, rows ended by a line feed. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const match of text.matchAll(/"((?:[^"]|"")*)"(,|\n)/gy)) {
    row.push((match[1] ?? '').replaceAll('""', '"'))
    if (match[2] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

it.each(Object.entries(allReports))('%s: a header, and a row an incident', async (_, report) => {
  const [header = [], ...rows] = rowsOf(await renderReport(report, 'csv'))
  expect(rows).toHaveLength(report.incidents.length)
  rows.forEach((row, n) => {
    expect(row).toHaveLength(header.length)
    const field = (name: string): string | undefined => row[header.indexOf(name)]
    expect(field('id')).toBe(report.incidents[n]?.id)
    expect(field('limit')).toBe(report.incidents[n]?.diagnosis.limit.id)
    expect(field('limitBytes')).toBe(String(report.incidents[n]?.memcg?.limitBytes ?? ''))
    expect(field('verdict')?.length).toBeLessThanOrEqual(90)
  })
})

it('has its header where nothing was found', async () => {
  expect(await renderReport(nothingFound, 'csv')).toMatch(/^"id","verdict",.*\n$/)
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '|x', '%0A', '\t=1', '\r=1', '"=1', " =cmd|' /C calc'!A0", 'a","=1', '﻿=1', '＝1'])(
  'no field begins a formula: %j',
  async (text) => {
    for (const field of rowsOf(await renderReport(hostile(text), 'csv')).flat()) expect(field).not.toMatch(/^\s*[=+\-@|%＝＋－＠]/)
  },
)

it('is the same count of rows and fields whatever a log calls things', async () => {
  const shape = async (text: string): Promise<number[]> => rowsOf(await renderReport(hostile(text), 'csv')).map((row) => row.length)
  expect(await shape('a","b"\r\n"c')).toEqual(await shape('plain'))
})
