import { largeSize } from '../input/large.ts'
import type { AnalyzeArguments } from './analyze-command.ts'

/** Loads what analyses, which takes a while: threads begin to search a large file meanwhile. Returns the exit code. */
export async function startAnalyze(argv: AnalyzeArguments): Promise<number> {
  const isLarge = argv.paths.some((path) => largeSize(path) !== null)
  const ahead = isLarge ? (await import('../scan/ahead.ts')).beginAhead(argv.paths) : null
  const { runAnalyze } = await import('./run-analyze.ts')
  return runAnalyze(argv, ahead)
}
