import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { analyze } from '../../src/index.ts'
import type { Report, ReportIncident } from '../../src/model/report.ts'

/** What the product says of these files, as one folder. */
export async function reportOfFiles(files: Readonly<Record<string, string>>): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'files-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true })
      writeFileSync(join(dir, name), text)
    }
    return (await analyze([dir])).report
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** What the product says of kernel lines, each stamped a microsecond after the one before, from `start` seconds of uptime on. A stamp of its own, the kernel's or syslog's, stands. */
export async function reportOfLines(lines: readonly string[], start = 5000): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'lines-'))
  try {
    const text = lines.map((line, at) =>
      /^(?:\[ *\d+\.\d+\]|[A-Z][a-z]{2} \d\d )/.test(line) ? line : `[${(start + at / 1e6).toFixed(6)}] ${line}`,
    )
    writeFileSync(join(dir, 'kern.log'), `${text.join('\n')}\n`)
    return (await analyze([dir])).report
  } finally {
    rmSync(dir, { recursive: true })
  }
}

export async function incidentOfLines(lines: readonly string[], start?: number): Promise<ReportIncident> {
  const { incidents } = await reportOfLines(lines, start)
  if (incidents.length !== 1) throw new Error(`${incidents.length} incidents`)
  return incidents[0] as ReportIncident
}

/** `id/confidence` of the four questions. */
export const answersOf = ({ diagnosis: d }: ReportIncident): readonly string[] =>
  [d.limit, d.consumer, d.selection, d.consequence].map(({ id, confidence }) => `${id}/${confidence}`)
