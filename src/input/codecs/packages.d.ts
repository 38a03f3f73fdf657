/** Inner files of unbzip2-stream 1.4.3 that have no types of their own. Why they are used: bzip2.ts. */
declare module 'unbzip2-stream/lib/bzip2.js' {
  const blocks: {
    header(bits: (bits: number | null) => number): number
    decompress(
      bits: ((bits: number | null) => number) & { bytesRead: number },
      put: (byte: number) => void,
      work: Int32Array,
      workSize: number,
      sum: number,
    ): number | null
  }
  export = blocks
}
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  const bitReader: (next: () => Uint8Array | undefined) => ((bits: number | null) => number) & { bytesRead: number }
  export = bitReader
}
