import { readFullStamp } from '../units/stamp.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { headOf, readSpeaker } from './syslog-line.ts'

/** `Tue 2026-11-24 02:54:33 EST host kernel: text`; with-unit puts the unit where the identifier stands. */
function read(text: string): Head | null {
  const found = readFullStamp(text, 0, 'received')
  if (found === null) return null
  const speaker = readSpeaker(text, found.end + 1, true)
  if (speaker === null) return null
  const head = headOf(found, speaker)
  const { identifier } = speaker
  const unit = identifier?.split('/')[0] ?? ''
  if (!/\.(?:service|scope|slice|socket|timer|mount|path|target)$/.test(unit)) return head
  return { ...head, unit, identifier: identifier?.includes('/') ? (identifier.split('/')[1] as string) : unit.replace(/\.service$/, '') }
}

export const journalShortFull = prefixedFormat({
  id: 'journal-short-full',
  title: 'journal with weekday, date and zone',
  writtenBy: 'journalctl -o short-full, with-unit',
  seen: 'real',
  read,
  escapes: 'none',
})
