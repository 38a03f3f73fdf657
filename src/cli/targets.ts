import type { Output } from '../render/define-output.ts'
import { UsageError } from './errors.ts'

export interface Target {
  readonly format: string
  readonly file: string
}

/** Reads one `-o` value: `FILE` by its ending, or `FORMAT:FILE` where the ending does not tell. */
export function targetOf(value: string, outputs: readonly Pick<Output, 'id' | 'endings'>[]): Target {
  const named = /^(?<format>[a-z]+):(?<file>.+)$/s.exec(value)?.groups
  if (named?.['format'] !== undefined && outputs.some((o) => o.id === named['format']))
    return { format: named['format'], file: named['file'] as string }
  const byEnding = outputs.find((o) => o.endings.some((e) => value.toLowerCase().endsWith(e)))
  if (byEnding !== undefined) return { format: byEnding.id, file: value }
  throw new UsageError(
    `the ending of ${value} tells no format; name it: -o FORMAT:${value} with one of ${outputs.map((o) => o.id).join(', ')}`,
  )
}
