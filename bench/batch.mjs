// Measures `oom-report batch` on generated bundles: two workers against one, peak memory, and whether the time grows with the number of bundles.
// Alone: node bench/batch.mjs [--runs=3] [--bundles=500] [--seed=8]; bench/run.mjs calls benchBatch(). With OOM_REPORT_CORPUS: node bench/batch.mjs --corpora=2
// measures the corpora's own bundles, each so many times under other names.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeBundles } from './make-bundles.mjs'

const built = fileURLToPath(new URL('../dist/cli/cli.js', import.meta.url))

/** Seconds and peak MiB (all workers) of one whole run into an empty folder. `oneCore`: all its threads have one core. */
function once(cli, bundles, out, jobs, oneCore = false) {
  rmSync(out, { recursive: true, force: true })
  const start = process.hrtime.bigint()
  const words = [process.execPath, cli, 'batch', bundles, '-o', out, '-q', '--jobs', String(jobs)]
  const [program, ...rest] = oneCore ? ['taskset', '-c', '0', ...words] : words
  const { status, stderr } = spawnSync(program, rest)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (status !== 0) throw new Error(`batch failed (${status}): ${stderr}`)
  return { seconds, mib: JSON.parse(readFileSync(path.join(out, 'run-summary.json'), 'utf8')).peakRssBytes / 1048576 }
}

