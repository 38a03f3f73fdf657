import { describe, expect, it } from 'vitest'
import type { WallStamp } from '../../src/model/stamp.ts'
import { withOuter } from '../../src/units/outer-stamp.ts'
import { readIsoStamp, readSyslogStamp } from '../../src/units/stamp.ts'

const syslog = (text: string): WallStamp => readSyslogStamp(text, 0, 'received')?.stamp as WallStamp
const iso = (text: string): WallStamp => readIsoStamp(text, 0, 'received')?.stamp as WallStamp
const resolved = (inner: string, outer: string): string | null => {
  const stamp = withOuter({ wall: syslog(inner), outerWall: iso(outer), uptimeUs: null })
  return stamp?.epochUs == null ? (stamp?.hasYear === true ? 'year only' : null) : new Date(stamp.epochUs / 1000).toISOString()
}

describe('a syslog stamp inside a collector’s', () => {
  it.each([
    ['the same zone', 'Mar  9 14:22:07', '2025-03-09T14:22:08.331Z', '2025-03-09T14:22:07.000Z'],
    ['a host east of it', 'Mar  9 23:22:07', '2025-03-09T14:22:08.331Z', '2025-03-09T14:22:07.000Z'],
    ['over New Year', 'Dec 31 23:59:58', '2025-01-01T00:00:03.000Z', '2024-12-31T23:59:58.000Z'],
    ['New Year in the east', 'Jan  1 08:59:59', '2024-12-31T23:59:59.500Z', '2024-12-31T23:59:59.000Z'],
    ['a collector that was minutes behind gives the year', 'Mar  9 14:22:07', '2025-03-09T14:30:00.000Z', 'year only'],
    ['another day altogether', 'Mar  9 14:22:07', '2025-06-09T14:22:08.000Z', null],
  ])('%s', (_, inner, outer, wanted) => {
    expect(resolved(inner, outer)).toBe(wanted)
  })
})
