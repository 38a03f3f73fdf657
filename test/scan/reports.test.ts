import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documentReaders } from '../../src/extract/documents/index.ts'
import { extractors } from '../../src/extract/index.ts'
import { detectFormat, formats } from '../../src/formats/index.ts'
import type { Event } from '../../src/model/event.ts'
import { scanSource } from '../../src/scan/index.ts'
import { sourceOf } from './tools.ts'

const tools = { formats, detectFormat, extractors, documentReaders, inputFormat: null }
const folder = 'bench/reports'
/** A report far from head and tail, among lines that nobody wants. */
const quiet = Array.from(
  { length: 3000 },
  (_, k) => `2026-11-23T01:00:${String(k % 60).padStart(2, '0')}.000000+00:00 worker-1 app-lobby[7]: room ${k} is quiet\n`,
)

describe('real reports in a large log, with all formats and extractors', () => {
  test.each(readdirSync(folder))('%s: fast as slow, in any chunks', async (name) => {
    const report = readFileSync(join(folder, name), 'utf8')
    const text = quiet.join('') + report + quiet.join('')
    const [slow] = await scanSource(sourceOf(text), { ...tools, slow: true })
    expect(slow?.events.filter((event) => event.kind === 'kernel-oom').length).toBeGreaterThan(0)
    for (const size of [997, 65_536]) expect((await scanSource(sourceOf(text, [size]), tools))[0]).toEqual(slow)
    const [alone] = await scanSource(sourceOf(report), tools)
    const dumps = (events: readonly Event[] = slow?.events ?? []) =>
      events.flatMap((event) => (event.kind === 'kernel-oom' ? [event.dump] : []))
    const told = (of: ReturnType<typeof dumps>) => of.map((dump) => JSON.stringify(dump).replace(/"(line|offset)":\d+/g, ''))
    expect(told(dumps())).toEqual(told(dumps(alone?.events)))
  })
})
