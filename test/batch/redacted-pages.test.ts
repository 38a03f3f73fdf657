import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleOf, type Names, names } from '../report/named-bundle.ts'
import { run, temporaryFolder } from './run-cli.ts'

const folder = temporaryFolder()

/** The same two bundles with other names: everything that `batch --redact` writes, file by file. */
async function written(set: Names, at: number): Promise<ReadonlyMap<string, string>> {
  const [bundles, out] = [join(folder, `in-${at}`), join(folder, `out-${at}`)]
  for (const [name, files] of [
    [set.host, bundleOf(set)],
    [`${set.owner}.of.${set.user}`, { 'kern.log': bundleOf(set)['kern.log'] as string }],
  ] as const) {
    mkdirSync(join(bundles, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(bundles, name, file), text)
  }
  const ran = await run(['batch', bundles, '-o', out, '--redact', '--jobs', '1', '-q'])
  expect(ran.code, ran.stderr).toBe(0)
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.startsWith('.oom-report') && file !== 'run-summary.json' && statSync(join(out, file)).isFile(),
  )
  return new Map(files.sort().map((file) => [file, readFileSync(join(out, file), 'utf8')]))
}

/** Aliases follow from names and the run's own key: what is the same in both runs is where which of them stands. Long names are cut short. */
function numbered(text: string): string {
  const known = new Map<string, string>()
  const hash = /(?<![0-9a-z])(?:[0-9a-f]{10,12}|(?<=[-…])[0-9a-f]{4,9}(?=[_.]))(?![0-9a-z])/g
  return text.replaceAll('<wbr>', '').replace(hash, (word) => {
    const number = known.get(word) ?? `#${known.size + 1}`
    known.set(word, number)
    return number
  })
}

describe('the pages of a redacted batch', async () => {
  const [first, second] = await Promise.all(names.map((set, at) => written(set, at)))
  if (first === undefined || second === undefined) throw new Error('two sets of names')

  it('hold no name of either set, in their names neither', () => {
    for (const [files, set] of [
      [first, names[0]],
      [second, names[1]],
    ] as const) {
      const all = [...files].flat().join('\n').toLowerCase()
      expect(all.length).toBeGreaterThan(50_000)
      for (const name of Object.values(set)) if (name.length > 2) expect(all).not.toContain(name.toLowerCase())
    }
  })

  it('are the same for both, but for the key’s aliases', () => {
    const bare = (files: ReadonlyMap<string, string>): string[] => [...files].map(([name, text]) => numbered(`${name}\n${text}`)).sort()
    const [a, b] = [bare(first), bare(second)]
    expect(b.length).toBe(a.length)
    for (const [at, text] of a.entries()) expect(b[at]).toBe(text)
  })
})
