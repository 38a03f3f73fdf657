import { wordsOf } from './layout.ts'

/** A journal by place: a plain file, or bytes in memory. */
export interface JournalFile {
  readonly size: number
  /** Reads into `target` from `offset` on; the number of bytes read, 0 at the end. */
  read(target: Uint8Array, offset: number): number
}

export function journalInMemory(bytes: Uint8Array): JournalFile {
  return {
    size: bytes.length,
    read(target, offset) {
      const piece = bytes.subarray(offset, offset + target.length)
      target.set(piece)
      return piece.length
    },
  }
}

/** A part of a file that is in memory. */
export interface Part {
  readonly bytes: Uint8Array
  /** The same bytes as words of 32 bits. */
  readonly words: Uint32Array
  /** Offset in the file of the first byte: a multiple of 8, as those of objects are. */
  readonly base: number
  /** Bytes that are there. */
  readonly length: number
}

/** Reads small pieces anywhere in a journal through pages that stay in memory. */
export interface Pages {
  /** A part with the `length` bytes at `offset`, or with fewer at the end of the file. Good until the next call. */
  partAt(offset: number, length: number): Part
}

const PAGE = 65_536
/** 8 MiB. */
const KEPT = 128

/** `near`: a part that is in memory anyway and is looked at first. */
export function openPages(file: JournalFile, near: () => Part | null): Pages {
  const pages = new Map<number, Part>()
  const partOf = (offset: number, length: number): Part => {
    const bytes = readFully(file, new Uint8Array(length), offset)
    return { bytes, words: wordsOf(bytes), base: offset, length: bytes.length }
  }
  return {
    partAt(offset, length) {
      const part = near()
      if (part !== null && offset >= part.base && offset + length <= part.base + part.length) return part
      const number = Math.floor(offset / PAGE)
      if (offset - number * PAGE + length > PAGE) return partOf(offset, length)
      const page = pages.get(number) ?? partOf(number * PAGE, PAGE)
      if (!pages.has(number) && pages.size >= KEPT) pages.delete(pages.keys().next().value ?? number)
      pages.set(number, page)
      return page
    },
  }
}

/** Fills `target` as far as the file goes. */
export function readFully(file: JournalFile, target: Uint8Array, offset: number): Uint8Array {
  let length = 0
  while (length < target.length) {
    const read = file.read(target.subarray(length), offset + length)
    if (read === 0) break
    length += read
  }
  return target.subarray(0, length)
}
