import type { JournalFile } from './file.ts'
import { isObject, viewOf } from './layout.ts'

/** An object as the walk meets it: `at` is its place in `view`, `offset` in the file. Good until the next one: it is the same thing each time. */
export interface Visited {
  readonly type: number
  readonly flag: number
  readonly size: number
  readonly at: number
  readonly offset: number
  readonly view: DataView
}

export interface WalkMemory {
  /** At least `bytes` of memory, what was in the former one kept. */
  memory(bytes: number): Uint8Array
  /** New bytes are there: all objects visited next lie between `from` and `to`. */
  loaded?(from: number, to: number): void
}

const BLOCK = 1024 * 1024
/** Objects larger than this are not visited: no log entry is. */
const LARGEST = 64 * 1024 * 1024
const HEADER = 16

/** What the walk met besides objects. */
export interface WalkOutcome {
  /** Bytes that are no object: damage, or the unused end of a file (then all zero). */
  damagedBytes: number
  /** The last object ends behind the end of the file. */
  cut: boolean
}

/**
 * Visits all objects of a journal in the order in which they were written, whatever its tables and arrays say: entries come in order, and
 * the fields of an entry before it. Damage is stepped over to the next place that looks like an object followed by another.
 */
export function walkObjects(
  file: JournalFile,
  start: number,
  { memory, loaded }: WalkMemory,
  visit: (object: Visited) => void,
): WalkOutcome {
  const outcome: WalkOutcome = { damagedBytes: 0, cut: false }
  let bytes = memory(BLOCK)
  let view = viewOf(bytes)
  let base = start
  let length = 0
  let at = 0
  /** Makes `size` bytes from `at` on available; false at the end of the file. */
  const have = (size: number): boolean => {
    if (at + size <= length) return true
    if (base + at + size > file.size) return false
    bytes.copyWithin(0, at, Math.max(at, length))
    base += at
    length = Math.max(0, length - at)
    at = 0
    bytes = memory(Math.max(BLOCK, size + HEADER))
    view = viewOf(bytes)
    while (length < bytes.length) {
      const read = file.read(bytes.subarray(length), base + length)
      if (read === 0) break
      length += read
    }
    loaded?.(0, length)
    return size <= length
  }
  /** Nothing but headers says where objects are: behind damage one counts only if another, or nothing, comes after it. */
  const followed = (size: number): boolean => {
    const next = at + size + (-size & 7)
    if (!have(size)) return false
    if (base + next + HEADER > file.size || next + HEADER > length) return true
    return isObject(view, next, Infinity) || (view.getUint32(next, true) === 0 && view.getUint32(next + 8, true) === 0)
  }
  const object = { type: 0, flag: 0, size: 0, at: 0, offset: 0, view }
  let lost = false
  while (have(HEADER)) {
    const size = view.getUint32(at + 8, true)
    const room = file.size - base - at
    if (!isObject(view, at, room) || (lost && size <= LARGEST && !followed(size))) {
      if (!lost && isObject(view, at, Infinity)) outcome.cut = true
      if (view.getUint32(at, true) !== 0 || view.getUint32(at + 4, true) !== 0) outcome.damagedBytes += 8
      lost = true
      at += 8
      continue
    }
    lost = false
    if (size > LARGEST) {
      at += size + (-size & 7)
      continue
    }
    if (!have(size)) break
    object.type = view.getUint8(at)
    object.flag = view.getUint8(at + 1)
    object.size = size
    object.at = at
    object.offset = base + at
    object.view = view
    visit(object)
    at += size + (-size & 7)
  }
  return outcome
}
