import { charsetOf, decodeCharset } from '../input/charset.ts'
import type { PlainFile } from '../input/file.ts'
import { isJournal } from '../input/journal/index.ts'
import type { InputSource } from '../input/source.ts'
import { HEAD_BYTES } from './line-choice.ts'

/** The bytes of a source in order, read into the reader's own memory. */
export interface SourceBytes {
  /** The first bytes, at most `headBytes`; they are read again by `read`. */
  readonly head: Uint8Array
  /** What `read` gives are the bytes of the file `source.file`, as they are. */
  readonly isFile: boolean
  /** Fills `target` from its begin; the number of bytes, 0 at the end. Not a promise where nothing need be waited for. */
  read(target: Uint8Array): number | Promise<number>
  /** Goes on reading at an offset; only where `isFile`. */
  seek(offset: number): void
  close(): void | Promise<void>
}

export async function openSourceBytes(source: InputSource, headBytes: number): Promise<SourceBytes> {
  const raw = source.file === null ? bytesOfChunks(source.chunks()) : bytesOfFile(source.file)
  const feed = await withHead(raw, headBytes, source.size)
  if (isJournal(feed.head) || !isMarked(feed.head)) return feed
  return withHead({ ...bytesOfChunks(decodeCharset(chunksOf(feed))), close: feed.close }, headBytes)
}

/** UTF-16, or UTF-8 behind a byte order mark: all else is read as it is. */
function isMarked(head: Uint8Array): boolean {
  return charsetOf(head) !== 'utf-8' || (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
}

async function* chunksOf(feed: RawBytes): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(1 << 17)
    const read = await feed.read(piece)
    if (read === 0) return
    yield piece.subarray(0, read)
  }
}

type RawBytes = Omit<SourceBytes, 'head'>

function bytesOfFile(plain: PlainFile): RawBytes {
  const file = plain.open()
  let offset = 0
  return {
    isFile: true,
    read(target) {
      const bytes = file.read(target, offset)
      offset += bytes
      return bytes
    },
    seek(to) {
      offset = to
    },
    close: file.close,
  }
}

function grown(buffer: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, 2 * buffer.length))
  larger.set(buffer)
  return larger
}

export function bytesOfChunks(chunks: AsyncIterable<Uint8Array>): RawBytes {
  const iterator = chunks[Symbol.asyncIterator]()
  let left: Uint8Array = new Uint8Array(0)
  return {
    isFile: false,
    async read(target) {
      while (left.length === 0) {
        const next = await iterator.next()
        if (next.done === true) return 0
        left = next.value
      }
      const piece = left.subarray(0, target.length)
      target.set(piece)
      left = left.subarray(piece.length)
      return piece.length
    },
    seek() {
      throw new Error('A stream cannot be read again.')
    },
    async close() {
      await iterator.return?.()
    },
  }
}

/** `size`: what the source is thought to hold, in bytes: bundles have thousands of small files, for which memory for a large one is not fetched. */
async function withHead(raw: RawBytes, headBytes: number, size: number | null = null): Promise<SourceBytes> {
  let buffer = new Uint8Array(size === null ? headBytes : Math.min(headBytes, size + 1))
  let length = 0
  for (let read = -1; read !== 0 && length < headBytes; length += read) {
    if (length === buffer.length) buffer = grown(buffer, headBytes)
    read = await raw.read(buffer.subarray(length))
  }
  const head = buffer.subarray(0, length)
  let given = 0
  return {
    head,
    isFile: raw.isFile,
    read(target) {
      if (given === length) return raw.read(target)
      const piece = head.subarray(given, given + target.length)
      target.set(piece)
      given += piece.length
      return piece.length
    },
    seek(offset) {
      given = length
      raw.seek(offset)
    },
    close: raw.close,
  }
}

/** An input that gives again what was read of it, and then the rest. */
export const again = (input: SourceBytes, bytes: Uint8Array): SourceBytes => bytesFrom(input, bytes, (target) => input.read(target))

/** An input of these bytes and nothing else. */
export const endedBytes = (input: SourceBytes, bytes: Uint8Array): SourceBytes => bytesFrom(input, bytes, () => 0)

/** A part of a source as a source of its own. */
export const partOf = (input: SourceBytes, bytes: Uint8Array): SourceBytes => ({
  ...endedBytes(input, bytes),
  head: bytes.subarray(0, HEAD_BYTES),
})

function bytesFrom(input: SourceBytes, bytes: Uint8Array, rest: SourceBytes['read']): SourceBytes {
  let given = 0
  return {
    ...input,
    isFile: false,
    read(target) {
      if (given === bytes.length) return rest(target)
      const piece = bytes.subarray(given, given + target.length)
      target.set(piece)
      given += piece.length
      return piece.length
    },
  }
}

/** What was read of an input, and the rest. */
export async function* allOf(pieces: readonly Uint8Array[], input: SourceBytes): AsyncGenerator<Uint8Array> {
  yield* pieces
  for (;;) {
    const piece = new Uint8Array(1 << 18)
    const read = await input.read(piece)
    if (read === 0) return
    yield piece.subarray(0, read)
  }
}
