import { COMMA } from '../units/characters.ts'
import { readIsoStamp } from '../units/stamp.ts'
import { readCaller } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'

/** `2026-11-24T02:54:32,752568-05:00 text`: the comma tells it from syslog. */
export function readDmesgIsoHead(text: string): Head | null {
  if (text.charCodeAt(19) !== COMMA) return null
  const found = readIsoStamp(text, 0, 'boot-derived')
  if (found === null || found.stamp.offsetMinutes === null || found.stamp.precisionUs !== 1) return null
  const { caller, end } = readCaller(text, found.end)
  return { width: end, wall: found.stamp, caller }
}

export const dmesgIso = prefixedFormat({
  id: 'dmesg-iso',
  title: 'kernel messages with ISO stamps',
  writtenBy: 'dmesg --time-format=iso',
  seen: 'real',
  read: readDmesgIsoHead,
  escapes: 'dmesg',
})
