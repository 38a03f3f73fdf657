// Measures the built command line against the tools that people would use, whole processes, on generated logs. See bench/README.md.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchBatch } from './batch.mjs'
import { benchDeaths } from './deaths.mjs'
import { benchFleet } from './fleet.mjs'
import { writeNodeLog } from './generate.mjs'
import { benchLists } from './lists.mjs'
import { benchSeries } from './series.mjs'
import { writeJournal, writeKills, writePods, writeTaskTable } from './variants.mjs'

const GREP = `LC_ALL=C grep -cE 'oom|OOM|Out of memory|Killed process|evict'`
const cli = fileURLToPath(new URL('../dist/cli/cli.js', import.meta.url))
const argument = (name, otherwise) => Number(process.argv.find((text) => text.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
const RUNS = argument('runs', 5)
const MIB = argument('mib', 1024)
const JOURNAL_MIB = argument('journal-mib', 48)
const LARGE_MIB = argument('large-mib', 4096)
const DENSITY_MIB = (process.argv.find((text) => text.startsWith('--density-mib='))?.split('=')[1] ?? '256,1024').split(',').map(Number)
const BUNDLES = argument('bundles', 500)
const SEED = argument('seed', 8)
const only = process.argv
  .find((text) => text.startsWith('--only='))
  ?.split('=')[1]
  .split(',')

const folder = mkdtempSync(join(tmpdir(), 'oom-report-bench-'))
const at = (name) => join(folder, name)
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))

const ours = (input, format = 'json') => `${quoted(process.execPath)} ${quoted(cli)} analyze ${quoted(input)} --format ${format}`
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`

/** The same without a piece that is there for speed (`src/node/switches.ts`). */
const without = (piece, input) => `OOM_REPORT_WITHOUT=${piece} ${ours(input)}`

/** What the density of lines about containers' lives may cost, by its share. */
const densities = [
  [0.001, '≤ 1.00'],
  [0.01, '≤ 1.00'],
  [0.05, '≤ 1.50'],
  [0.33, '≤ 4.00'],
]

/** Seconds of one run of a shell command. Into a file: grep stops at the first match where its output is /dev/null. */
function seconds(command) {
  const start = process.hrtime.bigint()
  const { status, error } = spawnSync('/bin/sh', ['-c', `${command} > ${quoted(at('out'))}`], { stdio: 'ignore' })
  if (error !== undefined || status === null || status > 4) throw new Error(`failed (${status}): ${command}`)
  return Number(process.hrtime.bigint() - start) / 1e9
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], most: sorted.at(-1) }
}

/** Alternates the two commands, so that a busy machine slows both. The first run of each warms the page cache and is not counted. */
function compare(name, command, reference, aim, runs = RUNS) {
  const mine = []
  const theirs = []
  for (let run = 0; run <= runs; run += 1) {
    const pair = [seconds(command), seconds(reference)]
    if (run === 0) continue
    mine.push(pair[0])
    theirs.push(pair[1])
  }
  const a = summary(mine)
  const b = summary(theirs)
  print([
    name,
    (a.median / b.median).toFixed(2),
    aim,
    shown(a),
    shown(b),
    reference.replaceAll(folder, '').replaceAll(process.execPath, 'node'),
  ])
}

const shown = ({ median, least, most }) => `${median.toFixed(3)} s (${least.toFixed(3)}–${most.toFixed(3)})`
const print = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)

/** Peak resident memory of a run in MiB, read by the run itself at its end. */
function peak(input) {
  const file = at('peak')
  const hook = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`
  execFileSync(process.execPath, ['--import', hook, cli, 'analyze', input, '--format', 'json'], { stdio: 'ignore' })
  return Number(readFileSync(file, 'utf8')) / 1024
}

