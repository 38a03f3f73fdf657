/** Memory that one thread fills and another empties, piece by piece, without making anything that would have to be collected. */
export interface Ring {
  readonly bytes: Uint8Array
  /** Pieces written and pieces given back, counted; 1 when nothing more comes; then for each slot its length and the packed bytes that were read for it. */
  readonly counts: Int32Array
}

const SLOTS = 12
const SLOT_BYTES = 262_144
const place = { written: 0, freed: 1, closed: 2, slots: 3 } as const
/** Longest wait before the other thread is asked whether it still lives. */
const PATIENCE_MS = 50

export function newRing(): Ring {
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(SLOTS * SLOT_BYTES)),
    counts: new Int32Array(new SharedArrayBuffer(4 * (place.slots + 2 * SLOTS))),
  }
}

export interface RingWriter {
  /** Lays bytes in; waits where the ring is full. They are shown when a slot is full. */
  write(piece: Uint8Array): void
  took(bytes: number): void
  /** Shows what is in a slot that is not full, and that it was the last. */
  close(): void
}

export function ringWriter({ bytes, counts }: Ring): RingWriter {
  let written = 0
  let length = 0
  let packed = 0
  /** Waits until the slot that is filled next has been given back. */
  const waitForSlot = (): void => {
    for (let freed = Atomics.load(counts, place.freed); written - freed >= SLOTS; freed = Atomics.load(counts, place.freed))
      Atomics.wait(counts, place.freed, freed)
  }
  const flush = (): void => {
    const slot = place.slots + 2 * (written % SLOTS)
    counts[slot] = length
    counts[slot + 1] = packed
    length = 0
    packed = 0
    written += 1
    Atomics.store(counts, place.written, written)
    Atomics.notify(counts, place.written)
  }
  return {
    write(piece) {
      for (let at = 0; at < piece.length; ) {
        waitForSlot()
        const part = piece.subarray(at, at + SLOT_BYTES - length)
        bytes.set(part, (written % SLOTS) * SLOT_BYTES + length)
        length += part.length
        at += part.length
        if (length === SLOT_BYTES) flush()
      }
    },
    took(count) {
      packed += count
    },
    close() {
      if (length > 0 || packed > 0) {
        waitForSlot()
        flush()
      }
      Atomics.store(counts, place.closed, 1)
      Atomics.notify(counts, place.written)
    },
  }
}

export interface RingReader {
  /** The next piece, a part of the ring's memory, and the packed bytes read for it. `null`: nothing is there, be it the end or after some milliseconds. */
  next(): { readonly piece: Uint8Array; readonly took: number } | null
  /** All pieces but the last `kept` are given back. */
  free(kept: number): void
}

export function ringReader({ bytes, counts }: Ring): RingReader {
  let read = 0
  return {
    next() {
      // Asked first: what is written before the ring is closed is seen by who sees it closed.
      const closed = Atomics.load(counts, place.closed) === 1
      if (Atomics.load(counts, place.written) === read) {
        if (closed) return null
        // Woken by the end, too.
        Atomics.wait(counts, place.written, read, PATIENCE_MS)
        if (Atomics.load(counts, place.written) === read) return null
      }
      const slot = read % SLOTS
      const [length = 0, took = 0] = counts.subarray(place.slots + 2 * slot, place.slots + 2 * slot + 2)
      read += 1
      return { piece: bytes.subarray(slot * SLOT_BYTES, slot * SLOT_BYTES + length), took }
    },
    free(kept) {
      if (read - kept <= Atomics.load(counts, place.freed)) return
      Atomics.store(counts, place.freed, read - kept)
      Atomics.notify(counts, place.freed)
    },
  }
}
