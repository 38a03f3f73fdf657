import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PhrasedReport } from '../../src/model/report.ts'
import { nodeHost } from '../../src/node/host.ts'
import { analyzeInputs } from '../../src/pipeline.ts'
import { outputs, renderReport } from '../../src/render/index.ts'
import { everything } from '../../src/report/filter.ts'
import { redact } from '../../src/report/redact.ts'
import { gzipOf, tarOf } from '../packed/pack.ts'
import { reportOf } from '../report-of.ts'
import { type Files, namesOf, renamed, turnsOf } from './renamed.ts'

const bytesOf = (files: Files): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'latin1')]))

const looseReport = (files: Files): Promise<PhrasedReport> => reportOf(bytesOf(files))

/** The same as an archive: the first folder of the files' paths is its name, as collectors call theirs after the machine. */
export async function packedReport(files: Files): Promise<PhrasedReport> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-names-'))
  try {
    const [first = ''] = Object.keys(files)
    const top = first.slice(0, first.indexOf('/'))
    const packable = Object.entries(bytesOf(files)).map(([name, bytes]) => ({ name, bytes, modified: new Date(0) }))
    const path = join(folder, `${top}.tar.gz`)
    writeFileSync(path, gzipOf(await tarOf(packable)))
    const options = {
      timezone: null,
      year: null,
      inputFormat: null,
      showCommandLines: false,
      showSecrets: false,
      stdin: null,
      redact: null,
    }
    return (await analyzeInputs([path], { ...options, host: nodeHost(), filter: everything })).report
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What two renamings of the same files leave to tell them apart when they are redacted: by output, the first lines that differ. */
export async function differences(given: Files, report: typeof looseReport = looseReport): Promise<string[]> {
  const names = namesOf(given, await looseReport(given))
  if (names.size === 0) return []
  // A machine's name stands in the name of its archive, too.
  const [machine = ''] = [...names].filter((name) => !name.includes('.'))
  const files =
    report === looseReport ? given : Object.fromEntries(Object.entries(given).map(([path, text]) => [`sos-${machine}/${path}`, text]))
  const [first, second] = await Promise.all(turnsOf(files, names).map(async (turn) => redact(await report(renamed(files, names, turn)))))
  if (first === undefined || second === undefined) throw new Error('two renamings')
  const found: string[] = []
  for (const { id } of outputs) {
    const [a, b] = [(await renderReport(first, id)).split('\n'), (await renderReport(second, id)).split('\n')]
    const at = a.findIndex((line, n) => line !== b[n])
    if (at !== -1 || a.length !== b.length) found.push(`${id}: ${a[at]?.slice(0, 300)} ≠ ${b[at]?.slice(0, 300)}`)
  }
  return found
}
