import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze, plainReport } from '../../src/index.ts'
import { analyzeGiven } from '../../src/web/analyze.ts'
import { describeCorpus, filesBelow } from '../corpus.ts'
import { given, readPart } from './tools.ts'

const samples = fileURLToPath(new URL('../../samples/', import.meta.url))
const none = { timezone: null, year: null, redact: false }

/** The report of the page's own way of reading, and of the command line's. */
async function both(paths: readonly string[], options: Parameters<typeof analyzeGiven>[1] = none) {
  const web = await analyzeGiven(paths.map(given), options, readPart)
  const { timezone, year, redact } = options
  const node = await analyze(paths, {
    ...(timezone === null ? {} : { timezone }),
    ...(year === null ? {} : { year: Number(year) }),
    redact,
  })
  return {
    web: JSON.stringify(plainReport(web.report)),
    node: JSON.stringify(node.report),
    unread: [web.isNothing, node.unreadable.length],
  }
}

describe('what a page is handed gives the report of the command line', () => {
  it.each(
    readdirSync(samples, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  )('%s, file by file', async (folder) => {
    for (const name of filesBelow(path.join(samples, folder))) {
      const { web, node } = await both([path.join(samples, folder, name)])
      expect(web === node || web, name).toBe(web === node || node)
    }
  })

  it.each(['bundles', 'compressed', 'cgroup', 'userspace-killers'])('the folder %s as one', async (folder) => {
    const { web, node } = await both([path.join(samples, folder)])
    expect(web).toBe(node)
  })

  it('several inputs, with a zone, a year, and names replaced', async () => {
    // Sources stand in the order of their names, of which a page knows the last part.
    const folder = mkdtempSync(path.join(tmpdir(), 'several-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const paths = ['syslog-rfc3164', 'dmesg/container-limit.txt', 'kubelet/1.31-eviction.log', 'describe/pod-1.33.txt'].map((name) =>
      path.join(samples, name),
    )
    for (const from of paths) cpSync(from, path.join(folder, path.basename(from)), { recursive: true, preserveTimestamps: true })
    process.chdir(folder)
    const { web, node } = await both(
      paths.map((from) => path.basename(from)),
      { timezone: 'Europe/Berlin', year: '2025', redact: true },
    )
    expect(web).toBe(node)
  })
})

describeCorpus('the corpus', (root) => {
  const every = process.env['OOM_REPORT_FULL'] === '1' ? 1 : 60
  for (const set of ['field', 'hostile', 'lab', 'kubernetes'].filter((name) => existsSync(path.join(root, name))))
    it(`${set}: incidents as folders`, async () => {
      const cases = readdirSync(path.join(root, set), { withFileTypes: true }).filter((entry) => entry.isDirectory() || set === 'hostile')
      for (const { name } of set === 'hostile' ? cases : cases.filter((_, n) => n % every === 0)) {
        const { web, node } = await both([path.join(root, set, name)])
        expect(web === node || web, name).toBe(web === node || node)
      }
    }, 300_000)
})
