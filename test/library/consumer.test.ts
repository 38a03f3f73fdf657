import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

/** A stranger's project: the package as it is published, the strictest compiler, no types of Node.js. */
const project = mkdtempSync(join(tmpdir(), 'oom-report-consumer-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

const program = `
import { analyze, type Analysis, answerIds, OptionError, outputs, plainReport, type Report, render, rules, version } from 'oom-report'
import type { ReportIncident } from 'oom-report/types'

export async function main(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const analysis: Analysis = await analyze(['bundle.tar.gz', '-'], { timezone: 'UTC', year: 2026, stdin: bytes, filter: { limit: 'container-limit' } })
  const report: Report = analysis.report
  const first: ReportIncident | undefined = report.incidents[0]
  const line: string = first?.verdict ?? version
  const id: (typeof answerIds.rootCause)[number] | undefined = first?.rootCause.id
  const names: string[] = outputs.map((output) => output.id).concat(rules.map((rule) => rule.title), String(id), new OptionError('a', 'b').option)
  return line + names.join() + (await render(analysis, 'md')) + (await render(plainReport(analysis.phrased), 'json'))
}
`

it('compiles against the packed package, strictly, libraries included', () => {
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { encoding: 'utf8' })) as [
    { files: { path: string }[] },
  ]
  const home = join(project, 'node_modules/oom-report')
  for (const { path } of packed[0].files.filter((file) => /^(?:dist\/lib\/.*|package\.json)$/.test(file.path))) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    cpSync(path, join(home, path))
  }
  writeFileSync(join(project, 'main.ts'), program)
  const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, types: [] }
  const target = { module: 'nodenext', target: 'es2022', lib: ['es2023'] }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, ...target }, files: ['main.ts'] }))
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const run = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
  expect(run.stdout).toBe('')
  expect(run.status).toBe(0)
})

it('exports what the documentation says', () => {
  const documentation = readFileSync('docs/library.md', 'utf8')
  for (const name of ['analyze', 'render', 'unreadable', 'OptionError', 'plainReport', 'oom-report/schema'])
    expect(documentation).toContain(name)
})
