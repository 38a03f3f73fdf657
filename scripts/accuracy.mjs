// The scoreboard: analyses every incident of the corpus (each file by itself, then the folder) and every sample with a note of its truth, and prints a confusion table per
// question with the confidences, so that a change shows what it does. Needs a build.
//
//   npm run accuracy [-- --set lab] [--only TEXT] [--files REGEX] [--folders] [--verbose]
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { analyze } from '../dist/lib/index.js'

const args = process.argv.slice(2)
const value = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : null)
const corpus = process.env.OOM_REPORT_CORPUS ?? path.join('..', 'shared', 'corpus')
if (!existsSync(corpus)) {
  console.error('no corpus: set OOM_REPORT_CORPUS to its folder')
  process.exit(1)
}
const only = value('--only') ?? ''
const set = value('--set')
const files = new RegExp(value('--files') ?? '')
const questions = ['limit', 'consumer', 'selection', 'consequence', 'pattern', 'rootCause']
const tables = new Map(questions.map((q) => [q, new Map()]))
const wrong = []
const kills = { asked: 0, found: 0, invented: 0 }

const answerOf = (incident, question) =>
  question === 'pattern'
    ? { id: incident.pattern, confidence: '' }
    : question === 'rootCause'
      ? incident.rootCause
      : incident.diagnosis[question]

function note(where, question, want, got) {
  const key = `${want.join('|')} ← ${got.id}${got.confidence ? ` (${got.confidence})` : ''}${want.includes(got.id) ? '' : '  ✗'}`
  const table = tables.get(question)
  table.set(key, (table.get(key) ?? 0) + 1)
  if (!want.includes(got.id))
    wrong.push(`${question}: ${where}: ${got.id}${got.confidence ? ` (${got.confidence})` : ''} for ${want.join(' or ')}`)
}

async function judge(where, target, expect, whole, lossy) {
  const { report } = await analyze([target])
  const own = report.incidents
    .flatMap((i) => i.kills.map((k) => ({ ...k, incident: i })))
    .filter((k) => !expect.alsoInLog?.includes(k.victim.pid))
  const pids = new Set(expect.kills.map((k) => k.pid))
  for (const want of expect.kills) {
    if (lossy && !own.some((k) => k.victim.pid === want.pid)) continue
    kills.asked++
    if (own.some((k) => k.victim.pid === want.pid)) kills.found++
    else wrong.push(`kill: ${where}: pid ${want.pid} not found`)
  }
  const others = expect.otherKills ?? []
  const invented = own.filter(
    (k) =>
      !pids.has(k.victim.pid) &&
      !others.some((o) => !o.killer || [o.killer].flat().includes(k.killer)) &&
      !(expect.pidlessKills && k.victim.pid === null),
  )
  kills.invented += invented.length
  for (const k of invented) wrong.push(`kill: ${where}: ${k.victim.pid} (${k.victim.comm}) by ${k.killer} invented`)
  if (whole && expect.incidents !== undefined && report.incidents.length !== expect.incidents)
    wrong.push(`incidents: ${where}: ${report.incidents.length} for ${expect.incidents}`)
  const mine = report.incidents.filter((i) => (pids.size > 0 ? i.kills.some((k) => pids.has(k.victim.pid)) : true))
  for (const question of questions) {
    const want = expect.diagnosis?.[question]
    if (!want || lossy || (expect.needsBundle?.includes(question) && !whole)) continue
    for (const i of mine) note(where, question, want, answerOf(i, question))
    if (mine.length === 0) note(where, question, want, { id: 'nothing', confidence: '' })
  }
}

const staging = mkdtempSync(path.join(os.tmpdir(), 'accuracy-'))
process.on('exit', () => rmSync(staging, { recursive: true, force: true }))
for (const group of readdirSync(corpus)) {
  if (!existsSync(path.join(corpus, group, 'README.md')) || (set !== null && set !== group)) continue
  for (const name of readdirSync(path.join(corpus, group))) {
    const dir = path.join(corpus, group, name)
    if (!name.includes(only) || !existsSync(path.join(dir, 'expect.json'))) continue
    const expect = JSON.parse(readFileSync(path.join(dir, 'expect.json'), 'utf8'))
    if (!args.includes('--folders'))
      for (const [file, facts] of Object.entries(expect.files))
        if (files.test(file)) await judge(`${name}/${file}`, path.join(dir, file), expect, false, facts.lossy)
    if (expect.bundle === false || value('--files') !== null) continue
    const copy = path.join(staging, name)
    cpSync(dir, copy, { recursive: true, filter: (f) => !/(?:truth|expect)\.json$/.test(f) })
    await judge(`${name}/`, copy, expect, true, false)
  }
}
for (const [question, table] of tables) {
  const rows = [...table].sort((a, b) => b[1] - a[1])
  const [right, asked] = [rows.filter(([k]) => !k.endsWith('✗')).reduce((n, r) => n + r[1], 0), rows.reduce((n, r) => n + r[1], 0)]
  if (asked === 0) continue
  const sure = rows.filter(([k]) => k.endsWith('(high)')).reduce((n, r) => n + r[1], 0)
  const bold = rows.filter(([k]) => k.endsWith('(high)  ✗')).reduce((n, r) => n + r[1], 0)
  const share = (n) => `${((100 * n) / asked).toFixed(1)} %`
  console.log(`\n${question}: ${right} of ${asked} right (${share(right)}), right and high ${share(sure)}, wrong with high ${bold}`)
  for (const [key, n] of rows) console.log(`  ${String(n).padStart(5)}  ${key}`)
}
console.log(`\nkills: ${kills.found} of ${kills.asked} found, ${kills.invented} invented`)
const high = wrong.filter((w) => w.includes('(high)')).length
console.log(`${wrong.length} shortfalls, ${high} of them with high confidence`)
for (const w of args.includes('--verbose') ? wrong : wrong.slice(0, 30)) console.log(`  ${w}`)
