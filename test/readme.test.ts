import { readdirSync, readFileSync } from 'node:fs'
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

it('no picture lies about that nobody shows', () => {
  const shown = [
    'README.md',
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ]
  const texts = shown.map((name) => readFileSync(name, 'utf8')).join('\n')
  expect(readdirSync('docs').filter((name) => name.endsWith('.png') && !texts.includes(name))).toEqual([])
})
