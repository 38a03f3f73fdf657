/** A stream of bytes. Whoever gets one may leave it early (`return()` closes what is behind it). */
export type Bytes = AsyncIterable<Uint8Array>

const empty = new Uint8Array(0)

/** Looks ahead in a stream and takes from it in pieces of one's own size. */
export interface ByteReader {
  /** Bytes taken so far. */
  position(): number
  /** The next `n` bytes without taking them; fewer only where the stream ends. */
  peek(n: number): Promise<Uint8Array>
  /** Takes `n` bytes; fewer only where the stream ends. For small `n`: they are copied together. */
  read(n: number): Promise<Uint8Array>
  /** Takes what is at hand, at most `max` bytes, never copying; `null` at the end. */
  take(max: number): Promise<Uint8Array | null>
  /** Gives back bytes that `take` or `read` has just handed out. */
  putBack(piece: Uint8Array): void
  /** Skips `n` bytes and tells how many were there. */
  skip(n: number): Promise<number>
  /** All that is left, as it comes. Leaving it early does not close the stream. */
  rest(): Bytes
  close(): Promise<void>
}

export function byteReader(source: Bytes): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  const queue: Uint8Array[] = []
  let queued = 0
  let taken = 0
  let ended = false

  const pull = async (): Promise<boolean> => {
    if (ended) return false
    const next = await iterator.next()
    if (next.done === true) ended = true
    else if (next.value.length > 0) {
      queue.push(next.value)
      queued += next.value.length
    }
    return !ended
  }
  const fill = async (n: number): Promise<void> => {
    while (queued < n && (await pull()));
  }
  const shift = (max: number): Uint8Array => {
    const first = queue[0] as Uint8Array
    const piece = first.length <= max ? first : first.subarray(0, max)
    if (first.length <= max) queue.shift()
    else queue[0] = first.subarray(max)
    queued -= piece.length
    taken += piece.length
    return piece
  }
  const take = async (max: number): Promise<Uint8Array | null> => {
    await fill(1)
    return queued === 0 ? null : shift(max)
  }
  return {
    position: () => taken,
    peek: async (n) => {
      await fill(n)
      return joined(queue, Math.min(n, queued))
    },
    read: async (n) => {
      await fill(n)
      const wanted = Math.min(n, queued)
      const piece = joined(queue, wanted)
      for (let left = wanted; left > 0; ) left -= shift(left).length
      return piece
    },
    take,
    putBack: (piece) => {
      if (piece.length === 0) return
      queue.unshift(piece)
      queued += piece.length
      taken -= piece.length
    },
    skip: async (n) => {
      let left = n
      while (left > 0) {
        const piece = await take(left)
        if (piece === null) break
        left -= piece.length
      }
      return n - left
    },
    rest: () => drained(take),
    close: async () => {
      ended = true
      queue.length = 0
      queued = 0
      await iterator.return?.()
    },
  }
}

async function* drained(take: (max: number) => Promise<Uint8Array | null>): Bytes {
  for (let piece = await take(Infinity); piece !== null; piece = await take(Infinity)) yield piece
}

function joined(queue: readonly Uint8Array[], n: number): Uint8Array {
  const first = queue[0]
  if (n === 0 || first === undefined) return empty
  if (first.length >= n) return first.subarray(0, n)
  const all = new Uint8Array(n)
  let at = 0
  for (const piece of queue) {
    const part = piece.subarray(0, n - at)
    all.set(part, at)
    at += part.length
    if (at === n) break
  }
  return all
}

const WORTH_READING = 64 * 1024

/** Small pieces put together until they are worth a reader's while. Keeps order and content. */
export async function* coalesced(source: Bytes): Bytes {
  let held: Uint8Array[] = []
  let size = 0
  for await (const piece of source) {
    if (piece.length === 0) continue
    held.push(piece)
    size += piece.length
    if (size < WORTH_READING) continue
    yield held.length === 1 ? piece : joined(held, size)
    held = []
    size = 0
  }
  if (size > 0) yield joined(held, size)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Everything in one piece. */
export const together = (pieces: readonly Uint8Array[]): Uint8Array =>
  joined(
    pieces,
    pieces.reduce((n, piece) => n + piece.length, 0),
  )
