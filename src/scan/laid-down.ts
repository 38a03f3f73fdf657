import { defaultLimits } from '../input/limits.ts'
import type { InputSource } from '../input/source.ts'
import { HEAD_BYTES } from './line-choice.ts'
import { allOf, openSourceBytes, type SourceBytes } from './source-bytes.ts'
import type { ScanTools } from './tools.ts'

/** A source that came in a stream, as a file. */
export interface LaidDown {
  readonly source: InputSource
  readonly input: SourceBytes
  close(): void
}

/**
 * Lays down what cannot be read twice (a pipe, a member of an archive), of which `pieces` were read. `null`: there is no place for it, and nothing more was read. Throws
 * where the place does not suffice.
 */
export async function laidDown(
  source: InputSource,
  pieces: readonly Uint8Array[],
  input: SourceBytes,
  spool: NonNullable<ScanTools['spool']>,
): Promise<LaidDown | null> {
  let begun = false
  const bytes = async function* () {
    begun = true
    yield* allOf(pieces, input)
  }
  try {
    const file = await spool(bytes(), defaultLimits.spoolBytes)
    const plain = { path: null, open: () => ({ ...file, close() {} }) }
    const laid = { ...source, file: plain, size: file.size }
    return { source: laid, input: await openSourceBytes(laid, HEAD_BYTES), close: file.close }
  } catch (error) {
    if (begun) throw error
    return null
  }
}
