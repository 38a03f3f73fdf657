import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeCorpus, filesBelow } from '../corpus.ts'
import { differences, packedReport } from './redact-differences.ts'
import type { Files } from './renamed.ts'

/** All with `OOM_REPORT_FULL=1`, else a spread that takes a few seconds. */
const isFull = process.env['OOM_REPORT_FULL'] !== undefined
const mostBytes = isFull ? 3_000_000 : 60_000
/** Names in them were left once: a pod that only our sentence names, ids that only our sentences shorten, who ran sudo. */
const once = [
  'bundles/container-limit-every-source/kubelet.log',
  'events/ctr-events.txt',
  'kubelet/1.31-eviction.log',
  'incidents/limit-set-by-hand-importer.txt',
]
const isAnswer = /(?:README\.md|expect\.json|truth\.json|\.mjs)$/

const filesIn = (folder: string): Files =>
  Object.fromEntries(
    filesBelow(folder)
      .filter((name) => !isAnswer.test(name))
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )
const sizeOf = (files: Files): number => Object.values(files).reduce((sum, text) => sum + text.length, 0)
const spread = <T>(all: readonly T[], count: number): T[] => {
  const step = isFull ? 1 : Math.max(1, Math.floor(all.length / count))
  return all.filter((_, at) => at % step === 0)
}
/** Folders directly below. */
const foldersIn = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory())

async function allDifferences(root: string, sets: readonly (readonly [where: string, files: Files])[]): Promise<string[]> {
  const all: string[] = []
  for (const [where, files] of sets) for (const found of await differences(files)) all.push(`${relative(root, where)}: ${found}`)
  return all
}

describe('files that differ in names only are the same when redacted, in every format', () => {
  const root = join(import.meta.dirname, '../../samples')

  test('samples', { timeout: 1_200_000 }, async () => {
    const single = (name: string): readonly [string, Files] => [
      join(root, name),
      { [name.slice(name.lastIndexOf('/') + 1)]: readFileSync(join(root, name), 'latin1') },
    ]
    const small = filesBelow(root).filter((name) => !isAnswer.test(name) && statSync(join(root, name)).size < mostBytes)
    expect(await allDifferences(root, [...once, ...spread(small, 8)].map(single))).toEqual([])
  })

  test('bundles of samples', { timeout: 1_200_000 }, async () => {
    const bundles = foldersIn(join(root, 'bundles')).map((folder) => [folder, filesIn(folder)] as const)
    expect(await allDifferences(root, isFull ? bundles : bundles.filter(([, files]) => sizeOf(files) < 20_000))).toEqual([])
  })
})

describe('archives that differ in names only, their own among them', () => {
  const root = join(import.meta.dirname, '../../samples/bundles')

  test('are the same when redacted', { timeout: 1_200_000 }, async () => {
    const bundles = foldersIn(root).filter((folder) => isFull || sizeOf(filesIn(folder)) < 20_000)
    expect(bundles).not.toEqual([])
    for (const folder of bundles) expect(await differences(filesIn(folder), packedReport), folder).toEqual([])
  })
})

describeCorpus('bundles of the corpus that differ in names only', (root) => {
  test('are the same when redacted', { timeout: 3_600_000 }, async () => {
    const bundles = ['field', 'kubernetes', 'lab', 'public']
      .map((name) => join(root, name))
      .flatMap((folder) => (statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : foldersIn(folder)))
      .map((folder) => [folder, filesIn(folder)] as const)
      .filter(([, files]) => sizeOf(files) < mostBytes)
    expect(await allDifferences(root, spread(bundles, 8))).toEqual([])
  })
})
