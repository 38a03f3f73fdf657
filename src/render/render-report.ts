import type { AnyReport } from '../model/report.ts'
import { defaultOptions, type OutputOptions } from './define-output.ts'
import { outputs } from './outputs.ts'

/** Loads what the options ask for and writes the report in one format. Throws `RangeError` for an unknown id. */
export async function renderReport(report: AnyReport, id: string, options: Partial<OutputOptions> = {}): Promise<string> {
  const all = { ...defaultOptions, ...options }
  const output = outputs.find((one) => one.id === id)
  if (output === undefined) throw new RangeError(`unknown format ${id}; there are ${outputs.map((one) => one.id).join(', ')}`)
  return (await output.load(all))(report, all)
}
