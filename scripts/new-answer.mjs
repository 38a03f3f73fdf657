// Lays an answer in all places that know of it: npm run new -- answer rootCause my-cause

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const questions = {
  limit: { folder: 'limit', ids: 'limitIds', terms: ['explain/answers.ts', 'limits'], next: '// consumer' },
  consumer: { folder: 'consumer', ids: 'consumerIds', terms: ['explain/answers.ts', 'consumers'], next: '// selection' },
  selection: { folder: 'selection', ids: 'selectionIds', terms: ['explain/answers.ts', 'selections'], next: '// consequence' },
  consequence: { folder: 'consequence', ids: 'consequenceIds', terms: ['explain/answers.ts', 'consequences'], next: '// root-cause' },
  rootCause: { folder: 'root-cause', ids: 'rootCauseIds', terms: ['explain/root-causes.ts', 'rootCauses'], next: ']\n' },
}

const [what, question, id] = process.argv.slice(2)
const place = questions[question]
if (what !== 'answer' || place === undefined || !/^[a-z]+(-[a-z]+)*$/.test(id ?? '')) {
  console.error(`npm run new -- answer ${Object.keys(questions).join('|')} some-id`)
  process.exit(2)
}

const at = (file) => new URL(`../src/${file}`, import.meta.url)
/** Puts a text before the first `mark` that stands behind `after`. */
function insert(file, after, mark, text) {
  const whole = readFileSync(at(file), 'utf8')
  const from = whole.indexOf(after)
  const to = whole.indexOf(mark, from)
  if (from < 0 || to < 0) throw new Error(`${file} has no ${JSON.stringify(mark)} after ${JSON.stringify(after)}`)
  writeFileSync(at(file), whole.slice(0, to) + text + whole.slice(to))
}

const name = id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()) + (question === 'rootCause' ? 'Cause' : '')
const rule = `rules/${place.folder}/${id}.ts`
if (existsSync(at(rule))) throw new Error(`src/${rule} is there already`)
writeFileSync(
  at(rule),
  `import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'

/** What makes it so, and where that is known from. */
export const ${name} = defineRule({
  question: '${question}',
  id: '${id}',
  title: '${id.replaceAll('-', ' ')}',
  needs: ['kill'],
  weight: 50,
  evaluate: () => null,
  doubt: say\`What speaks against it.\`,
})
`,
)
insert('model/ids.ts', `export const ${place.ids} =`, `'unknown'`, `'${id}', `)
insert('rules/index.ts', 'export const rules', place.next, `  ${name},\n`)
insert('rules/index.ts', 'import', 'import', `import { ${name} } from './${place.folder}/${id}.ts'\n`)
const [terms, table] = place.terms
insert(
  terms,
  `export const ${table}`,
  '  unknown: term(',
  `  '${id}': term('${id.replaceAll('-', ' ')}', 'One sentence.', 'What speaks for it, what against, and what to do.'),\n`,
)
spawnSync('npx', ['biome', 'check', '--write', 'src'], { stdio: 'ignore' })
spawnSync('npx', ['tsx', 'scripts/write-schema.mjs'], { stdio: 'inherit' })
console.log(`src/${rule} has the rule, src/${terms} its words; docs/contract.md names it. Two samples that give it and a look-alike go to samples/:
npx vitest run test/samples.test.ts test/rules test/facts.test.ts test/report/schema.test.ts tells what is missing.`)
