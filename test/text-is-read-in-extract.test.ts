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

const found = Object.fromEntries(
  rooms
    .flatMap((room) => (readdirSync(`src/${room}`, { recursive: true, encoding: 'utf8' }) as string[]).map((name) => `src/${room}/${name}`))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => [file, expressionsIn(file)] as const)
    .filter(([, count]) => count > 0),
)

const known = JSON.parse(readFileSync(new URL('text-read-elsewhere.json', import.meta.url), 'utf8')) as Readonly<Record<string, number>>

it('no new regular expression reads text after extract/: the list only shrinks', async () => {
  expect(Object.entries(found).filter(([file, count]) => count > (known[file] ?? 0))).toEqual([])
  await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot('text-read-elsewhere.json')
})
