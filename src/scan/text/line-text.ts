import { latin1Text } from '../../text/latin1.ts'
import { RETURN } from '../../units/characters.ts'

const utf8 = new TextDecoder('utf-8')

/**
 * A line's bytes as text: UTF-8 where they are; else latin1, which keeps every byte (old logs, names with raw bytes). A line that
 * holds both valid and broken sequences stays UTF-8 with U+FFFD for what is broken (names cut in the middle of a character).
 */
export function bytesText(bytes: Uint8Array): string {
  const text = utf8.decode(bytes)
  return text.includes('\ufffd') && !/[^\x00-\x7f\ufffd]/.test(text) ? latin1Text(bytes) : text
}

/**
 * The text of the line that stands in `bytes` from `from` to `to` (its `\n`, or the end). Carriage returns before the line feed are
 * no part of it, nor are the NUL bytes that a crash leaves around lines.
 */
export function lineText(bytes: Uint8Array, from: number, to: number): string {
  let end = to
  while (end > from && (bytes[end - 1] === RETURN || bytes[end - 1] === 0)) end -= 1
  return bytesText(bytes.subarray(from, end))
}

/** Where the text of a line begins: behind leading NUL bytes. */
export function textStart(bytes: Uint8Array, from: number, to: number): number {
  let start = from
  while (start < to && bytes[start] === 0) start += 1
  return start
}
