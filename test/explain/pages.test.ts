import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnose } from '../rules/make-incident.ts'
import { cases } from '../rules/root-cause-cases.ts'
import { confidencePage, fieldsPage, rootCausesPage, schemaFields, sentencesPage } from './pages.ts'

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'))

test('every field of the schema has a description', () => {
  expect(schemaFields(schema).filter((field) => field.told === null)).toEqual([])
})

test.each<[string, () => string]>([
  ['root-causes', rootCausesPage],
  ['confidence', confidencePage],
  ['fields', () => fieldsPage(schema)],
  [
    'sentences',
    () => sentencesPage(cases.flatMap(([id, gives]) => gives.map((incident, i) => [`${id} ${i + 1}`, diagnose(incident)] as const))),
  ],
])('docs/%s.md is what is said', async (name, page) => {
  await expect(page()).toMatchFileSnapshot(`../../docs/${name}.md`)
})

test('no sentence has a figure that cannot be, or words that were meant for nobody', () => {
  const text = sentencesPage(cases.flatMap(([id, gives]) => gives.map((incident) => [id, diagnose(incident)] as const)))
  expect(text).not.toMatch(/(?:NaN|undefined)|\[object|in its stead|by guilt/)
})
