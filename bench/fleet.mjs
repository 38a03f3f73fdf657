// Lays down the results of a batch of any size, as its workers leave them, and measures what becomes of them: the fleet's pages and its lines.
// Alone: node bench/fleet.mjs [--incidents=50000] [--bundles=5000]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../dist/cli/cli.js', import.meta.url))
const FIRST_MS = Date.UTC(2026, 9, 1)
const limits = ['container-limit', 'pod-limit', 'node-allocatable', 'machine', 'unknown']
const consumers = ['process', 'page-cache', 'many-processes', 'shared-memory']
const causes = ['process-outgrew-limit', 'memory-leak', 'limit-too-small', 'unknown']
const confidences = ['high', 'high', 'medium', 'low']

const hex = (text, digits) => createHash('sha256').update(String(text)).digest('hex').slice(0, digits)

/** The k-th incident: of one of 400 nodes and of one of 900 workloads, a kill a minute. */
function incident(k, bytes) {
  const id = hex(k, 12)
  const host = `node-${String((k * 7) % 400).padStart(3, '0')}`
  const workload = `shop-${k % 30}/Deployment/service-${(k * 13) % 900} · app`
  const time = new Date(FIRST_MS + k * 60_000).toISOString()
  const memcg = `/kubepods/burstable/pod${hex(`p${k}`, 32)}/${hex(`c${k}`, 64)}`
  const who = `${10_000 + k}|java|${memcg}`
  const seconds = (FIRST_MS + k * 60_000) / 1000
  return {
    id,
    headline: `java (PID ${10_000 + k}) in container app of shop-${k % 30}/service-${(k * 13) % 900} was killed at ${time}: the container reached its 512 MiB limit; java held 97 %.`,
    host,
    firstTime: time,
    lastTime: time,
    workload,
    namespace: `shop-${k % 30}`,
    limit: limits[k % 5],
    limitConfidence: confidences[k % 4],
    limitBytes: 536_870_912,
    consumer: consumers[k % 4],
    rootCause: causes[k % 3],
    rootCauseConfidence: confidences[(k >> 2) % 4],
    pattern: 'single',
    kills: [
      {
        key: hex(`${host}|${who}`, 16),
        time,
        same: [`${k}.337|${who}|1`, `${Math.floor(seconds / 4)}+0|${who}`, `${Math.floor((seconds + 2) / 4)}+2|${who}`].map((same) =>
          hex(same, 16),
        ),
      },
    ],
    page: `${time.replace(/\.\d+/, '').replace(/[-:]/g, '')}_${host}_service_${id}.html`,
    offset: 0,
    length: bytes,
  }
}

/** What `batch` leaves in its folder: a result, lines and pages a bundle. Lines are short here: they are only copied. */
function layDown(folder, incidents, bundles) {
  const state = path.join(folder, '.oom-report')
  for (const sub of ['results', 'pages']) mkdirSync(path.join(state, sub), { recursive: true })
  const listed = []
  let k = 0
  for (let n = 0; n < bundles; n += 1) {
    const bundle = `bundles/case-${String(n).padStart(6, '0')}.tar.gz`
    const key = hex(bundle, 32)
    const rows = []
    let lines = ''
    const pages = path.join(state, 'pages', key)
    mkdirSync(pages)
    for (const last = Math.floor(((n + 1) * incidents) / bundles); k < last; k += 1) {
      const line = `{"bundle":${JSON.stringify(bundle)},"kills":[{"time":null}],"pad":"${'x'.repeat(1000)}"}\n`
      rows.push({ ...incident(k, line.length), offset: lines.length })
      lines += line
      writeFileSync(path.join(pages, rows.at(-1).page), '<!doctype html>')
    }
    const hosts = [...new Set(rows.map((row) => row.host))]
    const facts = {
      bytes: 1_000_000,
      status: 'ok',
      reason: null,
      lines: 9000,
      sources: 12,
      from: rows[0].firstTime,
      to: rows.at(-1).lastTime,
    }
    writeFileSync(
      path.join(state, 'results', `${key}.json`),
      JSON.stringify({ schemaVersion: 1, key, bundle, ...facts, hosts, incidents: rows }),
    )
    writeFileSync(path.join(state, 'results', `${key}.ndjson`), lines)
    listed.push({ name: bundle, key, reason: null })
  }
  writeFileSync(
    path.join(state, 'run.json'),
    JSON.stringify({ schemaVersion: 1, version: '0', settings: '', shard: null, bundles: listed }),
  )
}

/** Processor seconds, peak MiB and the size of the index. */
function merged(folder, incidents, bundles) {
  const [run, out] = [path.join(folder, 'run'), path.join(folder, 'out')]
  for (const each of [run, out]) rmSync(each, { recursive: true, force: true })
  layDown(run, incidents, bundles)
  const hook = `data:text/javascript,process.on('exit',()=>{const r=process.resourceUsage();console.error('PEAK',r.maxRSS,r.userCPUTime+r.systemCPUTime)})`
  const { stderr, status } = spawnSync(process.execPath, ['--import', hook, cli, 'merge', run, '-o', out, '-q'], { encoding: 'utf8' })
  const [, peak, cpu] = /PEAK (\d+) (\d+)/.exec(stderr) ?? []
  if (status !== 0 || cpu === undefined) throw new Error(`merge failed (${status}): ${stderr}`)
  return {
    seconds: cpu / 1e6,
    mib: peak / 1024,
    index: statSync(path.join(out, 'index.html')).size / 1024,
    json: statSync(path.join(out, 'index.json')).size / 1048576,
  }
}

/** Rows at a tenth and at all of `incidents`. */
export function benchFleet({ incidents = 50_000, bundles = 5000, print }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oom-report-fleet-'))
  try {
    const [few, many] = [10, 1].map((part) => merged(folder, incidents / part, bundles / part))
    for (const [count, { seconds, mib, index, json }] of [
      [incidents / 10, few],
      [incidents, many],
    ])
      print([
        `fleet of ${count} incidents`,
        `${mib.toFixed(0)} MiB`,
        '≤ 400 MiB',
        `${seconds.toFixed(1)} CPU seconds`,
        `index.html ${index.toFixed(0)} KiB, index.json ${json.toFixed(1)} MiB`,
        'oom-report merge',
      ])
    print(['fleet: tenfold, processor time', `× ${(many.seconds / few.seconds).toFixed(1)}`, '≤ 11', '', '', ''])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const argument = (name, otherwise) => Number(process.argv.find((t) => t.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  benchFleet({
    incidents: argument('incidents', 50_000),
    bundles: argument('bundles', 5000),
    print: (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`),
  })
}
