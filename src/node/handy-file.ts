import { closeSync, constants, openSync, read, readSync } from 'node:fs'
import type { Bytes } from '../input/bytes.ts'
import type { FileBytes } from '../input/file.ts'
import { called, fileBytesOf, openFileBytes } from './file-bytes.ts'

/** Files up to this many bytes are read whole by a look. */
const LOOK_BYTES = 65_536
const PIECE_BYTES = 512 * 1024

const looked = new Uint8Array(LOOK_BYTES + 1)

/** A regular file that is opened once, and read once from its begin, for all that is asked of it while it is in hand. Everything but `look` throws as the system does. */
export interface HandyFile {
  /** All its bytes where they are few, in memory that the next look at any file uses again; `null`: there are more, or it cannot be read, which a reader is told. */
  look(): Uint8Array | null
  /** Keeps what the look has seen for its readers: to be called before the next look. */
  keep(): void
  /** `size`: bytes that it is thought to have, for which memory is fetched: bundles hold thousands of small files. */
  bytes(size: number): Bytes
  open(): FileBytes
  /** It is out of hand: whoever opens it from now on opens it anew, and closes it. */
  letGo(): void
}

/** Opened without waiting for a writer, should it have become a pipe meanwhile. */
export function handyFile(path: string | Buffer): HandyFile {
  let fd: number | null = null
  let seen: Uint8Array | null = null
  let [isWhole, inHand] = [false, true]
  const opened = (): number => {
    fd ??= openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    return fd
  }
  const close = (): void => {
    if (fd !== null) closeSync(fd)
    fd = null
  }
  /** The first bytes, in memory that is void with the next look. */
  const begin = (): Uint8Array => {
    const length = filled(opened(), looked)
    isWhole = length < looked.length
    if (isWhole) close()
    return looked.subarray(0, length)
  }
  const keep = (): Uint8Array => {
    if (seen?.buffer === looked.buffer) seen = seen.slice()
    seen ??= begin().slice()
    return seen
  }
  return {
    look() {
      try {
        seen = begin()
        return isWhole ? seen : null
      } catch {
        close()
        return null
      }
    },
    keep() {
      if (seen !== null) keep()
    },
    async *bytes(size) {
      const first = keep()
      yield first
      if (isWhole) return
      for (let at = first.length; ; ) {
        const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(size - at + 1, LOOK_BYTES)))
        const length = await called<number>((done) => read(opened(), buffer, 0, buffer.length, at, done))
        if (length === 0) return
        yield new Uint8Array(buffer.buffer, buffer.byteOffset, length)
        at += length
      }
    },
    open() {
      if (seen !== null && isWhole) return bytesInMemory(seen)
      return inHand ? behind(seen, fileBytesOf(opened())) : openFileBytes(path)
    },
    letGo() {
      inHand = false
      close()
    },
  }
}

/** As many bytes as there are and fit. */
function filled(fd: number, target: Uint8Array): number {
  let length = 0
  for (let n = -1; n !== 0 && length < target.length; length += n) n = readSync(fd, target, length, target.length - length, length)
  return length
}

const bytesInMemory = (bytes: Uint8Array): FileBytes => ({
  size: bytes.length,
  read: (target, offset) => copied(bytes, target, offset),
  close() {},
})

/** A file whose first bytes are known; who holds it closes it. */
const behind = (head: Uint8Array | null, file: FileBytes): FileBytes => ({
  size: file.size,
  read(target, offset) {
    const known = head === null ? 0 : copied(head, target, offset)
    return known === target.length ? known : known + file.read(target.subarray(known), offset + known)
  },
  close() {},
})

function copied(bytes: Uint8Array, target: Uint8Array, offset: number): number {
  const part = bytes.subarray(offset, offset + target.length)
  target.set(part)
  return part.length
}
