import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Seed {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Larger ones make few runs a second; they come in by `big` below. */
const mostBytes = 192 * 1024
/** Cases of the corpus beside the samples: a spread, as there are thousands. */
const mostOfCorpus = 600

/** Files to begin from: the samples, and those of the corpus that `OOM_REPORT_CORPUS` names. */
export function seedsOf(root: string, corpus: string | undefined): readonly Seed[] {
  const samples = filesBelow(join(root, 'samples'))
  const others = corpus === undefined ? [] : filesBelow(corpus).filter((name) => !/(?:expect|truth)\.json$/.test(name))
  const step = Math.max(1, Math.floor(others.length / mostOfCorpus))
  const chosen = [...samples, ...others.filter((_, index) => index % step === 0)]
  return chosen.flatMap((path) =>
    statSync(path).size <= mostBytes ? [{ name: path.slice(path.lastIndexOf('/') + 1), bytes: readFileSync(path) }] : [],
  )
}

/** Files over the bound, MiB of journal and log among them: one of them now and then. */
export function bigSeedsOf(root: string, corpus: string | undefined): readonly string[] {
  const all = [...filesBelow(join(root, 'samples')), ...(corpus === undefined ? [] : filesBelow(corpus))]
  return all.filter((path) => statSync(path).size > mostBytes && statSync(path).size < 24 * 1024 * 1024)
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
