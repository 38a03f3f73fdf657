import { statSync } from 'node:fs'

/** From this size on threads help with a file: smaller ones are read before a thread has begun. */
export const LARGE_BYTES = 64 * 1024 * 1024

/** The size of a large file; `null` for all else, and what cannot be looked at. */
export function largeSize(file: string): number | null {
  try {
    const stats = statSync(file)
    return stats.isFile() && stats.size >= LARGE_BYTES ? stats.size : null
  } catch {
    return null
  }
}
