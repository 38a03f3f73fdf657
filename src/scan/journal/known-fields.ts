import { type Journal, type JournalField, openFields } from '../../input/journal/index.ts'
import type { Window } from '../../input/journal/window.ts'
import type { EntryQuestions } from './entry-choice.ts'
import type { Verdict } from './messages.ts'
import { openOffsetSet } from './offset-set.ts'

/** Where an entry lies in the window. */
export interface EntryPlace {
  readonly window: Window
  readonly at: number
  readonly size: number
}

/** What entries are to the gate, by the DATA objects that they name. */
export interface KnownFields extends EntryQuestions<EntryPlace> {
  /** A DATA object was met. */
  note(offset: number, verdict: Verdict): void
  /** The literals of extractors in a message by its offset; `null`: not known. */
  literalsIn(offset: number): readonly number[] | null
}

/** What a word of 32 bits can hold. */
const WORDS = 4_294_967_296
/** Messages whose literals are kept: an entry stands right behind its message, unless that was written before. */
const KEPT = 16_384

/**
 * Fields are written before the entries that name them, so that a pass over a file has met them. Where damage makes an entry name what was not met, it is
 * read and judged like any field.
 */
export function openKnownFields(journal: Journal, judgeField: (field: JournalField) => Verdict): KnownFields {
  const { compact } = journal.header
  const step = compact ? 1 : 4
  const fields = openFields(journal)
  const silent = openOffsetSet(journal.file.size)
  const messages = openOffsetSet(journal.file.size)
  const kernels = new Set<number>()
  const literals = new Map<number, readonly number[]>()

  const isMessage = (low: number, high: number): boolean => messages.has(low, high) || Array.isArray(judgeUnmet(low + high * WORDS))
  const isKernel = (low: number, high: number): boolean => {
    if (messages.has(low, high)) return false
    const offset = low + high * WORDS
    return kernels.has(offset) || judgeUnmet(offset) === 'kernel'
  }
  const judgeUnmet = (offset: number): Verdict => {
    const field = kernels.has(offset) ? null : fields(offset)
    return field === null ? null : judgeField(field)
  }
  const hasField = ({ window: { words }, at, size }: EntryPlace, is: (low: number, high: number) => boolean): boolean => {
    const end = (at + size) >>> 2
    for (let index = (at + 64) >>> 2; index + step <= end; index += step) {
      const low = words[index] ?? 0
      const high = compact ? 0 : (words[index + 1] ?? 0)
      if (!silent.has(low, high) && (low & 7) === 0 && is(low, high)) return true
    }
    return false
  }
  return {
    note(offset, verdict) {
      if (verdict === 'kernel') kernels.add(offset)
      else (verdict === null ? silent : messages).add(offset >>> 0, Math.floor(offset / WORDS))
      if (verdict === null || verdict === 'kernel') return
      if (literals.size >= KEPT) literals.clear()
      literals.set(offset, verdict)
    },
    literalsIn: (offset) => literals.get(offset) ?? (silent.has(offset >>> 0, Math.floor(offset / WORDS)) ? [] : null),
    holdsLiteral: (entry) => hasField(entry, isMessage),
    fromKernel: (entry) => hasField(entry, isKernel),
  }
}
