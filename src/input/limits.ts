import type { InputLimits } from './source.ts'

const MiB = 1024 ** 2
const GiB = 1024 ** 3

/**
 * Generous to real bundles, deadly to bombs. Deflate cannot exceed 1032:1, and logs stay under 100:1; a log that a crash filled with
 * NULs may exceed both, which is what the floor is for. Depth: a case upload is often zip > must-gather > node archive > sos report.
 */
export const defaultLimits: InputLimits = {
  totalBytes: 64 * GiB,
  members: 200_000,
  depth: 5,
  ratio: 1000,
  ratioFloorBytes: 64 * MiB,
  seconds: 3600,
  spoolBytes: 8 * GiB,
}
