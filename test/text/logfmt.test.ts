import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteEnd, readLogfmt, unquoteGo } from '../../src/text/logfmt.ts'

describe('pairs', () => {
  it('reads what logrus prints', () => {
    const line =
      'time="2026-11-24T08:36:54.610407994+01:00" level=info msg="TearDown network for sandbox \\"e064\\" successfully" id=7 empty= error="a\\nb"'
    expect(readLogfmt(line).pairs).toEqual({
      time: '2026-11-24T08:36:54.610407994+01:00',
      level: 'info',
      msg: 'TearDown network for sandbox "e064" successfully',
      id: '7',
      empty: '',
      error: 'a\nb',
    })
  })
  it('stops where no pair is, and forgives a line that was cut', () => {
    expect(readLogfmt('a=1 b and more')).toEqual({ pairs: { a: '1' }, end: 3 })
    expect(readLogfmt('msg="cut off he').pairs).toEqual({ msg: 'cut off he' })
  })
  it.each([
    ['"\\u00e9\\x41\\t\\\\"', 'éA\t\\'],
    ['"\\U00110000"', '\ufffd'],
  ])('%s', (quoted, wanted) => {
    expect(unquoteGo(quoted)).toBe(wanted)
  })
})

describe('quoted strings', () => {
  const quoted = fc.array(fc.constantFrom('\\', '"', 'n', 'x41', ' ', '{', 'é'), { maxLength: 30 }).map((parts) => `"${parts.join('')}`)

  it('end at the first quote that no backslash escapes', () => {
    const byCharacters = (text: string): number => {
      for (let at = 1; at < text.length; at += 1) {
        if (text[at] === '\\') at += 1
        else if (text[at] === '"') return at + 1
      }
      return text.length
    }
    fc.assert(
      fc.property(quoted, (text) => void expect(quoteEnd(`key=${text}`, 4)).toBe(4 + byCharacters(text))),
      { numRuns: 2000 },
    )
  })

  it('are what was quoted', () => {
    // JSON escapes these as Go does.
    const text = fc.array(fc.constantFrom('\\', '"', 'n', '\n', '\t', ' ', 'é', '\u0001'), { maxLength: 20 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (said) => void expect(unquoteGo(JSON.stringify(said))).toBe(said)),
      { numRuns: 2000 },
    )
  })
})
