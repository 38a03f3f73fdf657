import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globExpression, mayMatch } from '../../src/input/layouts/glob.ts'
import { hostTree } from '../../src/input/layouts/host-tree.ts'
import { layouts } from '../../src/input/layouts/index.ts'

const globs = [...layouts.flatMap(({ rules }) => rules), ...hostTree].map(({ glob }) => glob)

/** A path that the pattern matches: any for its parts that are open, a choice for each group. */
const within = (glob: string): fc.Arbitrary<string> =>
  fc.infiniteStream(fc.record({ text: fc.constantFrom('a', 'b-1', 'x.y'), number: fc.nat(9) })).map((stream) => {
    const written = (part: string): string =>
      part.replace(/\*\*\/|\*|<\w+>|\{([^}]*)\}/g, (token, choices?: string) => {
        const { text, number } = stream.next().value
        if (choices === undefined) return token === '**/' ? (['', 'u/', 'v/w/'][number % 3] as string) : text
        const all = choices.split(',')
        return written(all[number % all.length] as string)
      })
    return written(glob)
  })

test.each(globs)('no path that %s matches is passed over', (glob) => {
  const expression = globExpression(glob)
  fc.assert(
    fc.property(within(glob), (path) => {
      // The same name twice must be the same text: then it may be no match, and nothing is said.
      if (expression.test(path)) expect(mayMatch(glob, path)).toBe(true)
    }),
  )
})

test('a path without what the pattern holds literally is passed over', () => {
  expect(mayMatch('**/proc/meminfo', 'proc/meminfo')).toBe(true)
  expect(mayMatch('**/proc/meminfo', 'proc/swaps')).toBe(false)
  expect(mayMatch('**/{kern,kernel}{.log,}*', 'var/log/kern.log.1')).toBe(true)
  expect(mayMatch('**/{kern,kernel}{.log,}*', 'var/log/messages')).toBe(false)
})
