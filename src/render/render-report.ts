import type { AnyReport } from '../model/report.ts'
import { defaultOptions, type Output, type OutputOptions } from './define-output.ts'
import { outputs } from './outputs.ts'

/** Loads what the options ask for and writes the report in one format. Throws `RangeError` for an unknown id. */
export async function renderReport(report: AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<string> {
  const all = { ...defaultOptions, ...options }
  return (await outputOf(id).load(all))(report, all)
}

/** The same text, piece by piece where it may be long. */
export async function reportPieces(report: AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<Iterable<string>> {
  const { pieces } = outputOf(id)
  return pieces === undefined ? [await renderReport(report, id, options)] : (await pieces())(report)
}

function outputOf(id: string): Output {
  const output = outputs.find((one) => one.id === id)
  if (output === undefined) throw new RangeError(`unknown format ${id}; there are ${outputs.map((one) => one.id).join(', ')}`)
  return output
}
