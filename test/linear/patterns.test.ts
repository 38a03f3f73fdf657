import { createContext, Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { composedPatterns } from './composed.ts'
import { patternsOfSource } from './literals.ts'
import { attacksOn, parsePattern } from './pattern.ts'

/** Characters that an attack has, a little more each time: what is exponential or cubic shows at few, and would not come back from many. */
const sizes = [60, 400, 1_600, 6_000]
/** A quadratic pattern takes some ten million steps for the longest, a linear one some thousand. */
const budgetMs = 6
/** What runs longer is ended. */
const mostMs = 400
const sandbox = createContext({ pattern: /x/, text: '' })
const attack = new Script('pattern.lastIndex = 0; pattern.exec(text)')

/** The least processor time of some turns, in ms: others share the machine, and what waits for its turn is not slow. */
function timeOf(pattern: RegExp, text: string): number {
  Object.assign(sandbox, { pattern, text })
  let least = Infinity
  for (let turn = 0; turn < 6 && least > budgetMs; turn += 1) {
    const before = process.cpuUsage()
    let isEnded = false
    try {
      attack.runInContext(sandbox, { timeout: mostMs })
    } catch {
      isEnded = true
    }
    const { user, system } = process.cpuUsage(before)
    const spent = (user + system) / 1000
    if (isEnded && spent > budgetMs) return Infinity
    least = Math.min(least, spent)
  }
  return least
}

/** Many bounded steps at each place are no growth: a slow one is confirmed by twice the text taking much more than twice as long, and once more. */
function isGrowing(pattern: RegExp, textOf: (size: number) => string, size: number): boolean {
  const once = timeOf(pattern, textOf(size))
  if (once <= budgetMs) return false
  if (once === Infinity) return true
  const twice = timeOf(pattern, textOf(size * 2))
  return twice > once * 3 && (twice === Infinity || timeOf(pattern, textOf(size * 4)) > twice * 3)
}

function slowest(source: string, flags: string): string | null {
  const pattern = new RegExp(source, flags)
  const attacks = attacksOn(parsePattern(source), flags)
  for (const size of sizes)
    for (const { prefix, pump } of attacks)
      for (const suffix of ['', '\u0000\n'])
        if (isGrowing(pattern, (length) => prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix, size))
          return `${JSON.stringify(prefix)} + ${JSON.stringify(pump)} × ${size}`
  return null
}

describe('regular expressions take linear time', () => {
  it('finds what is quadratic, cubic and exponential', { timeout: 30_000 }, () => {
    expect(slowest('[a-z]+x?[a-z]+$', '')).not.toBeNull()
    expect(slowest('^(a|a)*$', '')).not.toBeNull()
    expect(slowest('^\\s*a?\\s*b?\\s*c?\\s*$', '')).not.toBeNull()
    expect(slowest('^[a-z]+:(?<rest>.*)$', 's')).toBeNull()
    // What looks behind is tried at every place, and `=` is of `\S` too.
    expect(slowest('(?<=(?:add|change)[ =]{1,4}\\S+[ =]{1,4}\\S+[ =]{1,4})x', 'g')).not.toBeNull()
    expect(slowest('(?<=(?:add|change)[ =]{1,4}\\S{1,40}[ =]{1,4})x', 'g')).toBeNull()
  })

  it('each of the source', { timeout: 600_000 }, () => {
    const literals = patternsOfSource()
    expect(literals.length).toBeGreaterThan(900)
    const slow: string[] = []
    for (const literal of literals) {
      const found = slowest(literal.source, literal.flags)
      if (found !== null) slow.push(`${literal.file}:${literal.line} /${literal.source}/${literal.flags} on ${found}`)
    }
    expect(slow).toEqual([])
  })

  it('each that modules put together', { timeout: 600_000 }, async () => {
    const composed = await composedPatterns()
    expect(composed.length).toBeGreaterThan(60)
    expect(
      composed.flatMap(({ source, flags }) => {
        const found = slowest(source, flags.replaceAll('y', ''))
        return found === null ? [] : [`/${source}/${flags} on ${found}`]
      }),
    ).toEqual([])
  })
})
