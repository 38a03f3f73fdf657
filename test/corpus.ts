import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe } from 'vitest'

/** Place of the corpus of real logs: `OOM_REPORT_CORPUS`, else beside the project. `null` where it is not there. */
const corpusRoot: string | null =
  [process.env['OOM_REPORT_CORPUS'], join(import.meta.dirname, '../../shared/corpus')].find(
    (place): place is string => place !== undefined && existsSync(place),
  ) ?? null

/** `describe` for tests that need the corpus: skipped, and said so, where it is missing; a failure in CI. */
export function describeCorpus(name: string, tests: (root: string) => void): void {
  if (corpusRoot !== null) describe(name, () => tests(corpusRoot as string))
  else if (process.env['CI'] === 'true') throw new Error('the corpus is missing: set OOM_REPORT_CORPUS')
  else {
    console.warn(`skipped, no corpus (set OOM_REPORT_CORPUS): ${name}`)
    describe.skip(name, () => {})
  }
}

/** Paths of all files below `root`, relative to it, `/`-separated and sorted. */
export function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .map((name) => relative(root, join(root, name)).replaceAll('\\', '/'))
    .sort()
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}
