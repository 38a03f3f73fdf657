import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyze, outputs } from '../../src/index.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { renderReport } from '../../src/render/index.ts'
import { filesBelow } from '../corpus.ts'

const folder = fileURLToPath(new URL('../../samples/', import.meta.url))
const all = process.env['OOM_REPORT_FULL'] === '1'
const names = filesBelow(folder)
  .filter((name) => !/README\.md$|\.mjs$/.test(name))
  .filter((_, at) => all || at % 6 === 0)

/** What a value that is none looks like when it is printed. */
const leftover = /\bNaN\b|\bundefined\b|\[object |\bnull\b|\bInfinity\b|\[Function|Invalid Date/
/** Where it is no leftover: shells' bin, the kernel's own words. */
const meant = /\/dev\/null|\(null\)|-print0? \/dev\/null/g

/** Lines of logs, whose words are their writers', as one word. */
const withoutQuotes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutQuotes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key,
      key === 'text' && typeof own === 'string' && 'source' in value && 'line' in value ? 'a quoted line' : withoutQuotes(own),
    ]),
  )
}

/** Every string of a report's JSON, with its path. */
function* strings(value: unknown, path = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value]
  else if (typeof value === 'object' && value !== null)
    for (const [key, own] of Object.entries(value)) yield* strings(own, Array.isArray(value) ? `${path}[]` : `${path}.${key}`)
}

const found = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => leftover.test(line.replace(meant, '')))
    .map((line) => line.slice(0, 300))

describe.each(names)('%s', (name) => {
  test('no output prints a value that is none', async () => {
    const { report, phrased } = await analyze([`${folder}${name}`])
    expect([...strings(withoutQuotes(report))].filter(([, text]) => leftover.test(text.replace(meant, '')))).toEqual([])
    const bare = withoutQuotes(phrased) as PhrasedReport
    for (const { id } of outputs) {
      // JSON's own `null` is its word for unknown; its strings were looked at above.
      if (id === 'json' || id === 'ndjson') continue
      expect(found(await renderReport(bare, id)), id).toEqual([])
    }
  })
})
