import type { Output } from '../render/define-output.ts'
import { UsageError } from './errors.ts'
import { didYouMean } from './near.ts'

type Known = Pick<Output, 'id' | 'endings'>

export interface Target {
  readonly format: string
  readonly file: string
}

/** Reads one `-o` value: `FILE` by its ending, `FORMAT:FILE` where the ending does not tell, `-` for standard output in the format asked for. */
export function targetOf(value: string, outputs: readonly Known[], asked = 'md'): Target {
  if (value === '-') return { format: asked, file: value }
  const named = /^(?<format>[a-z]+):(?<file>.+)$/is.exec(value)?.groups
  const format = named?.['format']?.toLowerCase()
  if (format !== undefined && outputs.some((o) => o.id === format)) return { format, file: named?.['file'] as string }
  const byEnding = outputs.find((o) => o.endings.some((e) => value.toLowerCase().endsWith(e)))
  if (byEnding !== undefined) return { format: byEnding.id, file: value }
  throw new UsageError(
    `the ending of ${value} tells no format; name it: -o FORMAT:${value} with one of ${outputs.map((o) => o.id).join(', ')}`,
  )
}

/** The format that a word names, in capitals too; a near miss and a file's ending (`htm`, `markdown`) are told the id that they stand for. */
export function formatOf(word: string, outputs: readonly Known[]): string {
  if (word === '') throw new UsageError(`--format has no value; there are ${outputs.map((o) => o.id).join(', ')}`)
  const id = word.toLowerCase()
  if (outputs.some((o) => o.id === id)) return id
  const meant = outputs.find(({ endings }) => endings.includes(`.${id}`))
  const ids = outputs.map((o) => o.id)
  throw new UsageError(
    `unknown format ${word}; there are ${ids.join(', ')}${meant === undefined ? didYouMean(word, ids) : `. Did you mean ${meant.id}?`}`,
  )
}
