import type { WallStamp } from '../model/stamp.ts'
import { BRACKET_OPEN } from '../units/characters.ts'
import { monthOf } from '../units/months.ts'
import { stampOf } from '../units/stamp.ts'
import type { FormatContext, LineDecoder, LineFormat } from './define-format.ts'
import { readCaller } from './kernel-prefix.ts'
import { prefixedDecoder } from './prefixed.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

// A new minute begins with `[Nov24 02:54]`; lines in the same minute say how long after the line before they came: `[  +0.000722]`.
const minuteShape = /^\[(?<month>[^\s\d[\]]{2,9}\.?|\d{1,2}[月월]) {0,2}(?<day>\d{1,2}) (?<hour>\d\d):(?<minute>\d\d)\]/
const deltaShape = /^\[ {0,6}(?<sign>[+-])(?<seconds>\d{1,6})\.(?<micros>\d{6})\]/

export const dmesgReltime: LineFormat = {
  id: 'dmesg-reltime',
  title: 'kernel messages with minutes and differences',
  writtenBy: 'dmesg -H, -e, --time-format=reltime; minikube logs',
  seen: 'real',
  // A difference is of use only when every line before was read.
  framing: 'all',
  sniff: (head) => judge(head, (text) => text.charCodeAt(0) === BRACKET_OPEN && (minuteShape.test(text) || deltaShape.test(text))),
  decoder: reltimeDecoder,
}

/** Adds the differences to the minute that was printed last: the second within that minute is not known, so the stamp stays one of a minute. */
function reltimeDecoder(context: FormatContext): LineDecoder {
  let minute: WallStamp | null = null
  let sinceUs = 0
  const read = (text: string): Head | null => {
    if (text.charCodeAt(0) !== BRACKET_OPEN) return null
    const delta = deltaShape.exec(text)
    const d = delta?.groups
    if (delta && d) {
      sinceUs += (d['sign'] === '-' ? -1 : 1) * (Number(d['seconds']) * 1_000_000 + Number(d['micros']))
      return { width: readCaller(text, delta[0].length).end, wall: minute === null ? null : shifted(minute, delta[0], sinceUs) }
    }
    const match = minuteShape.exec(text)
    const stamp = match === null ? null : minuteStamp(match)
    if (match === null || stamp === null) return null
    minute = stamp
    sinceUs = 0
    return { width: readCaller(text, match[0].length).end, wall: stamp }
  }
  return prefixedDecoder(context, { read, escapes: 'dmesg' })
}

function minuteStamp(match: RegExpExecArray): WallStamp | null {
  const g = match.groups as Record<string, string>
  const month = monthOf(g['month'] as string)
  if (month === null) return null
  return stampOf(
    match[0].slice(1, -1),
    {
      year: null,
      month,
      day: Number(g['day']),
      hour: Number(g['hour']),
      minute: Number(g['minute']),
      second: 0,
      fraction: '',
      offsetMinutes: null,
      zoneName: null,
      coarseUs: 60_000_000,
    },
    'boot-derived',
  )
}

/** The lines of one minute keep their distances, but all of them may lie up to a minute later. */
function shifted(minute: WallStamp, text: string, sinceUs: number): WallStamp {
  return { ...minute, text: text.slice(1, -1).trim(), localUs: (minute.localUs ?? 0) + Math.max(0, Math.min(sinceUs, 59_999_999)) }
}
