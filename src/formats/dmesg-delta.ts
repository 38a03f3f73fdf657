import { BRACKET_OPEN } from '../units/characters.ts'
import { readCaller } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'

const shape = /^\[(?: {0,5}(?<seconds>\d{1,10})\.(?<micros>\d{6}) )?<(?= *\d)[ \d]{1,10}\.\d{6}>\]/

/** `[  271.752568 <    0.000722>] text`; with --notime `[<    0.000004>] text`, which tells no time. */
export function readDeltaHead(text: string): Head | null {
  if (text.charCodeAt(0) !== BRACKET_OPEN) return null
  const match = shape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const { caller, end } = readCaller(text, match[0].length)
  return { width: end, caller, uptimeUs: g['seconds'] === undefined ? null : Number(g['seconds']) * 1_000_000 + Number(g['micros']) }
}

export const dmesgDelta = prefixedFormat({
  id: 'dmesg-delta',
  title: 'kernel messages with uptime and time since the line before',
  writtenBy: 'dmesg -d',
  seen: 'real',
  read: readDeltaHead,
  escapes: 'dmesg',
})
