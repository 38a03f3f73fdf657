import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { withOutputs } from '../scripts/write-readme.ts'

it('README has the outputs of the list (npm run readme)', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(withOutputs(readme)).toBe(readme)
})

it('samples/README.md has every folder', () => {
  const readme = readFileSync('samples/README.md', 'utf8')
  const folders = readdirSync('samples', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.filter(({ name }) => !readme.includes(`\`${name}/`)).map(({ name }) => name)).toEqual([])
})

const documents = (readdirSync('.', { recursive: true, encoding: 'utf8' }) as string[]).filter(
  (name) => name.endsWith('.md') && !/^(?:node_modules|samples|dist|test\/(?:golden|corpus))\b|\/node_modules\//.test(name),
)

it('no picture lies about that nobody shows', () => {
  const texts = documents.map((name) => readFileSync(name, 'utf8')).join('\n')
  const pictures = (readdirSync('docs', { recursive: true, encoding: 'utf8' }) as string[]).filter((name) =>
    /\.(?:png|webp|svg)$/.test(name),
  )
  expect(pictures.length).toBeGreaterThan(30)
  expect(pictures.filter((name) => !texts.includes(name.slice(name.lastIndexOf('/') + 1)))).toEqual([])
})

it('files that documents name are there', () => {
  const missing = documents
    .filter((name) => name !== 'CHANGELOG.md')
    .flatMap((name) =>
      [...readFileSync(name, 'utf8').matchAll(/\b(?:src|test|bench|scripts|docs)\/[\w./-]+\.(?:ts|mjs|md|wat|json)\b/g)]
        .map(([file]) => file)
        .filter((file) => !existsSync(file) && !existsSync(join(dirname(name), file)))
        .map((file) => `${name}: ${file}`),
    )
  expect(missing).toEqual([])
})
