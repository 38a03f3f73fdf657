import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { redact } from '../../src/report/redact.ts'
import { describeCorpus, filesBelow } from '../corpus.ts'
import { reportOf } from '../report-of.ts'
import { type Files, namesOf, renamed, turnsOf } from './renamed.ts'

/** All with `OOM_REPORT_FULL=1`, else a spread that takes a few seconds. */
const isFull = process.env['OOM_REPORT_FULL'] !== undefined
const mostBytes = isFull ? 3_000_000 : 60_000
/** Names in them were left once: a pod that only our sentence names, ids that only our sentences shorten. */
const once = ['bundles/container-limit-every-source/kubelet.log', 'events/ctr-events.txt', 'kubelet/1.31-eviction.log']
const isAnswer = /(?:README\.md|expect\.json|truth\.json|\.mjs)$/

const bytesOf = (files: Files): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'latin1')]))

/** What two renamings of the same files leave to tell them apart when they are redacted: by output, the first lines that differ. */
async function differences(files: Files): Promise<string[]> {
  const names = namesOf(files, await reportOf(bytesOf(files)))
  if (names.size === 0) return []
  const [first, second] = await Promise.all(
    turnsOf(files, names).map(async (turn) => redact(await reportOf(bytesOf(renamed(files, names, turn))))),
  )
  if (first === undefined || second === undefined) throw new Error('two renamings')
  const found: string[] = []
  for (const { id } of outputs) {
    const [a, b] = [(await renderReport(first, id)).split('\n'), (await renderReport(second, id)).split('\n')]
    const at = a.findIndex((line, n) => line !== b[n])
    if (at !== -1 || a.length !== b.length) found.push(`${id}: ${a[at]?.slice(0, 300)} ≠ ${b[at]?.slice(0, 300)}`)
  }
  return found
}

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

describeCorpus('bundles of the corpus that differ in names only', (root) => {
  test('are the same when redacted', { timeout: 3_600_000 }, async () => {
    const bundles = ['field', 'kubernetes', 'lab']
      .map((name) => join(root, name))
      .flatMap((folder) => (statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : foldersIn(folder)))
      .map((folder) => [folder, filesIn(folder)] as const)
      .filter(([, files]) => sizeOf(files) < mostBytes)
    expect(await allDifferences(root, spread(bundles, 8))).toEqual([])
  })
})
