import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeBundles } from '../../bench/make-bundles.mjs'
// Loaded here, not while files are counted.
import '../../src/batch/analyze-bundle.ts'
import { runMerge } from '../../src/batch/merge.ts'
import { type BatchRun, runBatch } from '../../src/batch/run.ts'
import { everything } from '../../src/report/filter.ts'
import { openedWhile } from '../node/opened-files.ts'
import { fleetOf, outputOf, temporaryFolder } from './run-cli.ts'

const folder = temporaryFolder()
const at = (...parts: string[]): string => path.join(folder, ...parts)
const reading = { timezone: null, year: null, inputFormat: null, showCommandLines: false, showSecrets: false }
const batch = (bundles: string, out: string, shard: BatchRun['shard'] = null) =>
  runBatch({
    paths: [bundles],
    outDir: out,
    jobs: 1,
    shard,
    baseline: null,
    options: { ...reading, redact: false, filter: everything, counted: null, template: null },
    templates: 'own',
    env: {},
    onProgress() {},
    signal: new AbortController().signal,
  })

describe('a bundle', { timeout: 300_000 }, () => {
  beforeAll(() => {
    makeBundles(at('bundles'), 3, 7)
    const log = readFileSync(at('bundles', 'bundle-00001', 'kern.log'))
    // Larger than a look takes in, packed, and of the size of another one.
    const many = Buffer.concat(Array.from({ length: 6 }, () => log))
    writeFileSync(at('bundles', 'bundle-00002', 'messages'), many)
    writeFileSync(at('bundles', 'case.log'), many)
    writeFileSync(at('bundles', 'case.log.gz'), gzipSync(many))
    writeFileSync(at('bundles', 'other.log'), many.toString().replaceAll('node-', 'host-'))
  })

  it('is opened and read once', async () => {
    const { opens, bytes, left } = await openedWhile(at('bundles'), () => batch(at('bundles'), at('out')))
    const files = readdirSync(at('bundles'), { recursive: true, encoding: 'utf8' })
      .map((name) => at('bundles', name))
      .filter((name) => statSync(name).isFile())
    expect([...opens.keys()].sort()).toEqual(files.sort())
    for (const file of files) {
      // Two of one size are held against each other by their first bytes.
      const isCompared = /(?:case|other)\.log$/.test(file)
      expect(opens.get(file), file).toBe(isCompared ? 2 : 1)
      expect(bytes.get(file), file).toBe(statSync(file).size + (isCompared ? 4096 : 0))
    }
    expect(left()).toBe(0)
  })

  it('is not read at all where nothing has changed, and anew where a time has', async () => {
    const before = outputOf(at('out'))
    expect((await openedWhile(at('bundles', 'bundle-00001'), () => batch(at('bundles'), at('out')))).opens.size).toBe(0)
    utimesSync(at('bundles', 'bundle-00001', 'kern.log'), 1e9, 1e9)
    const again = await openedWhile(at('bundles'), () => batch(at('bundles'), at('out')))
    expect([...again.opens.keys()].filter((name) => !/(?:case|other)\.log$/.test(name)).map((name) => path.basename(name))).toEqual([
      'kern.log',
      'notes.txt',
    ])
    expect(outputOf(at('out'))).toEqual(before)
  })

  it('is of one shard, without being read, and counts once in a merge, whatever the times of its copies', async () => {
    for (const name of readdirSync(at('bundles'), { recursive: true, encoding: 'utf8' })) {
      if (statSync(at('bundles', name)).isDirectory()) continue
      for (const copy of ['a', 'b']) {
        mkdirSync(path.dirname(at(copy, 'bundles', name)), { recursive: true })
        copyFileSync(at('bundles', name), at(copy, 'bundles', name))
        utimesSync(at(copy, 'bundles', name), 1e9, copy === 'a' ? 1e9 : 1.1e9)
      }
    }
    const shares = await Promise.all(['a', 'b'].map((copy, index) => batch(at(copy, 'bundles'), at(`shard-${copy}`), { index, of: 2 })))
    expect(shares.reduce((n, { bundles }) => n + bundles, 0)).toBe(fleetOf(at('out')).counts.bundles)
    await runMerge([at('shard-a'), at('shard-b')], at('merged'), null)
    expect(outputOf(at('merged'))).toEqual(outputOf(at('out')))
    await batch(at('a', 'bundles'), at('whole'))
    await runMerge([at('out'), at('whole')], at('twice'), null)
    expect(outputOf(at('twice'))).toEqual(outputOf(at('out')))
  })
})
