import { largeSize } from '../node/large.ts'
import type { AnalyzeArguments } from './analyze-arguments.ts'
import { withSettings } from './with-settings.ts'

/** Loads what analyses, which takes a while: threads begin to search a large file meanwhile. Returns the exit code. */
export async function startAnalyze(given: AnalyzeArguments): Promise<number> {
  const argv = await withSettings(given)
  const large = argv.paths.filter((path) => largeSize(path) !== null)
  const ahead = large.length > 0 ? (await import('../node/search-ahead.ts')).beginAhead(large) : null
  const { runAnalyze } = await import('./run-analyze.ts')
  return runAnalyze(argv, ahead)
}
