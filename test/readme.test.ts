import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withOutputs } from '../scripts/write-readme.ts'

it('README has the outputs of the list (npm run readme)', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(withOutputs(readme)).toBe(readme)
})
