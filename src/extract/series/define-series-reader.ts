import type { Quote } from '../../model/origin.ts'
import type { PodUsageSnapshot } from '../../model/snapshot.ts'
import { SeriesCollection } from './collect.ts'

/** Reads a source of samples piece by piece, cut anywhere; in bounded memory whatever its size. */
export interface SeriesStream {
  push(piece: string): void
  end(): SeriesCollection
  /** What was read that nothing dates, after the end. */
  undated?(): PodUsageSnapshot | null
}

/** A line of a source with its number, and the quote that it makes. */
export interface SourceLine {
  readonly text: string
  quote(): Quote
}

const LONGEST_LINE = 65_536

/** A stream over lines: `read` is shown each one; what is longer than any line of samples is passed by. */
export function lineStream(source: string, firstLine: number, read: (line: SourceLine, series: SeriesCollection) => void): SeriesStream {
  const series = new SeriesCollection(source)
  let rest = ''
  let number = firstLine
  const take = (raw: string): void => {
    const line = number
    number += 1
    if (raw.length > LONGEST_LINE) return
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    read({ text, quote: () => ({ source, line, offset: null, cursor: null, text }) }, series)
  }
  return {
    push(piece) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
    },
    end() {
      if (rest !== '') take(rest)
      return series
    },
  }
}
