import type { JournalFile, Part } from './file.ts'
import { wordsOf } from './layout.ts'

/** A part of a file that moves over it from its begin to its end. Objects stand at places in it that are multiples of 8, as in the file. */
export type Window = Part

export interface MovingWindow extends Window {
  /** Makes `size` bytes from `at` on, which then stand at 0, and as many more as there is room for. False: the file ends before; nothing moved. */
  moveTo(at: number, size: number): boolean
}

const WINDOW_BYTES = 256 * 1024

/** `memory`: at least so many bytes, what was in the former ones kept. `loaded`: new bytes are there. */
export function openWindow(file: JournalFile, start: number, memory: (bytes: number) => Uint8Array, loaded: () => void): MovingWindow {
  const first = memory(WINDOW_BYTES)
  const window = { bytes: first, words: wordsOf(first), base: start, length: 0, moveTo }
  function moveTo(at: number, size: number): boolean {
    if (window.base + at + size > file.size) return false
    const kept = Math.max(0, window.length - at)
    window.bytes.copyWithin(0, at, at + kept)
    const bytes = memory(Math.max(WINDOW_BYTES, size))
    window.bytes = bytes
    window.words = wordsOf(bytes)
    window.base += at
    window.length = kept
    while (window.length < bytes.length) {
      const read = file.read(bytes.subarray(window.length), window.base + window.length)
      if (read === 0) break
      window.length += read
    }
    loaded()
    return size <= window.length
  }
  return window
}
