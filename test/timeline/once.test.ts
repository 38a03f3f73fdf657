import { expect, it } from 'vitest'
import { once } from '../../src/timeline/once.ts'

it('makes each value once, also one that is nothing', () => {
  const asked: string[] = []
  const of = once((key: string) => {
    asked.push(key)
    return key === 'none' ? undefined : key.length
  })
  expect([of('a'), of('none'), of('a'), of('none'), of('bb')]).toEqual([1, undefined, 1, undefined, 2])
  expect(asked).toEqual(['a', 'none', 'bb'])
})
