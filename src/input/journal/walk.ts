import { type JournalFile, readFully } from './file.ts'
import { DATA, ENTRY, isObject, OBJECT_HEADER, wordsOf } from './layout.ts'
import { type MovingWindow, openWindow, type Window } from './window.ts'

/** Shown the objects of a journal that make its entries; each lies whole in the window, at `at`. */
export interface Visitor {
  /** At least `bytes` of memory for the window, what was in the former one kept. */
  memory(bytes: number): Uint8Array
  /** New bytes are in the window. */
  loaded?(window: Window): void
  data(window: Window, at: number, size: number): void
  entry(window: Window, at: number, size: number): void
}

/** What the walk met besides objects. */
export interface WalkOutcome {
  /** Bytes that are no object: damage, or the unused end of a file (then all zero). */
  damagedBytes: number
  /** The last object ends behind the end of the file. */
  cut: boolean
}

/** Objects larger than this are not visited: no log entry is. */
const LARGEST = 64 * 1024 * 1024

/**
 * Visits the entries of a journal and their fields in the order in which they were written, whatever its tables and arrays say: entries come in order,
 * and the fields of an entry before it. Damage is stepped over to the next place that looks like an object followed by another.
 */
export function walkObjects(file: JournalFile, start: number, visitor: Visitor): WalkOutcome {
  const outcome: WalkOutcome = { damagedBytes: 0, cut: false }
  const window = openWindow(file, start, visitor.memory, () => visitor.loaded?.(window))
  for (let at = 0; ; ) {
    at = visitWhole(window, at, visitor)
    if (at + OBJECT_HEADER > window.length) {
      if (!window.moveTo(at, OBJECT_HEADER)) return outcome
      at = 0
    } else if (!objectAt(window, at, file.size - window.base - at)) {
      if (objectAt(window, at, Infinity)) outcome.cut = true
      at = stepOver(file, window, at, outcome)
    } else if (isVisited(window, at)) {
      if (!window.moveTo(at, sizeAt(window, at))) return outcome
      at = 0
    } else at += padded(sizeAt(window, at))
  }
}

/** Visits objects from `at` on as long as they lie whole in the window; returns where they do not any more. */
function visitWhole(window: Window, at: number, visitor: Visitor): number {
  const { words, length } = window
  let place = at
  while (place + OBJECT_HEADER <= length) {
    const index = place >>> 2
    const head = words[index] ?? 0
    const size = words[index + 2] ?? 0
    if (!isObject(head, words[index + 1] ?? 0, size, words[index + 3] ?? 0, length - place)) return place
    if (size <= LARGEST) {
      if ((head & 255) === DATA) visitor.data(window, place, size)
      else if ((head & 255) === ENTRY) visitor.entry(window, place, size)
    }
    place += padded(size)
  }
  return place
}

/** The next place from a damaged or unused one on where an object stands; the end of the file if there is none. */
function stepOver(file: JournalFile, window: MovingWindow, from: number, outcome: WalkOutcome): number {
  for (let at = from; ; ) {
    const { words, length } = window
    for (; at + OBJECT_HEADER <= length; at += 8) {
      if (words[at >>> 2] === 0 && words[(at >>> 2) + 1] === 0) continue
      if (objectAt(window, at, file.size - window.base - at) && isFollowed(file, window, at)) return at
      outcome.damagedBytes += 8
    }
    if (!window.moveTo(at, OBJECT_HEADER)) return at
    at = 0
  }
}

/** Nothing but headers says where objects are: behind damage one counts only if another, or nothing, comes after it. */
function isFollowed(file: JournalFile, window: Window, at: number): boolean {
  const size = sizeAt(window, at)
  const next = at + padded(size)
  if (size > LARGEST || window.base + next + OBJECT_HEADER > file.size) return true
  const there = next + OBJECT_HEADER <= window.length ? window.words.subarray(next >>> 2) : headerIn(file, window.base + next)
  const [head = 0, reserved = 0, nextSize = 0, sizeHigh = 0] = there
  return isObject(head, reserved, nextSize, sizeHigh, Infinity) || (head === 0 && nextSize === 0)
}

function headerIn(file: JournalFile, offset: number): Uint32Array {
  return wordsOf(readFully(file, new Uint8Array(OBJECT_HEADER), offset))
}

function objectAt({ words }: Window, at: number, room: number): boolean {
  const index = at >>> 2
  return isObject(words[index] ?? 0, words[index + 1] ?? 0, words[index + 2] ?? 0, words[index + 3] ?? 0, room)
}

/** Whether it is for the visitor. */
function isVisited(window: Window, at: number): boolean {
  const type = window.bytes[at]
  return (type === DATA || type === ENTRY) && sizeAt(window, at) <= LARGEST
}

function sizeAt({ words }: Window, at: number): number {
  return words[(at >>> 2) + 2] ?? 0
}

/** Objects begin at multiples of 8. */
function padded(size: number): number {
  return size + (-size & 7)
}
