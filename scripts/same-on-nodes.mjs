// The same bytes on every supported Node.js: installs npm's `node` of the other lines and compares all outputs for all samples.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const own = process.version.slice(1).split('.')[0]
const lines = ['20', '22', '24'].filter((line) => line !== own)
const folder = mkdtempSync(join(tmpdir(), 'oom-report-nodes-'))
const digestsBy = (node) => JSON.parse(execFileSync(node, ['scripts/digest.mjs'], { encoding: 'utf8', maxBuffer: 1 << 28 }))
let differences = 0

try {
  const ours = digestsBy(process.execPath)
  for (const line of lines) {
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', join(folder, line), `node@${line}`], {
      stdio: 'inherit',
    })
    const node = join(folder, line, 'node_modules/node/bin/node')
    const theirs = digestsBy(node)
    const different = Object.keys({ ...ours, ...theirs }).filter((key) => ours[key] !== theirs[key])
    for (const key of different) console.error(`differs on Node.js ${line}: ${key}`)
    differences += different.length
    console.log(
      `Node.js ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}: ${Object.keys(theirs).length} outputs, ${different.length} differ from ${process.version}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = differences === 0 ? 0 : 1
