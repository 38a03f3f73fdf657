import { createHash } from 'node:crypto'
import type { Said } from './said.ts'
import { type Change, changed } from './vary.ts'

/**
 * A base with its changes, as the golden has them: `# NAME` and all that is said of it, then `## PATH = VALUE` and what is then said otherwise (`+`) or no more
 * (`-`). Two that matter only together are joined by `&`. To try another change, write its line and let `npx vitest -u` write the rest.
 */
export interface Plan {
  readonly base: string
  readonly changes: readonly (readonly Change[])[]
  readonly golden: string
}

export const planIn = (told: string, golden: string): Plan => ({
  base: /^# (.*)/.exec(told)?.[1] ?? '',
  changes: [...told.matchAll(/^## (.*)$/gm)].map(([, all = '']) => all.split(' & ').map(changeIn)),
  golden,
})

function changeIn(text: string): Change {
  const at = text.indexOf(' = ')
  return { path: text.slice(0, at), to: text.slice(at + 3) }
}

/** What is said of the base and of each of its changes, as the golden has it. */
export function toldOf<T>({ base, changes }: Pick<Plan, 'base' | 'changes'>, root: T, ask: (root: T) => Said): string {
  const whole = ask(root)
  const lines = [`# ${base}`, ...[...whole].map(([key, { text }]) => `${key}: ${text}`)]
  const known = new Set([...whole].map(([key, { shape }]) => `${key}: ${shape}`))
  for (const together of changes) {
    const title = together.map(({ path, to }) => `${path} = ${to}`).join(' & ')
    lines.push(`## ${title}`, ...otherwise(whole, ask(changed(root, together)), known))
  }
  return `${lines.join('\n')}\n`
}

/** A sentence stands in words where it is the first of its shape, and so does which answer wins; all else, in one digest. */
function otherwise(before: Said, after: Said, known: Set<string>): readonly string[] {
  const lines: string[] = []
  const others: string[] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const one = after.get(key)
    if (one?.text === before.get(key)?.text) continue
    const shape = `${key}: ${one?.shape}`
    if (isLong.test(key) || (known.has(shape) && key.includes('/'))) others.push(`${key}: ${one?.text}`)
    else lines.push(one === undefined ? `- ${key}` : `+ ${key}: ${one.text}`)
    known.add(shape)
  }
  return others.length === 0 ? lines : [...lines, `+ ${digestOf(others.join('\n'))}`]
}

const isLong = /^(?:advice|missing|instead) /
const digestOf = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 6)
