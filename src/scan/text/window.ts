import type { Line } from '../../formats/define-format.ts'
import { BACK_BYTES, isIndent, lineLimit, SNIFF_LINES } from '../line-choice.ts'
import type { Needle } from '../search/needle.ts'
import { lineText, textStart } from './line-text.ts'

/**
 * The part of a source that is in memory. Places (`at`, `from`, `done`) are indexes into `bytes`; offsets are places in the source.
 */
export interface TextWindow {
  bytes: Uint8Array
  /** Offset of `bytes[0]`. */
  base: number
  /** Bytes that are filled. */
  length: number
  /** Where the first line begins that is neither read nor skipped, and its number. */
  done: number
  doneLine: number
  /** Offset behind the last line that was taken. */
  skippedFrom: number
}

export interface CutLine {
  readonly line: Line
  /** Place of the text's first byte, and behind its last within the limit. */
  readonly from: number
  readonly to: number
  /** The line was longer than its limit. */
  readonly cut: boolean
  readonly indented: boolean
}

export function openWindow(needle: Needle, blockBytes: number): TextWindow {
  return { bytes: needle.memory(2 * BACK_BYTES + 2 * blockBytes), base: 0, length: 0, done: 0, doneLine: 1, skippedFrom: 0 }
}

/** Free memory of `blockBytes` behind what is filled; what lies far behind `done` is forgotten for it. */
export function roomIn(window: TextWindow, needle: Needle, blockBytes: number): Uint8Array {
  if (window.bytes.length - window.length < blockBytes) {
    const keptFrom = Math.max(0, window.done - BACK_BYTES)
    window.bytes.copyWithin(0, keptFrom, window.length)
    window.base += keptFrom
    window.done -= keptFrom
    window.length -= keptFrom
    window.bytes = needle.memory(window.length + blockBytes)
  }
  return window.bytes.subarray(window.length, window.length + blockBytes)
}

/** Place of the line feed that ends the line, or `to`. */
export function lineEnd({ bytes }: TextWindow, from: number, to: number): number {
  const at = bytes.indexOf(10, from)
  return at === -1 || at > to ? to : at
}

/** Place where the line begins that `at` stands in. */
export function lineBegin({ bytes }: TextWindow, at: number): number {
  return at <= 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1
}

export function cutLine({ bytes, base }: TextWindow, start: number, end: number, number: number): CutLine {
  const from = textStart(bytes, start, end)
  const first = from < end ? (bytes[from] ?? 0) : 0
  const to = Math.min(end, from + lineLimit(first))
  return { line: { text: lineText(bytes, from, to), number, offset: base + from }, from, to, cut: to < end, indented: isIndent(first) }
}

/** The untaken lines right before the line at `start`, in order. */
export function linesBefore(window: TextWindow, start: number, number: number): Line[] {
  const lines: Line[] = []
  const lowest = lowestBefore(window, start)
  for (let end = start - 1; end >= lowest && lines.length < SNIFF_LINES; ) {
    const begin = lineBegin(window, end)
    if (begin < lowest) break
    lines.unshift(cutLine(window, begin, end, number - lines.length - 1).line)
    end = begin - 1
  }
  return lines
}

/** Lines between the head of the run of indented lines that ends with the line at `start`, and that line; 0 when there is none near. */
export function runBefore(window: TextWindow, start: number): { readonly head: number; readonly lines: number } {
  const lowest = lowestBefore(window, start)
  let at = start
  for (let lines = 0; ; lines += 1) {
    const from = textStart(window.bytes, at, lineEnd(window, at, window.length))
    if (!isIndent(window.bytes[from] ?? 0)) return { head: at, lines }
    if (at <= lowest) return { head: start, lines: 0 }
    at = lineBegin(window, at - 1)
    if (at < lowest) return { head: start, lines: 0 }
  }
}

function lowestBefore(window: TextWindow, start: number): number {
  return Math.max(window.skippedFrom - window.base, start - BACK_BYTES, 0)
}
