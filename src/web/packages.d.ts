/** Inner files of pako 2.1.0 (zlib in JavaScript) that have no types of their own. Why they are used: inflate.ts. */
declare module 'pako/lib/zlib/inflate.js' {
  interface ZStream {
    input: Uint8Array
    next_in: number
    avail_in: number
    output: Uint8Array
    next_out: number
    avail_out: number
    msg: string
  }
  const inflate: {
    inflateInit2(stream: ZStream, windowBits: number): number
    inflate(stream: ZStream, flush: number): number
    inflateEnd(stream: ZStream): number
  }
  export = inflate
}
declare module 'pako/lib/zlib/zstream.js' {
  import type { ZStream } from 'pako/lib/zlib/inflate.js'

  const Stream: new () => ZStream
  export = Stream
}
declare module 'pako/lib/zlib/crc32.js' {
  const crc32: (before: number, bytes: Uint8Array, length: number, from: number) => number
  export = crc32
}