/** Seconds until commands that run at the same time have all ended. */
function together(commands) {
  const start = process.hrtime.bigint()
  const { status } = spawnSync('/bin/sh', [
    '-c',
    `${commands.map((words) => `${words.map(quoted).join(' ')} >/dev/null &`).join('\n')}\nwait`,
  ])
  if (status !== 0) throw new Error(`failed (${status}): ${commands[0].join(' ')}`)
  return Number(process.hrtime.bigint() - start) / 1e9
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`

/** Deals the bundles out to two folders, by links. */
function halves(from, to) {
  const folders = ['0', '1'].map((half) => path.join(to, half))
  for (const folder of folders) mkdirSync(folder, { recursive: true })
  for (const [index, name] of readdirSync(from).entries()) symlinkSync(path.join(from, name), path.join(folders[index % 2], name))
  return folders.map((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
}

/** A program that keeps one core busy with nothing but its own few kilobytes. */
const busy = [
  process.execPath,
  '-e',
  'const a = new Float64Array(4096); for (let r = 0; r < 100000; r++) for (let i = 0; i < 4096; i++) a[i] = a[i] * 1.0000001 + i',
]

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
const spread = (list) =>
  `${median(list).toFixed(2)} s (${[...list].sort((a, b) => a - b)[0].toFixed(2)}–${[...list]
    .sort((a, b) => a - b)
    .at(-1)
    .toFixed(2)})`

/**
 * Rows of `[what, figure, aim, ours, reference, how]`. One and two workers take turns, so that a busy machine slows both; a first turn warms the page cache and
 * is not counted. `large` is a tenfold of `bundles`, run once, against the median of the small one with the same workers.
 */
export function benchBatch({ runs = 3, bundles = 500, seed = 8, large = true, cli = built, print = () => {} } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oom-report-bench-batch-'))
  const at = (name) => path.join(folder, name)
  try {
    makeBundles(at('small'), bundles, seed)
    const [one, two, core] = [[], [], []]
    for (let run = 0; run <= runs; run += 1) {
      const [a, b, c] = [
        once(cli, at('small'), at('out'), 1),
        once(cli, at('small'), at('out'), 2),
        once(cli, at('small'), at('out'), 1, true),
      ]
      if (run === 0) continue
      one.push(a)
      two.push(b)
      core.push(c.seconds)
    }
    const [a, b] = [one, two].map((list) => list.map((r) => r.seconds))
    const command = 'oom-report batch BUNDLES -o OUT'
    print([`${bundles} bundles, two workers`, (median(b) / median(a)).toFixed(2), '≤ 0.60', spread(b), spread(a), `${command} --jobs 1`])
    // One worker has V8's threads for garbage and compiling on the other core: this is what a core gives.
    print([
      `${bundles} bundles, two cores against one`,
      (median(b) / median(core)).toFixed(2),
      '',
      spread(b),
      spread(core),
      `taskset -c 0 ${command} --jobs 1`,
    ])
    print([
      `${bundles} bundles, memory`,
      `${Math.max(...two.map((r) => r.mib)).toFixed(0)} MiB`,
      '≤ 400 MiB',
      '',
      '',
      `${command} --jobs 2`,
    ])
    // What the machine gives: a program of one thread, and whole batches that share nothing, beside their like.
    const lists = halves(at('small'), at('halves'))
    const apart = lists.map((list, half) => [process.execPath, cli, 'batch', ...list, '-o', at(`out-${half}`), '-q', '--jobs', '1'])
    const [alone, beside, separate] = [[], [], []]
    for (let run = 0; run < runs; run += 1) {
      alone.push(together([busy]))
      beside.push(together([busy, busy]))
      for (const half of lists.keys()) rmSync(at(`out-${half}`), { recursive: true, force: true })
      separate.push(together(apart))
    }
    print([
      'two cores at once, a loop without garbage',
      (median(beside) / median(alone) / 2).toFixed(2),
      '0.50 is two whole cores',
      spread(beside),
      spread(alone),
      'one such loop',
    ])
    print([
      `${bundles} bundles, two processes apart`,
      (median(separate) / median(a)).toFixed(2),
      '',
      spread(separate),
      spread(a),
      `${command} --jobs 1`,
    ])
    if (!large) return
    makeBundles(at('large'), bundles * 10, seed + 1)
    const many = once(cli, at('large'), at('out'), 2)
    print([
      `${bundles * 10} bundles`,
      (many.seconds / median(b)).toFixed(1),
      '≤ 11.0',
      `${many.seconds.toFixed(2)} s`,
      spread(b),
      `${command} (${bundles} bundles)`,
    ])
    print([`${bundles * 10} bundles, memory`, `${many.mib.toFixed(0)} MiB`, '', '', '', `${command} --jobs 2`])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a case is to come to is no part of its bundle. */
const answers = new Set(['expect.json', 'truth.json'])

/** The bundles of the corpora, each `times` times under another name. */
function benchCorpora({ runs, times, corpus, cli, print }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oom-report-bench-corpora-'))
  const [bundles, out] = [path.join(folder, 'bundles'), path.join(folder, 'out')]
  try {
    for (const room of ['kubernetes', 'lab', 'field'])
      for (const entry of readdirSync(path.join(corpus, room), { withFileTypes: true }))
        for (let n = 1; entry.isDirectory() && n <= times; n += 1)
          cpSync(path.join(corpus, room, entry.name), path.join(bundles, `${room}-${entry.name}-${n}`), {
            recursive: true,
            filter: (name) => !answers.has(path.basename(name)),
          })
    const count = readdirSync(bundles).length
    const [one, two] = [[], []]
    for (let run = 0; run <= runs; run += 1) {
      const [a, b] = [once(cli, bundles, out, 1), once(cli, bundles, out, 2)]
      if (run === 0 && runs > 1) continue
      one.push(a)
      two.push(b)
    }
    const [a, b] = [one, two].map((list) => list.map((r) => r.seconds))
    const command = 'oom-report batch BUNDLES -o OUT'
    print([
      `${count} bundles of the corpora, two workers`,
      (median(b) / median(a)).toFixed(2),
      '≤ 0.60',
      spread(b),
      spread(a),
      `${command} --jobs 1`,
    ])
    print([
      `${count} bundles of the corpora, memory`,
      `${Math.max(...two.map((r) => r.mib)).toFixed(0)} MiB`,
      '',
      '',
      '',
      `${command} --jobs 2`,
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const argument = (name, otherwise) => Number(process.argv.find((t) => t.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const cli = process.argv.find((t) => t.startsWith('--cli='))?.slice(6) ?? built
  const print = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
  const times = argument('corpora', 0)
  const corpus = process.env.OOM_REPORT_CORPUS
  if (times > 0) benchCorpora({ runs: argument('runs', 3), times, corpus, cli, print })
  else
    benchBatch({
      runs: argument('runs', 3),
      bundles: argument('bundles', 500),
      seed: argument('seed', 8),
      large: argument('large', 1) === 1,
      cli,
      print,
    })
}
