import type { Bytes } from '../input/bytes.ts'
import type { FileBytes } from '../input/file.ts'

/** Reads a part of a file that a page was handed, at once, into memory that is the caller's: only a worker may. Throws where the file is gone or may not be read. */
export type ReadPart = (blob: Blob, from: number, to: number) => Uint8Array

/** As Node.js reads: where a stream is cut into pieces shows in what is told of a broken one. */
const PIECE_BYTES = 512 * 1024

export async function* blobBytes(blob: Blob, read: ReadPart): Bytes {
  for (let at = 0; at < blob.size; at += PIECE_BYTES) yield read(blob, at, Math.min(blob.size, at + PIECE_BYTES))
}

/** Small reads one after another (a journal's objects, a zip's directory) are one of the browser: each crosses processes. */
const AHEAD_BYTES = 256 * 1024

/**
 * Gives memory back at once: a large file would leave hundreds of MiB to be collected. What is sent to a port whose other end is closed is gone. Detaching by
 * `transfer` does not do: the browser holds the memory until the buffer itself is collected, which it then sees no reason for.
 */
function free({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength === 0) return
  drain ??= openDrain()
  drain.postMessage(null, [buffer])
}

let drain: ReturnType<typeof openDrain> | null = null

function openDrain() {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  return port1
}

export function openBlob(blob: Blob, read: ReadPart): FileBytes {
  let held: Uint8Array = new Uint8Array(0)
  let heldFrom = 0
  return {
    size: blob.size,
    read(target, offset) {
      if (offset >= blob.size || target.length === 0) return 0
      if (offset < heldFrom || offset >= heldFrom + held.length) {
        free(held)
        held = read(blob, offset, Math.min(blob.size, offset + Math.max(AHEAD_BYTES, target.length)))
        heldFrom = offset
      }
      const part = held.subarray(offset - heldFrom, offset - heldFrom + target.length)
      target.set(part)
      return part.length
    },
    close() {
      free(held)
      held = new Uint8Array(0)
    },
  }
}
