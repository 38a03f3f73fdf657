import type { DocumentReader } from '../extract/define-extractor.ts'
import { charsetOf } from '../input/charset.ts'
import { isJournal } from '../input/journal/index.ts'
import { ESCAPE, LINE_FEED, RETURN, SPACE, TAB } from '../units/characters.ts'
import { HEAD_BYTES, literalsOf, SNIFF_LINES } from './line-choice.ts'
import { noHits } from './search/needle.ts'
import { borrowNeedle } from './search/needles.ts'
import { machinesIn, mayBeGathered } from './text/gathered.ts'
import { bytesText } from './text/line-text.ts'
import { hintsAtPaste } from './text/paste.ts'
import type { ScanTools } from './tools.ts'

/** Larger sources are always read. */
const QUIET_BYTES = HEAD_BYTES

/**
 * What every wrapping's first lines hold, seen from afar: a time of day, a date, an uptime, seconds since 1970, a priority, JSON's names or a journal's
 * fields. Lines without any of it are plain text to every format (a test holds each sample against it).
 */
const stampLike = /\d:\d\d|\d{4}[-/]\d\d|\d\.\d{3}|\d{9}|^<\d|"[\w.@-]+" ?:|^[A-Z_]+=|^\d,\d|[A-Z][a-z]{2} +\d|\|/m

/** What the clocks of several machines in one text hold; their kernels' logs have literals. */
const timeOfDay = /\d\d:\d\d:\d\d/

/** What a look at all that a small source holds shows. */
export interface Glance {
  readonly text: string
  readonly lines: number
  /** Whose it is, where no log or other document can be in it; `null`: it has nothing for anybody. */
  readonly reader: DocumentReader | null
}

/**
 * Looks whether a whole small source has nothing for anybody (no extractor's literal, no document's shape, no line of a log), or is a document and nothing else.
 * Such files make up most of a bundle (`/sys`, `/proc`, configuration), and this is all they cost. `null`: it is to be read.
 */
export function glanceAt(bytes: Uint8Array, path: string, tools: ScanTools): Glance | null {
  if (bytes.length >= QUIET_BYTES || tools.inputFormat !== null || tools.slow === true) return null
  if (charsetOf(bytes) !== 'utf-8' || isJournal(bytes)) return null
  const lines = linesWithoutLiteral(bytes, tools)
  if (lines < 0) return null
  if (hintsAtPaste(bytes)) return null
  const text = bytesText(bytes)
  for (const reader of tools.documentReaders) {
    const strength = reader.sniff(text, path)
    if (strength !== 'none') return strength === 'strong' ? { text, lines, reader } : null
  }
  if (stampLike.test(text)) {
    if (timeOfDay.test(text) && mayBeGathered(text) && machinesIn(text) !== null) return null
    const format = tools.detectFormat(text.split(/\r?\n/, SNIFF_LINES))
    if (format !== null && format.id !== 'plain') return null
  }
  return { text, lines, reader: null }
}

/** Bytes that no text has: more than a tenth are control characters, at the begin where a crash's NULs are not. */
export function isBinary(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 4096)
  if (charsetOf(bytes) !== 'utf-8') return false
  let odd = 0
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] as number
    if (byte < SPACE && byte !== TAB && byte !== LINE_FEED && byte !== RETURN && byte !== ESCAPE) odd += 1
  }
  return length > 0 && odd * 10 > length
}

function linesWithoutLiteral(bytes: Uint8Array, tools: ScanTools): number {
  const literals = literalsOf(tools.extractors)
  const { needle, giveBack } = borrowNeedle(literals.all, bytes.length, literals.sampledFrom)
  const hits = noHits()
  needle.memory(bytes.length).set(bytes)
  const feeds = needle.search(0, bytes.length, hits)
  giveBack()
  if (hits.at.length > 0) return -1
  return feeds + (bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? 1 : 0)
}
