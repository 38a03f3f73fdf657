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

/** Reads small pieces anywhere in a journal through pages that stay in memory. */
export interface Pages {
  /** `length` bytes at `offset`; fewer at the end of the file. Good until the next call. */
  get(offset: number, length: number): Uint8Array
}

const PAGE = 65_536
/** 16 MiB. */
const KEPT = 256

export function openPages(file: JournalFile): Pages {
  const pages = new Map<number, Uint8Array>()
  const page = (number: number): Uint8Array => {
    const known = pages.get(number)
    if (known !== undefined) return known
    const bytes = readFully(file, new Uint8Array(PAGE), number * PAGE)
    if (pages.size >= KEPT) pages.delete(pages.keys().next().value ?? number)
    pages.set(number, bytes)
    return bytes
  }
  return {
    get(offset, length) {
      const number = Math.floor(offset / PAGE)
      const at = offset - number * PAGE
      if (at + length <= PAGE) return page(number).subarray(at, at + length)
      return readFully(file, new Uint8Array(length), offset)
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
