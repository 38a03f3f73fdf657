import { DIGIT_0, DIGIT_9 } from '../units/characters.ts'
import { stampOf } from '../units/stamp.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'

// `04-21 01:02:03.456     0     0 W tag: text` (logcat -b kernel -v threadtime; a year with -v year, µs with -v usec, a zone with -v zone)
const shape =
  /^(?:(?<year>\d{4})-)?(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\.(?<fraction>\d{3,9})(?: (?<zone>[+-]\d{4}))? +(?:(?<user>[a-z]\w{1,20}) +)?(?<pid>\d{1,7}) +(?<tid>\d{1,7}) (?<level>[VDIWEFA]) (?<tag>[^:]{0,64}?) *: ?/
const severities: Readonly<Record<string, number>> = { V: 7, D: 7, I: 6, W: 4, E: 3, F: 2, A: 1 }

/** Kernel lines have pid and thread 0 and an empty tag; others are Android's programs (lmkd among them). */
function read(text: string): Head | null {
  const digit = text.charCodeAt(0)
  if (digit < DIGIT_0 || digit > DIGIT_9) return null
  const match = shape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const zone = g['zone']
  const stampEnd = text.indexOf('.', 8) + 1 + (g['fraction'] as string).length
  const wall = stampOf(
    text.slice(0, stampEnd),
    {
      year: g['year'] === undefined ? null : Number(g['year']),
      month: Number(g['month']),
      day: Number(g['day']),
      hour: Number(g['hour']),
      minute: Number(g['minute']),
      second: Number(g['second']),
      fraction: g['fraction'] as string,
      offsetMinutes: zone === undefined ? null : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))),
      zoneName: null,
    },
    'received',
  )
  if (wall === null) return null
  const tag = (g['tag'] as string).trim()
  const kernel = g['pid'] === '0' && g['tid'] === '0'
  return {
    width: match[0].length,
    wall,
    writer: kernel ? 'kernel' : 'userspace',
    identifier: kernel ? 'kernel' : tag === '' ? null : tag,
    pid: kernel ? null : Number(g['pid']),
    severity: severities[g['level'] as string] ?? null,
  }
}

export const logcat = prefixedFormat({
  id: 'logcat',
  title: 'Android logcat',
  writtenBy: 'logcat -b kernel, -b all',
  seen: 'documented',
  read,
  escapes: 'none',
  filler: (text) => text.startsWith('--------- beginning of '),
})
