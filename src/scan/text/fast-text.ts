import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import type { LifeLines } from '../life-lines.ts'
import {
  HEAD_BYTES,
  isIndent,
  JSON_LINE_BYTES,
  LINE_BYTES,
  lineLimit,
  literalsOf,
  SNIFF_LINES,
  TAIL_BYTES,
  TAIL_LINES,
} from '../line-choice.ts'
import type { Literals } from '../search/literals.ts'
import { literalsOfLives } from '../search/literals-of-lives.ts'
import { type Hits, type Needle, noHits } from '../search/needle.ts'
import type { Presearch } from '../search/presearch.ts'
import { openSampledSearch } from '../search/sampled-search.ts'
import type { ScanTools } from '../tools.ts'
import { type LineReader, openLineReader } from './line-reader.ts'
import { textStart } from './line-text.ts'
import { openSkips } from './skips.ts'
import { type CutLine, cutLine, lineBegin, lineEnd, linesBefore, openWindow, roomIn, runBefore, type TextWindow } from './window.ts'

/** Reads text in blocks: searches whole blocks for literals, and cuts, decodes and reads only the lines that the gate wants. */
export interface FastText {
  /** Free memory to read into, a block. */
  room(): Uint8Array
  /** So many bytes were read into `room()`. */
  filled(bytes: number): void
  /** Where to read on when that is not right behind: there is nothing in between that is wanted. Ask before each reading. */
  skipTo(): number | null
  /** The source ended. */
  evidence(): SourceEvidence
}

/** `presearch`: other threads search the file, too, which is read from its begin. */
export function openFastText(
  source: InputSource,
  tools: ScanTools,
  needle: Needle,
  blockBytes: number,
  presearch: Presearch | null,
): FastText {
  const window = openWindow(needle, blockBytes)
  const literals = literalsOf(tools.extractors)
  const searcher = presearch ?? openSampledSearch(needle, literals)
  const search: Search = (from, to, hits) =>
    searcher.search({ bytes: window.bytes, base: window.base, from, to, limit: to, whole: true }, hits)
  const known = { literals, lengths: literals.all.map((literal) => literal.length), ofLives: literalsOfLives(tools.extractors) }
  const lives = tools.reading?.lives ?? null
  let reader: LineReader | null = null
  let lineFeeds = 0
  /** Inside the rest of a line that was too long: thrown away up to its end. */
  let dropping = false
  const skips = openSkips(window, presearch)

  const readTo = (to: number, all: boolean): void => {
    if (to <= window.done) return
    reader ??= openLineReader(source, tools, headLines(window))
    lineFeeds += readLines(window, reader, search, known, lives, to, all)
  }

  /** The line in progress has outgrown its limit: it is read as far as it is kept, the rest is thrown away as it comes. */
  const cutOverlong = (): void => {
    const { bytes, done, length, doneLine } = window
    if (lineEnd(window, done, length) < length) return
    const from = textStart(bytes, done, length)
    if (from === length && length - done > LINE_BYTES) window.done = length
    if (from === length || length - from <= lineLimit(bytes[from] ?? 0)) return
    readTo(length, false)
    window.doneLine = doneLine + 1
    dropping = true
  }

  const dropRest = (): void => {
    const end = lineEnd(window, window.done, window.length)
    dropping = end === window.length
    window.done = dropping ? end : end + 1
    if (!dropping) lineFeeds += 1
  }

  return {
    room: () => roomIn(window, needle, blockBytes),
    filled(bytes) {
      window.length += bytes
      if (skips.isUnderway()) {
        const skipped = skips.land()
        if (skipped === null) return
        lineFeeds += skipped
      }
      if (dropping) dropRest()
      if (dropping || window.length - window.done < skips.leastBytes(blockBytes) || (reader === null && !headIsThere(window))) return
      const to = lineBegin(window, window.length - TAIL_BYTES)
      if (to > window.done) readTo(to, false)
      else cutOverlong()
    },
    skipTo: () => (reader === null || dropping ? null : skips.next(reader)),
    evidence() {
      const { length, base } = window
      // The file has become shorter.
      if (skips.isUnderway()) window.done = length
      const open = length > 0 && (dropping || window.bytes[length - 1] !== 10)
      if (!dropping) {
        readTo(tailStart(window), false)
        readTo(length, true)
      }
      reader ??= openLineReader(source, tools, [])
      return reader.evidence(lineFeeds + (open ? 1 : 0), base + length)
    },
  }
}

type Search = (from: number, to: number, hits: Hits) => number

interface Known {
  readonly literals: Literals
  readonly lengths: readonly number[]
  /** Which literals are of an extractor that reads of ordinary lives. */
  readonly ofLives: Uint8Array
}

