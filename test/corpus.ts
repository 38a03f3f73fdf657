import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Real incidents with their truth that come with the project: a slice of the larger corpus (`test/corpus/README.md`). */
const slice = join(import.meta.dirname, 'corpus')
/** The larger corpus: `OOM_REPORT_CORPUS`, else beside the project. `null` where it is not there. */
const whole: string | null =
  [process.env['OOM_REPORT_CORPUS'], join(import.meta.dirname, '../../shared/corpus')].find(
    (place): place is string => place !== undefined && existsSync(place),
  ) ?? null

/** `describe` for what must hold over every real incident: over the larger corpus where it is there, else over the slice. */
export function describeCorpus(name: string, tests: (root: string) => void): void {
  describe(name, () => tests(whole ?? slice))
}

/** `describe` for tests that speak of incidents which only the larger corpus has: without it they do not exist. `.ci/run` says which corpus it uses. */
export function describeWholeCorpus(name: string, tests: (root: string) => void): void {
  if (whole !== null) describe(name, () => tests(whole as string))
  else describe(name, () => it('are tests of the larger corpus, which is not here', () => expect(existsSync(slice)).toBe(true)))
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
