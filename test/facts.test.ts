import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { answerIds, owners, patternIds, timeBases, whens } from '../src/model/ids.ts'

const pages = readdirSync('docs/facts')
  .filter((name) => name !== 'README.md')
  .map((name) => name.replace(/\.md$/, ''))
const sources = (readdirSync('src', { recursive: true, encoding: 'utf8' }) as string[]).filter((name) => name.endsWith('.ts'))
const texts = sources.map((name) => [name, readFileSync(`src/${name}`, 'utf8')] as const)

it.each(pages)('%s has every section that the code cites', (page) => {
  const headings = new Set([...readFileSync(`docs/facts/${page}.md`, 'utf8').matchAll(/^#+ §([\d.]+) /gm)].map((match) => match[1]))
  const cited = texts.flatMap(([name, text]) =>
    [...text.matchAll(new RegExp(`${page} ((?:§[\\d.]*\\d(?:, )?)+)`, 'g'))].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/§([\d.]*\d)/g)].map((section) => ({ name, section: section[1] })),
    ),
  )
  expect(cited.filter(({ section }) => !headings.has(section))).toEqual([])
})

it('no comment leads out of the repository', () => {
  expect(texts.filter(([, text]) => /\.\.\/shared|style-anchors|fact sheet/.test(text)).map(([name]) => name)).toEqual([])
})

it('the contract names every id', () => {
  const contract = readFileSync('docs/contract.md', 'utf8')
  const ids = [...Object.values(answerIds).flat(), ...patternIds, ...whens, ...owners, ...timeBases]
  expect(ids.filter((id) => !contract.includes(`\`${id}\``))).toEqual([])
})
