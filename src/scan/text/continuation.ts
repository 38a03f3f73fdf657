import type { Line } from '../../formats/define-format.ts'
import type { Collector } from '../collector.ts'
import { FOLLOW_LINES, HEAD_BYTES, HEAD_LINES, leavesOpen } from '../line-choice.ts'
import type { Unwrapper } from './unwrapper.ts'

/** The part of the gate that remembers: what the lines taken so far ask of the next one. */
export interface Continuation {
  /** The next line is taken whatever it holds. */
  wants(line: number, offset: number, indented: boolean): boolean
  take(line: Line, holdsLiteral: boolean, indented: boolean, earlier: () => readonly Line[]): void
  /** Nothing that was taken so far asks for the next line, whatever it is. */
  rests(): boolean
  /** Asked before lines are skipped: gives out what is held back. `false`: that made an extractor wantsNext, take the next line. */
  skip(): boolean
}

export function openContinuation(unwrapper: Unwrapper, collector: Collector): Continuation {
  let follow = 0
  let adjacent = false
  return {
    wants: (line, offset, indented) =>
      follow > 0 ||
      (adjacent && indented) ||
      (line <= HEAD_LINES && offset < HEAD_BYTES) ||
      unwrapper.wantsAll() ||
      (adjacent && collector.wantsNext()),
    rests: () => follow === 0 && !adjacent && !unwrapper.wantsAll(),
    take(line, holdsLiteral, indented, earlier) {
      if (holdsLiteral) follow = leavesOpen(line.text) ? FOLLOW_LINES : 0
      else if (!indented && follow > 0) follow -= 1
      adjacent = true
      unwrapper.push(line, holdsLiteral, earlier)
    },
    skip() {
      if (!adjacent) return true
      unwrapper.flush()
      if (collector.wantsNext()) return false
      adjacent = false
      return true
    },
  }
}
