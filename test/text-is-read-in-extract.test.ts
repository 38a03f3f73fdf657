import { readdirSync, readFileSync } from 'node:fs'
import { parseAst } from 'rolldown/parseAst'
import { expect, it } from 'vitest'

/** Rooms after `extract/`: what a text says should have come to them as a typed field. */
const rooms = ['rules', 'timeline', 'facts', 'series'] as const

/** Regular expressions of a file: literals, and `new RegExp`. */
function expressionsIn(file: string): number {
  let count = 0
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, regex, callee } = node as { type?: string; regex?: unknown; callee?: { name?: string } }
    if ((type === 'Literal' && regex !== undefined) || (type === 'NewExpression' && callee?.name === 'RegExp')) count += 1
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }))
  return count
}

it('no regular expression reads text after extract/', () => {
  const files = rooms.flatMap((room) =>
    (readdirSync(`src/${room}`, { recursive: true, encoding: 'utf8' }) as string[]).map((name) => `src/${room}/${name}`),
  )
  const found = files.filter((file) => file.endsWith('.ts') && expressionsIn(file) > 0)
  expect(files.length).toBeGreaterThan(100)
  expect(found).toEqual([])
})

it('sees literals and constructors', () => {
  expect(expressionsIn('src/extract/panic-text.ts')).toBe(4)
})
