import { confidence } from '../../src/explain/confidence.ts'
import type { Term } from '../../src/explain/define-term.ts'
import { fieldTold } from '../../src/explain/fields.ts'
import { rootCauses } from '../../src/explain/root-causes.ts'
import type { Diagnosis, Phrase } from '../../src/model/diagnosis.ts'
import { rootCauseIds } from '../../src/model/ids.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'

/** Pages of `docs/` that are made of what `explain/` and the rules say; a test holds them current (`npx vitest -u` writes them). */

const generated = (title: string, from: string): string =>
  `# ${title}\n\n<!-- Made from ${from} by test/explain/pages.test.ts: change it there. -->\n`

const entry = (id: string, { title, short, long }: Term): string => `## ${title}\n\n\`${id}\`. ${short}\n\n${long}\n`

export const rootCausesPage = (): string =>
  [generated('Root causes', '`src/explain/root-causes.ts`'), ...rootCauseIds.map((id) => entry(id, rootCauses[id]))].join('\n')

export const confidencePage = (): string =>
  [
    generated('Confidence', '`src/explain/confidence.ts`'),
    ...(['high', 'medium', 'low'] as const).map((id) => entry(id, confidence[id])),
  ].join('\n')

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly $ref?: string
}

export interface Field {
  readonly parent: string
  readonly name: string
  readonly told: string | null
}

/** Every property of the schema with the object that it stands in; what several objects share stands once, without a parent. */
export function schemaFields(schema: Schema): readonly Field[] {
  const found = new Map<string, Field>()
  const walk = (node: Schema, parent: string): void => {
    for (const part of node.anyOf ?? []) walk(part, parent)
    if (node.items !== undefined) walk(node.items, parent)
    for (const [name, inside] of Object.entries(node.properties ?? {})) {
      const key = parent.startsWith('__') ? name : `${parent}.${name}`
      if (!found.has(key)) found.set(key, { parent: parent.startsWith('__') ? '' : parent, name, told: fieldTold(parent, name) })
      walk(inside, name)
    }
  }
  walk(schema, 'report')
  for (const [name, inside] of Object.entries(schema.$defs ?? {})) walk(inside, name)
  return [...found.values()]
}

export function fieldsPage(schema: Schema): string {
  const rows = schemaFields(schema).map(({ parent, name, told }) => `| \`${parent === '' ? '' : `${parent}.`}${name}\` | ${told ?? ''} |`)
  return `${generated('Fields of the JSON report', '`src/explain/fields.ts`')}\nSizes are bytes, unknown is \`null\`, times are RFC 3339 in UTC.\n\n| field | meaning |\n| --- | --- |\n${rows.join('\n')}\n`
}

/** The sentences of one diagnosis, with the values of a made-up incident. */
function sentencesOf(title: string, diagnosis: Diagnosis): string {
  const say = (phrase: Phrase | null | undefined): string => (phrase === null || phrase === undefined ? '' : plainPhrase(phrase))
  const answers = (['limit', 'consumer', 'selection', 'consequence'] as const).map(
    (q) => `- ${q}, \`${diagnosis[q].id}\` (${diagnosis[q].confidence}): ${say(diagnosis[q].statement)}`,
  )
  const advice = diagnosis.recommendations.map(
    (one) =>
      `- ${one.when}: ${say(one.text)} *${say(one.why)}* ${say(one.effect)}${one.command === null ? '' : `\n  \`\`\`sh\n  ${one.command}\n  \`\`\``}`,
  )
  const others = diagnosis.alternatives.map((one) => `- instead, \`${one.id}\`: ${say(one.why)} *${say(one.against)}*`)
  const missing = diagnosis.missing.map((one) => `- missing: ${say(one.text)}`)
  return [
    `## ${title}`,
    '',
    `**${say(diagnosis.rootCause.statement)}** (${diagnosis.rootCause.confidence})`,
    '',
    ...answers,
    ...advice,
    ...others,
    ...missing,
    '',
  ].join('\n')
}

export const sentencesPage = (cases: readonly (readonly [string, Diagnosis])[]): string =>
  `${generated('All sentences, with example values', 'the incidents of `test/rules/root-cause-cases.ts`')}\nReviewed as a whole, as one text: see [style](style.md).\n\n${cases.map(([title, diagnosis]) => sentencesOf(title, diagnosis)).join('\n')}`
