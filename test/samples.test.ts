import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze, outputs, render } from '../src/index.ts'
import type { Report } from '../src/model/report.ts'
import { renderReport } from '../src/render/index.ts'
import { filesBelow } from './corpus.ts'
import { gzipOf, tarOf } from './packed/pack.ts'
import { lackingIn } from './render/alone.ts'
import { firstDifference, placeless, placelessReport } from './same.ts'

const folder = fileURLToPath(new URL('../samples/', import.meta.url))
const names = filesBelow(folder).filter((name) => !/README\.md$|\.mjs$/.test(name))
/** Whole documents of these are kept: a memcg kill, a whole machine, a group, an eviction, a journal's record, and an empty report. */
const shown = [
  'dmesg/container-limit.txt',
  'kernel/6.1-global.txt',
  'kernel/6.1-memcg-group.txt',
  'kubelet/1.31-eviction.log',
  'systemd/262-leak-restarts.json',
  'tables/docker-ps.txt',
]
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(new URL('../schema/report.schema.json', import.meta.url), 'utf8')),
)

const staging = mkdtempSync(join(tmpdir(), 'samples-'))
afterAll(() => rmSync(staging, { recursive: true, force: true }))
/** Files in Git have no time of their own; a year may be taken from it. */
const modified = new Date('2026-11-24T12:00:00Z')

function stage(name: string, bytes: Uint8Array): string {
  const path = join(staging, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  utimesSync(path, modified, modified)
  return path
}

const streamed = async (bytes: Uint8Array, size: number): Promise<Report> =>
  (
    await analyze(['-'], {
      stdin: Readable.from(
        (function* () {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
        })(),
      ),
    })
  ).report

/** Text that CRLF leaves what it is: no packed data, and no export format, whose binary fields count bytes. */
const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 4096).includes(0)
const withoutOffsets = (text: string): string => text.replace(/"offset": \d+/g, '"offset": null')

/** Packed data is larger than it looks: a few bytes at a time only where it is short. */
const pieces = (bytes: Uint8Array): number[] => {
  if (isText(bytes)) return bytes.length < 65_536 ? [1, 7, 100] : [4096]
  return bytes.length < 8192 ? [1, 100] : [1009]
}

/** What a report says, in few lines: the part that must not change unnoticed. */
const compact = (report: Report): unknown => ({
  incidents: report.incidents.map((i) => ({
    id: i.id,
    headline: i.headline,
    pattern: i.pattern,
    kills: i.kills.map((k) => `${k.victim.pid} ${k.victim.comm} ${k.time ?? k.localTime} ${k.memcg?.path ?? ''} by ${k.killer}`.trim()),
    ...Object.fromEntries(Object.entries(i.diagnosis).map(([question, answer]) => [question, `${answer.id} (${answer.confidence})`])),
    rootCause: `${i.rootCause.id} (${i.rootCause.confidence})`,
    alternatives: i.alternatives.map((a) => `${a.question}: ${a.id}`),
  })),
  findings: report.findings.map((f) => f.id),
  formats: report.sources.map((s) => `${s.name}: ${s.format}, ${s.lines} lines`),
  warnings: report.warnings,
})

describe.each(names)('%s', (name) => {
  const bytes = readFileSync(join(folder, name))
  const path = stage(name, bytes)
  const file = basename(name)

  test('says what it said, validly', async () => {
    const { report } = await analyze([path])
    expect(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors)).toBe(true)
    await expect(`${JSON.stringify(compact(report), null, 1)}\n`).toMatchFileSnapshot(`golden/${name}.json`)
    if (report.incidents.length > 0)
      expect(lackingIn(await renderReport(report, 'md'), report), 'in the first 1,500 characters').toEqual([])
  })

  test('is the same without its name, gzipped and in a tar', async () => {
    const plain = await placelessReport(path, '')
    const hidden = stage(`hidden/${name}/unnamed-log`, bytes)
    const gzipped = stage(`packed/${name}.gz`, gzipOf(bytes))
    const tarred = stage(`packed/${name}.tar`, await tarOf([{ name: file, bytes, modified }]))
    expect(firstDifference(plain, await placelessReport(hidden, '')), 'hidden').toBeNull()
    expect(firstDifference(plain, await placelessReport(gzipped, '')), 'gzip').toBeNull()
    expect(firstDifference(plain, await placelessReport(tarred, `!${file}`)), 'tar').toBeNull()
  })

  if (isText(bytes))
    test('is the same with CRLF', async () => {
      const crlf = Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
      const plain = withoutOffsets(await placelessReport(path, ''))
      const got = withoutOffsets(await placelessReport(stage(`crlf/${name}`, crlf), ''))
      expect(firstDifference(plain, got)).toBeNull()
    })

  test('is the same however the bytes arrive', async () => {
    const whole = placeless(await streamed(bytes, bytes.length), [])
    for (const size of pieces(bytes)) {
      expect(firstDifference(whole, placeless(await streamed(bytes, size), [])), `${size} bytes at a time`).toBeNull()
    }
  })
})

describe.each(shown)('%s in every output', (name) => {
  const path = stage(`shown/${name}`, readFileSync(join(folder, name)))
  test.each(outputs.map((output) => output.id).filter((id) => id !== 'json' && id !== 'ndjson'))('%s', async (id) => {
    await expect(await render(await analyze([path]), id)).toMatchFileSnapshot(`golden/shown/${name}.${id}`)
  })
})
