import { utf8Length } from '../text/escapes.ts'
import type { FormatContext, Line, LineDecoder, LineFormat } from './define-format.ts'
import { journalRecord } from './journal-record.ts'
import { isFiller } from './prefixed.ts'

const pair = /^(?<name>[A-Z_][A-Z0-9_]{0,63})=(?<value>.*)$/s
const bareName = /^[A-Z_][A-Z0-9_]{0,63}$/

export const journalExport: LineFormat = {
  id: 'journal-export',
  title: 'journal export format',
  writtenBy: 'journalctl -o export, systemd-journal-gatewayd',
  seen: 'real',
  framing: 'all',
  sniff: (head) =>
    head.filter((text) => /^(?:__CURSOR|__REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|_BOOT_ID|_TRANSPORT)=/.test(text)).length >= 2
      ? 'strong'
      : 'none',
  decoder: exportDecoder,
}

/** A field of bytes as far as it has come. Its size is kept, not counted anew with every line: a damaged length may announce gigabytes. */
interface Binary {
  readonly name: string
  readonly lines: Line[]
  /** Of all lines with the breaks between them, in characters and in bytes of UTF-8. */
  characters: number
  bytes: number
}

/** Fields up to an empty line are an entry. A field with line breaks or bytes: its name alone, eight bytes of length (little endian), the bytes. */
function exportDecoder(context: FormatContext): LineDecoder {
  let values: Record<string, string> = {}
  let message: readonly Line[] = []
  let binary: Binary | null = null
  const release: LineDecoder['flush'] = (emit) => {
    if (binary !== null) closeBinary()
    const first = message[0]
    if (first !== undefined) emit(journalRecord(context, first, message.map(({ text }) => text).join('\n'), message.length, values))
    values = {}
    message = []
  }
  const closeBinary = (): void => {
    if (binary === null) return
    values[binary.name] = joined(binary.lines).slice(8)
    if (binary.name === 'MESSAGE') message = binary.lines
    binary = null
  }
  return {
    push(line, emit) {
      const { text } = line
      if (binary !== null) {
        const isNext = text.startsWith('__CURSOR=') && binary.lines.at(-1)?.text === ''
        if (!isNext && (!isComplete(binary) || !beginsField(text))) {
          grow(binary, line)
          if (isComplete(binary) && !mayHideLength(binary.lines)) closeBinary()
          return true
        }
        if (isNext) release(emit)
        else closeBinary()
      }
      const g = pair.exec(text)?.groups
      if (g !== undefined) {
        values[g['name'] as string] = g['value'] as string
        if (g['name'] === 'MESSAGE') message = [line]
        return true
      }
      if (text === '') {
        release(emit)
        return true
      }
      if (bareName.test(text)) {
        binary = { name: text, lines: [], characters: -1, bytes: -1 }
        return true
      }
      return isFiller(text)
    },
    flush: release,
  }
}

const joined = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n')
const beginsField = (text: string): boolean => text === '' || pair.test(text) || bareName.test(text)

function grow(binary: Binary, line: Line): void {
  binary.lines.push(line)
  binary.characters += line.text.length + 1
  binary.bytes += utf8Length(line.text) + 1
}

const LENGTH_BYTES = 8

/** The first characters, where the length stands; its bytes may be line breaks. */
function headOf(lines: readonly Line[]): string {
  let head = ''
  for (let n = 0; n < lines.length && head.length < LENGTH_BYTES; n += 1) head += (n === 0 ? '' : '\n') + (lines[n] as Line).text
  return head.slice(0, LENGTH_BYTES)
}

/** Whether the bytes that the length announces are there. Bytes of the length that were no UTF-8 came out as U+FFFD: the least they can mean counts. */
function isComplete({ lines, characters, bytes }: Binary): boolean {
  if (characters < LENGTH_BYTES) return false
  const head = headOf(lines)
  let wanted = 0
  for (let at = 3; at >= 0; at -= 1) {
    const byte = head.charCodeAt(at)
    wanted = wanted * 256 + (byte > 0xff ? 0x80 : byte)
  }
  return Math.max(bytes - utf8Length(head), characters - LENGTH_BYTES) >= wanted
}

const mayHideLength = (lines: readonly Line[]): boolean => headOf(lines).slice(0, 4).includes('\ufffd')
