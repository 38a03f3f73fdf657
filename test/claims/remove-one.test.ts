import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { describeCorpus, filesBelow } from '../corpus.ts'
import { incidentsOf, inventedKills, withoutAnswers, wrongAndHigh } from './expectation.ts'

/** A bundle in an archive is laid out as a folder, so that one file can be taken away. */
async function unpackedIn(folder: string): Promise<void> {
  for (const name of filesBelow(folder).filter((file) => file.endsWith('.tar.gz'))) {
    for (const { header, data } of await unpackTar(gunzipSync(readFileSync(join(folder, name))))) {
      if (header.type !== 'file' || data === undefined) continue
      mkdirSync(dirname(join(folder, header.name)), { recursive: true })
      writeFileSync(join(folder, header.name), data)
    }
    rmSync(join(folder, name))
  }
}

/** The files to take away: all with `OOM_REPORT_FULL=1`, else the largest. A dump of a cluster holds dozens of nearly empty lists. */
const telling = (folder: string): string[] => {
  const files = filesBelow(folder).map((name) => ({ name, size: statSync(join(folder, name)).size }))
  const most = process.env['OOM_REPORT_FULL'] === '1' ? files.length : 10
  return files
    .sort((a, b) => b.size - a.size)
    .slice(0, most)
    .map((file) => file.name)
}

describeCorpus('a bundle that lacks one file', (root) => {
  test.each(incidentsOf(root, 'kubernetes').map((incident) => [incident.name, incident] as const))('%s', async (_, incident) => {
    const { parent, folder } = withoutAnswers(incident)
    try {
      await unpackedIn(folder)
      const shortfalls: string[] = []
      for (const file of ['nothing', ...telling(folder)]) {
        const away = join(parent, 'away')
        if (file !== 'nothing') renameSync(join(folder, file), away)
        const { report } = await analyze([folder])
        if (file !== 'nothing') renameSync(away, join(folder, file))
        const most = incident.expect.incidents ?? Number.POSITIVE_INFINITY
        if (report.incidents.length > most) shortfalls.push(`without ${file}: ${report.incidents.length} incidents for ${most}`)
        for (const wrong of wrongAndHigh(report, incident.expect)) shortfalls.push(`without ${file}: ${wrong}`)
        for (const kill of inventedKills(report, incident.expect)) shortfalls.push(`without ${file}: invented ${kill}`)
      }
      expect(shortfalls).toEqual([])
    } finally {
      rmSync(parent, { recursive: true })
    }
  })
})
