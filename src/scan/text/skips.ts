import { BACK_BYTES, TAIL_BYTES } from '../line-choice.ts'
import type { Place, Presearch } from '../search/presearch.ts'
import type { LineReader } from './line-reader.ts'
import { lineBegin, type TextWindow } from './window.ts'

/** Read before a place, so that the begin of its line is among it and all that may stand before that and be asked for. */
const AHEAD_BYTES = BACK_BYTES + 32_768

/** Moves the window of a file over what is known to hold nothing that is wanted. */
export interface Skips {
  /** The offset to read on at, when the window has moved or goes back. */
  next(reader: LineReader): number | null
  /** The window has moved and waits for the bytes that tell where its first line begins. */
  isUnderway(): boolean
  /** More bytes are there: the line feeds that were left out; `null` while it is not known where the line begins. */
  land(): number | null
  /** Unread bytes that there must be before lines are read. */
  leastBytes(blockBytes: number): number
}

export function openSkips(window: TextWindow, presearch: Presearch | null): Skips {
  let target: Place | null = null
  /** Where the last jump began: from there it is read on when it fails. */
  let origin = 0
  let failed = false
  let notBefore = 0

  const moveTo = (offset: number): number => {
    window.base = offset
    window.length = 0
    window.done = 0
    return offset
  }
  return {
    next(reader) {
      if (failed) {
        failed = false
        return moveTo(origin)
      }
      const at = window.base + window.done
      if (presearch === null || target !== null || at < notBefore || !reader.continuation.rests()) return null
      const place = presearch.nextPlace(at, reader.judge.isSpent)
      if (place === null || place.offset - AHEAD_BYTES <= window.base + window.length) return null
      origin = at
      target = place
      return moveTo(place.offset - AHEAD_BYTES)
    },
    isUnderway: () => target !== null,
    land() {
      if (target === null || target.offset >= window.base + window.length) return null
      const begin = lineBegin(window, target.offset - window.base)
      const { line, offset } = target
      target = null
      if (begin < BACK_BYTES) {
        // Its line is longer than what was read before it: there is no way around reading all.
        failed = true
        notBefore = offset + 1
        window.done = window.length
        return null
      }
      const skipped = line - window.doneLine
      window.done = begin
      window.doneLine = line
      return skipped
    },
    leastBytes: (blockBytes) => (presearch === null ? blockBytes : Math.min(blockBytes, TAIL_BYTES + 1)),
  }
}
