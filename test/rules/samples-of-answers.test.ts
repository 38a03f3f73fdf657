import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rules } from '../../src/rules/index.ts'

/** What the golden of a sample says of each incident: `limit: "container-limit (high)"`, `alternatives: ["consumer: page-cache"]`. */
interface Told {
  readonly incidents: readonly (Readonly<Record<string, string>> & { readonly id: string; readonly alternatives: readonly string[] })[]
}
const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T

const goldens = new Map(
  readdirSync('test/golden', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !/^(?:shown|timeline)\W/.test(name))
    .map((name) => [name.slice(0, -'.json'.length), read<Told>(`../golden/${name}`)] as const),
)

const keys = rules.filter(({ id }) => id !== 'unknown').map(({ question, id }) => `${question}/${id}`)
const answers = (incident: Told['incidents'][number], key: string): boolean => {
  const [question = '', id = ''] = key.split('/')
  return incident[question]?.startsWith(`${id} (`) ?? false
}

/** Incidents, not samples: one log in ten wrappings is one. */
function incidentsThatGive(key: string): number {
  const ids = [...goldens.values()].flatMap(({ incidents }) => incidents.filter((one) => answers(one, key)).map(({ id }) => id))
  return new Set(ids).size
}

/** A sample in which something speaks for the answer that is not the answer after all; others are named in `look-alikes.json`. */
const lookAlikes = read<Readonly<Record<string, string>>>('look-alikes.json')
function hasLookAlike(key: string): boolean {
  const alternative = key.replace('/', ': ')
  return key in lookAlikes || [...goldens.values()].some(({ incidents }) => incidents.some((one) => one.alternatives.includes(alternative)))
}

const lacking = {
  twoSamples: keys.filter((key) => incidentsThatGive(key) < 2),
  lookAlike: keys.filter((key) => !hasLookAlike(key)),
}

const known = read<typeof lacking>('lacking.json')

it('every answer has two samples that give it and a look-alike that does not, but for those that always lacked them', async () => {
  for (const what of ['twoSamples', 'lookAlike'] as const)
    expect(
      lacking[what].filter((key) => !known[what].includes(key)),
      what,
    ).toEqual([])
  // What lacks nothing any more leaves the list (vitest -u): it only shrinks.
  await expect(`${JSON.stringify(lacking, null, 2)}\n`).toMatchFileSnapshot('lacking.json')
})

it.each(Object.entries(lookAlikes))('%s is not what %s shows', (key, sample) => {
  const told = goldens.get(sample)
  expect(keys).toContain(key)
  expect(told?.incidents.filter((one) => answers(one, key))).toEqual([])
})
