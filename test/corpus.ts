import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe } from 'vitest'
import { wholeCorpus } from './corpus-place.ts'

/** Real incidents with their truth that come with the project: a slice of the larger corpus (`test/corpus/README.md`). */
const slice = join(import.meta.dirname, 'corpus')
/** `describe` for what must hold over every real incident: over the larger corpus where it is there, else over the slice. */
export function describeCorpus(name: string, tests: (root: string) => void): void {
  describe(name, () => tests(wholeCorpus ?? slice))
}

/**
 * `describe` for tests that speak of incidents which only the larger corpus has: without it they do not exist. Files of nothing else are called
 * `whole-corpus.test.ts`, and `vitest.config.ts` leaves them out there. `.ci/run` says which corpus it uses.
 */
export function describeWholeCorpus(name: string, tests: (root: string) => void): void {
  if (wholeCorpus !== null) describe(name, () => tests(wholeCorpus as string))
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