const parts = {
  text() {
    compare(`${MIB} MiB text`, ours(at('node.log')), `${GREP} ${quoted(at('node.log'))}`, '≤ 1.00')
  },
  density() {
    const input = at('busy.log')
    const grep = `${GREP} ${quoted(input)}`
    for (const mib of DENSITY_MIB)
      for (const [density, aim] of densities) {
        writeNodeLog(input, { bytes: mib * 1024 * 1024, seed: SEED, density })
        const name = `${mib} MiB, ${100 * density} % of the lines about containers' lives`
        compare(name, ours(input), grep, aim, Math.min(3, RUNS))
        print([`the same, peak memory`, `${peak(input).toFixed(0)} MiB`, '≤ 200 MiB', '', '', ''])
      }
    // All such lines read at once takes minutes at 256 MiB.
    for (const inner of ['orderly', 'random']) {
      writeNodeLog(input, { bytes: 64 * 1024 * 1024, seed: SEED, density: 0.33, inner })
      const name = `64 MiB, 33 %, ${inner} stamps`
      compare(name, ours(input), grep, '', Math.min(3, RUNS))
      compare(`${name}: against all of them read at once`, ours(input), without('lives', input), '', 1)
    }
    rmSync(input)
  },
  pieces() {
    const against = (what, piece, input) =>
      compare(`${what}: against without ${piece}`, ours(input), without(piece, input), '≤ 0.90', Math.min(3, RUNS))
    for (const piece of ['needle', 'grams', 'sampling', 'threads', 'flags', 'lives']) against(`${MIB} MiB text`, piece, at('node.log'))
    spawnSync('/bin/sh', ['-c', `gzip -1 -k ${quoted(at('node.log'))}`])
    against(`${MIB} MiB text, gzip`, 'ring', at('node.log.gz'))
    rmSync(at('node.log.gz'))
    writePods(at('pods.yaml'), 400)
    against('400 pods in YAML', 'yaml', at('pods.yaml'))
    // Worker processes: the rows of `batch`, two against one.
  },
  gz() {
    spawnSync('/bin/sh', ['-c', `gzip -1 -k ${quoted(at('node.log'))}`])
    compare(`${MIB} MiB text, gzip`, ours(at('node.log.gz')), `zcat ${quoted(at('node.log.gz'))} | ${GREP}`, '≤ 1.00')
    rmSync(at('node.log.gz'))
  },
  async journal() {
    const one = at('system.journal')
    const writer = fileURLToPath(new URL('large-journal.mjs', import.meta.url))
    execFileSync(process.execPath, ['--import', 'tsx', '--max-old-space-size=16000', writer, one, String(MIB), String(SEED)])
    compare(
      `${Math.round(statSync(one).size / 1048576)} MiB journal (${MIB} MiB of text)`,
      ours(one),
      `journalctl --file ${quoted(one)} -k -o short | ${GREP}`,
      '≤ 1.00',
    )
    rmSync(one)
    if (JOURNAL_MIB === 0) return
    // journald's own writer, which begins a new file at 64 MiB: both commands read the folder.
    const folder = at('journal')
    mkdirSync(folder)
    const path = await writeJournal(join(folder, 'system.journal'), { bytes: JOURNAL_MIB * 1024 * 1024, seed: SEED })
    if (path === null) return print(['journals', 'not measured', '', 'systemd-journal-remote is not installed', '', ''])
    const size = Math.round(readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1024 / 1024)
    compare(
      `${size} MiB of journals (${JOURNAL_MIB} MiB of text)`,
      ours(folder),
      `journalctl --directory ${quoted(folder)} -k -o short | ${GREP}`,
      '',
    )
    rmSync(folder, { recursive: true })
  },
  memory() {
    const small = peak(at('node.log'))
    rmSync(at('node.log'))
    print([`peak memory, ${MIB} MiB text`, `${small.toFixed(0)} MiB`, '≤ 200 MiB', '', '', ''])
    if (LARGE_MIB === 0) return
    writeNodeLog(at('large.log'), { bytes: LARGE_MIB * 1024 * 1024, seed: SEED })
    const large = peak(at('large.log'))
    rmSync(at('large.log'))
    print([`peak memory, ${LARGE_MIB} MiB text`, `${large.toFixed(0)} MiB`, '± 10 %', `× ${(large / small).toFixed(2)}`, '', ''])
  },
  linear() {
    curve('tasks in one report', [2500, 5000, 10_000, 20_000], writeTaskTable)
    curve('kills in one log', [1250, 2500, 5000, 10_000], writeKills)
  },
  start() {
    writeTaskTable(at('small.txt'), 2)
    compare('small dmesg to Markdown', ours(at('small.txt'), 'md'), `${quoted(process.execPath)} -e 0`, '≤ 2.00', 2 * RUNS)
    compare('--version', `${quoted(process.execPath)} ${quoted(cli)} --version`, `${quoted(process.execPath)} -e 0`, '≤ 1.40', 2 * RUNS)
  },
  series() {
    benchSeries({ mib: MIB, print })
  },
  deaths() {
    benchDeaths({ print })
  },
  fleet() {
    benchFleet({ print })
  },
  lists() {
    benchLists({ pods: 100_000, mib: 500, print })
  },
  batch() {
    benchBatch({ runs: Math.min(3, RUNS), bundles: BUNDLES, seed: SEED, large: argument('large', 1) === 1, print })
  },
}

/** Time per item at growing counts: level when linear. */
function curve(what, counts, write) {
  for (const count of counts) {
    const input = at(`${count}.txt`)
    write(input, count)
    const { median } = summary(Array.from({ length: Math.min(3, RUNS) }, () => seconds(ours(input))))
    print([`${count} ${what}`, `${median.toFixed(2)} s`, 'linear', `${((median / count) * 1e6).toFixed(0)} µs each`, '', ''])
    rmSync(input)
  }
}

print(['what', 'ratio or figure', 'aim', 'oom-report, median (least–most)', 'reference', 'reference command'])
print(['---', '---', '---', '---', '---', '---'])
const chosen = Object.keys(parts).filter((part) => only === undefined || only.includes(part))
if (chosen.some((part) => ['text', 'pieces', 'gz', 'memory'].includes(part)))
  writeNodeLog(at('node.log'), { bytes: MIB * 1024 * 1024, seed: SEED })
for (const part of chosen) await parts[part]()
