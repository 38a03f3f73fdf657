import { closeSync, constants, openSync, readSync } from 'node:fs'

/** Files up to this many bytes are read whole in one call. */
const SMALL_BYTES = 65_536

const buffer = new Uint8Array(SMALL_BYTES + 1)

/** All bytes of a small file, in memory that the next call uses again; `null` when it is larger or cannot be read: then it goes the long way, which tells why. */
export function smallFile(path: string | Buffer): Uint8Array | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      let length = 0
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(fd, buffer, length, buffer.length - length, null)
      return length > SMALL_BYTES ? null : buffer.subarray(0, length)
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}