/** Reads or skips the lines that begin between `done` and `to`, the begin of a line or the end of all; returns their line feeds. */
function readLines(
  window: TextWindow,
  reader: LineReader,
  search: Search,
  { literals, lengths, ofLives }: Known,
  lives: LifeLines | null,
  to: number,
  all: boolean,
): number {
  const firstLine = window.doneLine
  const searchedFrom = window.done
  const hits = noHits()
  const lineFeeds = search(window.done, to, hits)
  const queue = openQueue(hits, lengths)

  const take = (cut: CutLine, start: number, end: number, holdsLiteral: boolean): void => {
    if (cut.cut) reader.noteCut(cut.line)
    reader.continuation.take(cut.line, holdsLiteral, cut.indented, () => linesBefore(window, start, cut.line.number))
    window.done = Math.min(end + 1, to)
    window.doneLine = cut.line.number + 1
    window.skippedFrom = window.base + window.done
  }
  const holdsLiteral = (cut: CutLine, end: number): boolean => {
    const found = queue.pass(end, cut.to)
    reader.found.note(cut.line.number, found)
    if (lives !== null && found.some((literal) => ofLives[literal] === 1))
      lives.taken(window.bytes, cut.from, cut.to, cut.line.offset, cut.line.number)
    return reader.judge.holdsLiteral(found, () => cut.line.text, cut.line.offset)
  }

  const takeNext = (): void => {
    const end = lineEnd(window, window.done, to)
    const cut = cutLine(window, window.done, end, window.doneLine)
    take(cut, window.done, end, holdsLiteral(cut, end))
  }
  /** The next line, which ends at `end`, holds no literals that count but those of ordinary lives. */
  const isLifeOnly = (end: number): boolean =>
    queue.every(end, (literal, at) =>
      literal >= literals.livesFrom && literal < literals.sampledFrom ? true : reader.judge.isSpent(literal, window.base + at),
    )
  /** Takes the next line that holds a literal that counts, and the head of its run; or skips all. */
  const takeFound = (): void => {
    for (let hit = queue.next(); hit !== null; hit = queue.next()) {
      if (reader.judge.isSpent(hit.literal, window.base + hit.at)) {
        queue.drop()
        continue
      }
      const start = Math.max(lineBegin(window, hit.at), searchedFrom)
      const end = lineEnd(window, hit.at, to)
      const number = firstLine + hit.lineFeeds
      if (lives !== null && isLifeOnly(end) && !lives.wants(window.bytes, start, end, window.base + start, number)) {
        queue.pass(end, 0)
        continue
      }
      const cut = cutLine(window, start, end, number)
      if (!holdsLiteral(cut, end)) continue
      takeRun(start, cut.line.number)
      take(cut, start, end, true)
      return
    }
    window.done = to
    window.doneLine = firstLine + lineFeeds
  }
  const takeRun = (start: number, number: number): void => {
    const { head, lines } = runBefore(window, start)
    let at = head
    for (let k = lines; k > 0; k -= 1) {
      const end = lineEnd(window, at, to)
      reader.found.note(number - k, [])
      take(cutLine(window, at, end, number - k), at, end, false)
      at = end + 1
    }
  }

  while (window.done < to) {
    const from = textStart(window.bytes, window.done, to)
    const wanted = all || reader.continuation.wants(window.doneLine, window.base + from, isIndent(window.bytes[from] ?? 0))
    if (wanted || !reader.continuation.skip()) takeNext()
    else takeFound()
  }
  return lineFeeds
}

/** The hits of one search, consumed line by line. */
function openQueue(hits: Hits, lengths: readonly number[]) {
  let index = 0
  return {
    next(): { readonly at: number; readonly literal: number; readonly lineFeeds: number } | null {
      const at = hits.at[index]
      return at === undefined ? null : { at, literal: hits.literal[index] ?? 0, lineFeeds: hits.lineFeeds[index] ?? 0 }
    },
    drop() {
      index += 1
    },
    /** Whether all hits of the line that ends at `end` are so. */
    every(end: number, is: (literal: number, at: number) => boolean): boolean {
      for (let next = index, at = hits.at[next]; at !== undefined && at < end; next += 1, at = hits.at[next])
        if (!is(hits.literal[next] ?? 0, at)) return false
      return true
    },
    /** Literals in the line that ends at `end`, as far as they stand before `kept`. */
    pass(end: number, kept: number): number[] {
      const found: number[] = []
      for (let at = hits.at[index]; at !== undefined && at < end; at = hits.at[index]) {
        const literal = hits.literal[index] ?? 0
        if (at + (lengths[literal] ?? 0) <= kept) found.push(literal)
        index += 1
      }
      return found
    },
  }
}

function headLines(window: TextWindow): string[] {
  const lines: string[] = []
  for (let at = 0; at < window.length && at < HEAD_BYTES && lines.length < SNIFF_LINES; ) {
    const end = lineEnd(window, at, window.length)
    lines.push(cutLine(window, at, end, 1).line.text)
    at = end + 1
  }
  return lines
}

/** All lines that `headLines` gives are in memory, however the source goes on. */
function headIsThere(window: TextWindow): boolean {
  if (window.length > HEAD_BYTES + 2 * JSON_LINE_BYTES) return true
  let at = 0
  for (let lines = 0; lines < SNIFF_LINES && at < HEAD_BYTES; lines += 1) {
    const end = lineEnd(window, at, window.length)
    if (end === window.length) return false
    at = end + 1
  }
  return true
}

function tailStart(window: TextWindow): number {
  const { bytes, length, done } = window
  let tail = length
  let end = bytes[length - 1] === 10 ? length - 1 : length
  for (let lines = 0; lines < TAIL_LINES && tail > done; lines += 1) {
    const start = Math.max(lineBegin(window, end), done)
    if (textStart(bytes, start, end) < length - TAIL_BYTES) break
    tail = start
    end = start - 1
  }
  return tail
}
