import { describe, expect, it } from 'vitest'
import { patternsOfSource } from './literals.ts'
import { attacksOn, parsePattern } from './pattern.ts'

/** Characters that an attack has; a quadratic pattern takes some ten million steps for them, a linear one some thousand. */
const length = 6_000
const budgetMs = 6

/** The least time of some turns: others share the machine. */
function timeOf(pattern: RegExp, text: string): number {
  let least = Infinity
  for (let turn = 0; turn < 4 && least > budgetMs; turn += 1) {
    pattern.lastIndex = 0
    const start = performance.now()
    pattern.exec(text)
    least = Math.min(least, performance.now() - start)
  }
  return least
}

function slowest(source: string, flags: string): string | null {
  const pattern = new RegExp(source, flags)
  // Short ones first: what is exponential would not come back from a long one.
  for (const size of [100, length])
    for (const { prefix, pump } of attacksOn(parsePattern(source), flags))
      for (const suffix of ['', '\u0000\n']) {
        const text = prefix + pump.repeat(Math.ceil(size / pump.length)) + suffix
        if (timeOf(pattern, text) > budgetMs) return `${JSON.stringify(prefix)} + ${JSON.stringify(pump)} × ${size}`
      }
  return null
}

describe('regular expressions take linear time', () => {
  it('finds what is quadratic, cubic and exponential', () => {
    expect(slowest('a+$', '')).not.toBeNull()
    expect(slowest('^\\s*(?=.*PID)x', '')).not.toBeNull()
    expect(slowest('^(a|a)*$', '')).not.toBeNull()
    expect(slowest('^\\s*a?\\s*b?\\s*$', '')).not.toBeNull()
    expect(slowest('^[a-z]+:(?<rest>.*)$', 's')).toBeNull()
  })

  it('each of the source', { timeout: 300_000 }, () => {
    const literals = patternsOfSource()
    expect(literals.length).toBeGreaterThan(900)
    const slow = literals.flatMap(({ file, line, source, flags }) => {
      const attack = slowest(source, flags)
      return attack === null ? [] : [`${file}:${line} /${source}/${flags} on ${attack}`]
    })
    expect(slow).toEqual([])
  })
})
