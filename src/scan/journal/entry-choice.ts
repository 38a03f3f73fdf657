import type { Collector } from '../collector.ts'
import { HEAD_LINES, SAMPLE_BYTES } from '../line-choice.ts'

/** What is asked of an entry, and only where its place does not decide. */
export interface EntryQuestions<Entry> {
  /** It has a message with a literal of an extractor. */
  holdsLiteral(entry: Entry): boolean
  fromKernel(entry: Entry): boolean
}

/**
 * The gate for the entries of a journal, by content and place only: one is taken that stands in the head, is the last, has a message with a literal of an
 * extractor, is the kernel's and the first such in its block of `SAMPLE_BYTES`, or comes while an extractor is wantsNext.
 */
export interface EntryChoice<Entry> {
  /** The next entry of the file, whose object begins at `offset`. */
  wants(entry: Entry, offset: number): boolean
  /** It was read: extractors may be wantsNext now, or have had enough. */
  taken(): void
  /** Entries so far. */
  entries(): number
}

export function openEntryChoice<Entry>(collector: Collector, { holdsLiteral, fromKernel }: EntryQuestions<Entry>): EntryChoice<Entry> {
  let entries = 0
  let unsampled = 0
  let wantsNext = collector.wantsNext()
  return {
    wants(entry, offset) {
      entries += 1
      const sampled = offset >= unsampled && fromKernel(entry)
      if (sampled) unsampled = (Math.floor(offset / SAMPLE_BYTES) + 1) * SAMPLE_BYTES
      return sampled || wantsNext || entries <= HEAD_LINES || holdsLiteral(entry)
    },
    taken() {
      wantsNext = collector.wantsNext()
    },
    entries: () => entries,
  }
}
