import type { LogRecord } from '../../model/record.ts'
import type { Line, LineDecoder, LineFormat } from '../define-format.ts'
import type { Cleaner } from './cleaner.ts'
import { cleaners } from './cleaners.ts'
import { joinerFor, type LineJoiner } from './rejoin.ts'
import { trimmed } from './trimmed.ts'

type Emit = (record: LogRecord) => void

/** Formats with damage undone, by format and damage: the same damage gives the same object. */
const known = new Map<string, LineFormat>()

/** Shape damage is believed when what comes out is claimed strongly. */
export function mend(head: readonly string[], detect: (head: readonly string[]) => { format: LineFormat; strong: boolean }): LineFormat {
  let lines: readonly string[] = head.map(trimmed)
  const used: Cleaner[] = []
  let found = detect(lines)
  for (const cleaner of cleaners) {
    if (cleaner.kind !== 'text' && found.strong) continue
    if (!cleaner.seen(lines)) continue
    const cleaned = lines.flatMap((text) => cleaner.clean(text) ?? [])
    const after = detect(cleaned)
    if (cleaner.kind !== 'text' ? !after.strong : found.strong && !after.strong) continue
    lines = cleaned
    found = after
    used.push(cleaner)
  }
  const join = joinerFor(
    lines,
    found.format,
    used.some(({ id }) => id === 'quoted-printable'),
  )
  return used.length === 0 && join === null ? found.format : mendedFormat(found.format, used, join)
}

function mendedFormat(format: LineFormat, used: readonly Cleaner[], join: LineJoiner | null): LineFormat {
  const key = [format.id, format.framing, ...used.map(({ id }) => id), join?.id ?? ''].join(' ')
  const before = known.get(key)
  if (before !== undefined) return before
  const clean = (text: string): string | null => {
    let now: string | null = trimmed(text)
    for (const cleaner of used) if (now !== null) now = cleaner.clean(now)
    return now
  }
  const made: LineFormat = {
    ...format,
    framing: join === null ? format.framing : 'all',
    // Judged as whole lines: the pieces of broken ones would make the claim weak, and single lines of it would be taken for another wrapping.
    sniff: (head) =>
      format.sniff(
        joinedLines(
          head.flatMap((text) => clean(text) ?? []),
          join,
        ),
      ),
    decoder: (context) => mendedDecoder(format.decoder(context), clean, join),
  }
  known.set(key, made)
  return made
}

function joinedLines(lines: readonly string[], join: LineJoiner | null): readonly string[] {
  if (join === null) return lines
  const whole: string[] = []
  for (const text of lines) {
    const before = whole.at(-1)
    if (before !== undefined && join.continues(before, text)) whole[whole.length - 1] = join.joined(before, text)
    else whole.push(text)
  }
  return whole
}

/** Lines are decoded clean, records quote them as they stood. */
function mendedDecoder(inner: LineDecoder, clean: (text: string) => string | null, join: LineJoiner | null): LineDecoder {
  const physical: Line[] = []
  let waiting: Line | null = null
  const restored =
    (emit: Emit): Emit =>
    (record) => {
      const { line } = record.origin
      const from = line === null ? -1 : physical.findIndex(({ number }) => number >= line)
      if (line === null || from === -1) return emit(record)
      const held = spanOf(physical, from, line, record.lineCount)
      emit({ ...record, raw: held.map(({ text }) => text).join('\n'), lineCount: held.length })
    }
  const spanOf = (lines: readonly Line[], from: number, line: number, count: number): readonly Line[] => {
    const own = lines.slice(from).filter(({ number }) => number < line + Math.max(count, spans.get(line) ?? 0))
    return own.length === 0 ? lines.slice(from, from + 1) : own
  }
  /** First line of a joined line → number of physical lines. */
  const spans = new Map<number, number>()
  const forget = (): void => {
    if (physical.length < 4_096) return
    physical.splice(0, 2_048)
    const oldest = physical[0]?.number ?? 0
    for (const number of spans.keys()) if (number < oldest) spans.delete(number)
  }
  return {
    push(line, emit) {
      forget()
      physical.push(line)
      const text = clean(line.text)
      if (text === null) return true
      const now = { ...line, text }
      if (join === null) return inner.push(now, restored(emit))
      if (waiting !== null && join.continues(waiting.text, text)) {
        waiting = { ...waiting, text: join.joined(waiting.text, text) }
        spans.set(waiting.number, line.number - waiting.number + 1)
        return true
      }
      const before = waiting
      waiting = now
      if (before === null) return true
      return inner.push(before, restored(emit)) || before.text.trim() === ''
    },
    flush(emit) {
      if (waiting !== null) inner.push(waiting, restored(emit))
      waiting = null
      inner.flush(restored(emit))
    },
  }
}
