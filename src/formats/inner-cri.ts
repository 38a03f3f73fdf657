import type { WallStamp } from '../model/stamp.ts'
import { COLON, SPACE } from '../units/characters.ts'
import { readIsoStamp } from '../units/stamp.ts'

export interface CriHead {
  readonly wall: WallStamp
  readonly stream: 'stdout' | 'stderr'
  /** `F`: complete, or the last part; `P`: goes on in the next line of the same stream. */
  readonly partial: boolean
  readonly end: number
}

/** `2024-01-31T12:00:00.123456789+00:00 stderr F text` (kubelet's CRI log format, `kuberuntime/logs`). The stamp is the runtime's, on reading the pipe. */
export function readCriHead(text: string): CriHead | null {
  const found = readIsoStamp(text, 0, 'received')
  if (found === null) return null
  const stream = text.startsWith(' stdout ', found.end) ? 'stdout' : text.startsWith(' stderr ', found.end) ? 'stderr' : null
  if (stream === null) return null
  const tagAt = found.end + 8
  const tag = text[tagAt]
  const after = text.charCodeAt(tagAt + 1)
  if ((tag !== 'F' && tag !== 'P') || !(after === SPACE || after === COLON || Number.isNaN(after))) return null
  // Further tags are allowed by the format: `P:x:y`.
  const blank = text.indexOf(' ', tagAt)
  return { wall: found.stamp, stream, partial: tag === 'P', end: blank === -1 ? text.length : blank + 1 }
}
