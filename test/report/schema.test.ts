import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import { jsonSchema, type reportSchema } from '../../scripts/report-schema.ts'
import type { Report } from '../../src/model/report.ts'
import { plainReport } from '../../src/report/plain.ts'
import { redact } from '../../src/report/redact.ts'
import { allReports, containerLimit, hostile } from '../fixtures/reports.ts'

const shipped = readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8')
const written = plainReport(containerLimit)
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(shipped))
const errorsOf = (report: unknown): string[] => {
  validate(JSON.parse(JSON.stringify(report)))
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

/** Readonly and extra fields aside, the two say the same. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T

describe('the shipped schema', () => {
  it('is what the script writes (npx tsx scripts/write-schema.mjs)', () => expect(shipped).toBe(jsonSchema()))

  it('says what the types say', () => {
    expectTypeOf<Writable<Report>>().toExtend<z.infer<typeof reportSchema>>()
    type Incident = z.infer<typeof reportSchema>['incidents'][number]
    type Own = Writable<Report['incidents'][number]>
    expectTypeOf<Incident['pattern']>().toEqualTypeOf<Own['pattern']>()
    expectTypeOf<Incident['diagnosis']['limit']['id']>().toEqualTypeOf<Own['diagnosis']['limit']['id']>()
    expectTypeOf<Incident['diagnosis']['consumer']['id']>().toEqualTypeOf<Own['diagnosis']['consumer']['id']>()
    expectTypeOf<Incident['diagnosis']['selection']['id']>().toEqualTypeOf<Own['diagnosis']['selection']['id']>()
    expectTypeOf<Incident['diagnosis']['consequence']['id']>().toEqualTypeOf<Own['diagnosis']['consequence']['id']>()
    expectTypeOf<Incident['rootCause']['id']>().toEqualTypeOf<Own['rootCause']['id']>()
    expectTypeOf<Incident['kills'][number]['killer']>().toEqualTypeOf<Own['kills'][number]['killer']>()
  })

  it.each(Object.entries(allReports))('takes %s, redacted too', (_, report) => {
    expect(errorsOf(plainReport(report))).toEqual([])
    expect(errorsOf(plainReport(redact(report)))).toEqual([])
  })

  it('takes hostile names, and more fields', () => {
    expect(errorsOf({ ...written, more: 1 })).toEqual([])
    expect(errorsOf({ ...plainReport(hostile('x')), sources: [] })).toEqual([])
  })

  it.each([
    ['a missing field', { ...written, warnings: undefined }],
    ['an unknown answer', edit('"container-limit"', '"pod"')],
    ['a local time', edit('"2026-11-24T06:59:32.432349Z"', '"Nov 24 06:59:32"')],
    ['a size in words', edit('83886080', '"80 MiB"')],
    ['another version', { ...written, schemaVersion: 1 }],
  ])('refuses %s', (_, report) => expect(errorsOf(report)).not.toEqual([]))
})

function edit(from: string, to: string): unknown {
  return JSON.parse(JSON.stringify(written).replaceAll(from, to))
}
