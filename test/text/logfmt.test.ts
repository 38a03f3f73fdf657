import { describe, expect, it } from 'vitest'
import { readLogfmt, unquoteGo } from '../../src/text/logfmt.ts'

describe('pairs', () => {
  it('reads what logrus prints', () => {
    const line =
      'time="2026-11-24T08:36:54.610407994+01:00" level=info msg="TearDown network for sandbox \\"e064\\" successfully" id=7 empty= error="a\\nb"'
    expect(readLogfmt(line, 0).pairs).toEqual({
      time: '2026-11-24T08:36:54.610407994+01:00',
      level: 'info',
      msg: 'TearDown network for sandbox "e064" successfully',
      id: '7',
      empty: '',
      error: 'a\nb',
    })
  })
  it('stops where no pair is, and forgives a line that was cut', () => {
    expect(readLogfmt('a=1 b and more', 0)).toEqual({ pairs: { a: '1' }, end: 3 })
    expect(readLogfmt('msg="cut off he', 0).pairs).toEqual({ msg: 'cut off he' })
  })
  it.each([
    ['"\\u00e9\\x41\\t\\\\"', 'éA\t\\'],
    ['"\\U00110000"', '\ufffd'],
  ])('%s', (quoted, wanted) => {
    expect(unquoteGo(quoted)).toBe(wanted)
  })
})
