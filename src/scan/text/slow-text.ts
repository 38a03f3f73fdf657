import type { Line } from '../../formats/define-format.ts'
import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { BACK_BYTES, HEAD_BYTES, isIndent, lineLimit, literalsOf, SNIFF_LINES, TAIL_BYTES, TAIL_LINES } from '../line-choice.ts'
import type { ScanTools } from '../tools.ts'
import { openLineReader } from './line-reader.ts'
import { lineText, textStart } from './line-text.ts'

interface SlowLine extends Line {
  readonly indented: boolean
  readonly cut: boolean
}

/**
 * The gate written plainly: every line is cut and decoded, then judged. Slow, wants the whole source in memory; it states what the
 * fast path must yield, and the tests compare the two.
 */
export function readSlowText(source: InputSource, tools: ScanTools, bytes: Uint8Array): SourceEvidence {
  const lines = cutAll(bytes)
  const head = lines.filter((line) => line.start < HEAD_BYTES).slice(0, SNIFF_LINES)
  const reader = openLineReader(
    source,
    tools,
    head.map((line) => line.text),
  )
  const { all } = literalsOf(tools.extractors)
  const tailFrom = Math.max(0, lines.length - TAIL_LINES)
  let taken = -1
  const run: SlowLine[] = []
  const take = (index: number, holdsLiteral: boolean): void => {
    const line = lines[index]
    if (line === undefined) return
    if (line.cut) reader.noteCut(line)
    reader.continuation.take(line, holdsLiteral, line.indented, () => earlier(lines, taken + 1, index))
    taken = index
    run.length = 0
  }
  for (const [index, line] of lines.entries()) {
    const found = all.flatMap((literal, at) => (line.text.includes(literal) ? [at] : []))
    reader.found.note(line.number, found)
    const holds = reader.judge.holdsLiteral(found, () => line.text, line.offset)
    const inTail = index >= tailFrom && line.offset >= bytes.length - TAIL_BYTES
    if (inTail || reader.continuation.wants(line.number, line.offset, line.indented) || !reader.continuation.skip()) take(index, holds)
    else if (holds) {
      for (const headed of runHead(lines, taken + 1, index)) take(headed, false)
      take(index, true)
    }
  }
  return reader.evidence(lines.length, bytes.length)
}

function cutAll(bytes: Uint8Array): (SlowLine & { readonly start: number })[] {
  const lines = []
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(10, start)
    const end = feed === -1 ? bytes.length : feed
    const from = textStart(bytes, start, end)
    const first = from < end ? (bytes[from] ?? 0) : 0
    const to = Math.min(end, from + lineLimit(first))
    lines.push({ text: lineText(bytes, from, to), number: lines.length + 1, offset: from, start, indented: isIndent(first), cut: to < end })
    start = end + 1
  }
  return lines
}

function earlier(lines: readonly (SlowLine & { readonly start: number })[], from: number, index: number): Line[] {
  const lowest = (lines[index]?.start ?? 0) - BACK_BYTES
  return lines.slice(Math.max(from, index - SNIFF_LINES), index).filter((line) => line.start >= lowest)
}

/** Indexes of the lines from the head of the run of indented lines that ends at `index`, without `index`. */
function runHead(lines: readonly (SlowLine & { readonly start: number })[], from: number, index: number): number[] {
  const lowest = (lines[index]?.start ?? 0) - BACK_BYTES
  for (let at = index; at >= from; at -= 1) {
    const line = lines[at]
    if (line === undefined || line.start < lowest) return []
    if (!line.indented) return Array.from({ length: index - at }, (_, k) => at + k)
  }
  return []
}
