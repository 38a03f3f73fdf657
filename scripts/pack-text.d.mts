/** Bytes as the text that `src/web/page/unpacked.ts` reads. */
export declare function packText(bytes: Uint8Array): string
