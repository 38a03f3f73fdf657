import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeCorpus } from '../corpus.ts'
import { firstDifference, placelessReport } from '../same.ts'
import { gzipOf, type Packable, packablesOf, tarOf, through, tool } from './pack.ts'

/** Every incident with `OOM_REPORT_FULL=1`; else a spread over both collections. */
const every = process.env['OOM_REPORT_FULL'] === '1' ? { kubernetes: 1, lab: 1 } : { kubernetes: 3, lab: 24 }
const tools = { xz: tool('xz'), zstd: tool('zstd'), zip: tool('zip') }

describeCorpus('an incident packed is the incident in its folder', (root) => {
  const staging = mkdtempSync(join(tmpdir(), 'packed-'))
  afterAll(() => rmSync(staging, { recursive: true, force: true }))
  const names = (['kubernetes', 'lab'] as const).flatMap((set) =>
    readdirSync(join(root, set), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${set}/${entry.name}`)
      .filter((_, i) => i % every[set] === 0),
  )

  test.each(names)('%s', async (name) => {
    const own = name.slice(name.indexOf('/') + 1)
    const home = mkdtempSync(join(staging, 'one-'))
    const folder = join(home, own)
    cpSync(join(root, name), folder, {
      recursive: true,
      preserveTimestamps: true,
      filter: (file) => !/\/(?:truth|expect)\.json$/.test(file),
    })
    const files = packablesOf(folder)
    const want = await placelessReport(folder, '/')
    // The order of members is whatever the packer met: it must not matter.
    const tar = await tarOf([...files].reverse(), `${own}/`)
    const zip = tools.zip ? through(new Uint8Array(), 'zip', ['-q', '-r', '-1', '-', '.'], folder) : null
    const packed: [string, Uint8Array | null, string][] = [
      ['tar.gz', gzipOf(tar), `!${own}/`],
      ['tar.xz', tools.xz ? through(tar, 'xz', ['-0', '-c']) : null, `!${own}/`],
      ['tar.zst', tools.zstd ? through(tar, 'zstd', ['-1', '-q', '-c']) : null, `!${own}/`],
      ['zip', zip, '!'],
      ['tar', zip === null ? null : await zipInTar(zip), '!inner.zip!'],
    ]
    for (const [ending, bytes, within] of packed) {
      if (bytes === null) continue
      const archive = join(home, `${own}.${ending}`)
      writeFileSync(archive, bytes)
      expect(firstDifference(want, await placelessReport(archive, within)), ending).toBeNull()
      rmSync(archive)
    }
    rmSync(home, { recursive: true })
  })
})

const zipInTar = (zip: Uint8Array): Promise<Uint8Array> => {
  const inner: Packable = { name: 'inner.zip', bytes: zip, modified: new Date('2026-11-24T12:00:00Z') }
  return tarOf([inner])
}
