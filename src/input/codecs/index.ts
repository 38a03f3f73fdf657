import { bzip2 } from './bzip2.ts'
import type { Codec } from './define-codec.ts'
import { gzip } from './gzip.ts'
import { xz } from './xz.ts'
import { zstd } from './zstd.ts'

export type { Codec } from './define-codec.ts'

/** The most common first. Their magic bytes exclude each other. */
export const codecs = [gzip, xz, zstd, bzip2] as const satisfies readonly Codec[]
