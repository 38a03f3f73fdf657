import type { AnyReport } from '../model/report.ts'
import { growAsUsual } from '../node/compiler.ts'
import type { OutputOptions } from '../render/define-output.ts'
import { reportPieces } from '../render/index.ts'
import { reasonOf } from '../warnings.ts'
import { OutputError, UsageError } from './errors.ts'

/**
 * The report in one format, for `target`. One that cannot be written costs itself alone: as an output that cannot be written where that is a bug of ours, as a
 * mistake where the template is the user's own.
 */
export async function rendered(report: AnyReport, id: string, target: string, options: Partial<OutputOptions>): Promise<Iterable<string>> {
  const told = (error: unknown): Error => {
    if (error instanceof Error && error.name === 'TemplateError') return new UsageError(`the template cannot be filled: ${error.message}`)
    return new OutputError(target, new Error(`${id} failed (${reasonOf(error)}), a bug of ours; other formats may do`, { cause: error }))
  }
  if (!ofData.has(id)) growAsUsual()
  try {
    return guarded(await reportPieces(report, id, options), told)
  } catch (error) {
    throw told(error)
  }
}

/** Outputs that programs read. */
export const ofData: ReadonlySet<string> = new Set(['json', 'ndjson', 'csv'])

/** What is made piece by piece may fail in the middle. */
function* guarded(pieces: Iterable<string>, told: (error: unknown) => Error): Generator<string> {
  try {
    yield* pieces
  } catch (error) {
    throw told(error)
  }
}
