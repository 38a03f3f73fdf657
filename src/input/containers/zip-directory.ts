import { fstatSync, read } from 'node:fs'
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'

/** The directory of the zip in this file. Names are only labels here, and one odd name or size must not end the archive: both are judged by who asks. */
export function directoryIn(fd: number): Promise<ZipFile> {
  const { size } = fstatSync(fd)
  return fromRandomAccessReaderPromise(new Places(fd, size), size, { autoClose: false, decodeStrings: false, validateEntrySizes: false })
}

/**
 * Reads where the records of a zip point to. yauzl's own reader asks the file for places that zip64 can name and no file has (2⁶⁴ - 1), which `read` throws
 * at from within a callback: nobody can catch that.
 */
class Places extends RandomAccessReader {
  readonly #fd: number
  readonly #size: number

  constructor(fd: number, size: number) {
    super()
    this.#fd = fd
    this.#size = size
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    if (!(position + length <= this.#size)) setImmediate(callback, new Error('it ends before what its directory speaks of'))
    else
      read(this.#fd, buffer, offset, length, position, (error, bytes) =>
        callback(error ?? (bytes < length ? new Error('it has become shorter while it was read') : null)),
      )
  }
}
