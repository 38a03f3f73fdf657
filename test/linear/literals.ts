import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

export interface PatternLiteral {
  readonly file: string
  readonly line: number
  readonly source: string
  readonly flags: string
}

const root = join(import.meta.dirname, '../../src')

/** Every regular expression literal of the product's source. */
export function patternsOfSource(): readonly PatternLiteral[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(root, name), 'utf8')
      const found: PatternLiteral[] = []
      visit(parseAst(text, { lang: 'ts' }), (source, flags, start) =>
        found.push({ file: name, line: text.slice(0, start).split('\n').length, source, flags }),
      )
      return found
    })
}

function visit(node: unknown, found: (source: string, flags: string, start: number) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const each of node) visit(each, found)
    return
  }
  const { type, regex, start } = node as { type?: string; regex?: { pattern: string; flags: string }; start?: number }
  if (type === 'Literal' && regex !== undefined && regex !== null) found(regex.pattern, regex.flags, start ?? 0)
  for (const [key, member] of Object.entries(node)) if (key !== 'parent') visit(member, found)
}
