import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/cli/near.ts'

const commands = ['analyze', 'batch', 'merge', 'formats', 'explain']

test.each([
  ['analyse', 'analyze'],
  ['ANALYZE', 'analyze'],
  ['anaylze', 'analyze'],
  ['bach', 'batch'],
  ['format', 'formats'],
  ['expl', 'explain'],
  ['kern', null],
  ['b', null],
  ['report', null],
])('%s', (word, name) => {
  expect(nearest(word, commands)).toBe(name)
})

test('a short word may be one letter off, not two', () => {
  expect(nearest('jsno', ['json'])).toBe('json')
  expect(nearest('yaml', ['html'])).toBeNull()
  expect(didYouMean('quite', ['quiet', 'year'], '--')).toBe('. Did you mean --quiet?')
  expect(didYouMean('zzz', ['quiet'])).toBe('')
})
