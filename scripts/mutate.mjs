// `npm run mutate -- ROOM [--seed=1] [--count=all] [--file=PART] [--also=REGEX] [--skip=REGEX] [--sure]`: puts small faults into src/ROOM, one at a time, and runs the tests of test/ROOM that
// pass by it. A fault that no test notices survives: a guard without a test. Deterministic by seed; no file is changed. `--also` takes in test files of other rooms, such as those that compare
// reports of samples; `--skip` leaves out tests by `FILE: NAME`; `--sure` tries each survivor again in a process of its own, in which no test has left anything behind.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleTests, faultsOfRoom, root } from './mutate/bundle.mjs'
import { placeOf } from './mutate/faults.mjs'

/** For all tests of one fault; what takes longer counts as neither killed nor survived, and so against the score. */
const mostMs = 120_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: 'all' },
    file: { type: 'string', default: '' },
    also: { type: 'string' },
    skip: { type: 'string' },
    sure: { type: 'boolean', default: false },
  },
})
const room = positionals[0] ?? 'timeline'
const faults = faultsOfRoom(room)
const folder = mkdtempSync(join(tmpdir(), 'oom-report-mutate-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
await lead()

/** mulberry32 */
function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function chosen() {
  const next = random(Number(values.seed))
  const keyed = faults.map((fault, id) => ({ id, file: fault.file, key: next() })).filter((one) => one.file.includes(values.file))
  const all = keyed.sort((a, b) => a.key - b.key).map((one) => one.id)
  return values.count === 'all' ? all : all.slice(0, Number(values.count))
}

async function lead() {
  const pattern = (text) => (text === undefined ? null : new RegExp(text))
  const skipped = pattern(values.skip)
  const modules = { ...(await bundleTests(room, folder, faults, { skip: skipped, also: pattern(values.also) })), skipped }
  const known = await learn(modules)
  const ids = chosen()
  console.log(`${room}: ${ids.length} of ${faults.length} faults, seed ${values.seed}, ${known.tookMs.length - modules.tests.length} tests`)
  for (const name of known.broken) console.log(`left out, since it fails without any fault: ${name}`)
  const tried = trials(modules, known)
  const survivors = []
  let unsettled = 0
  for (const id of ids) {
    const began = performance.now()
    const { result, by, way } = await tried.one(id)
    if (process.env['MUTATE_VERBOSE'])
      console.log(
        result,
        way,
        Math.round(performance.now() - began),
        faults[id].file,
        faults[id].fault.what,
        by === undefined ? '' : basename(by),
      )
    // A loop without end, or a survivor whose tests take as long: nobody knows.
    if (result === 'unsettled') unsettled += 1
    if (result !== 'survived') continue
    survivors.push(id)
    console.log(said(id, known))
  }
  tried.end()
  const killed = ids.length - survivors.length - unsettled
  console.log(
    `${room}: killed ${killed} of ${ids.length}, ${((100 * killed) / Math.max(1, ids.length)).toFixed(1)} %, survived ${survivors.length}, not settled in ${mostMs / 1000} s ${unsettled}`,
  )
}

function said(id, known) {
  const { file, fault, code } = faults[id]
  const { line, text } = placeOf(code, fault.start)
  return `survived ${file}:${line} ${fault.what}${known.met.has(id) ? '' : ' (no test comes here)'}   ${text.slice(0, 140)}`
}

async function learn(modules) {
  const worker = startWorker()
  const { tookMs, broken, met, counts, failed } = await worker.ask({ ask: 'learn', ...modules })
  worker.stop()
  if (failed !== undefined) throw new Error(failed)
  return { tookMs, broken: new Set(broken), met: new Map(met), counts }
}

/** Who passes by a fault, quick ones first: tests, test files as they load, and whether sources do as they load. */
function witnessesOf(id, known, count) {
  const sound = (known.met.get(id) ?? []).filter((index) => index > 0 && Number.isFinite(known.tookMs[index - 1])).map((index) => index - 1)
  const ordered = sound.sort((a, b) => known.tookMs[a] - known.tookMs[b])
  return {
    ofTests: ordered.filter((index) => index >= count).map((index) => index - count),
    ofFiles: ordered.filter((index) => index < count),
    sources: known.met.get(id)?.includes(0) === true,
  }
}

/** Test files in which a fault of sources is likeliest to be noticed: those that pass by others of its file most often, each for its time. */
function likeliest(id, known, count) {
  const { file } = faults[id]
  const fileOfTest = known.counts.flatMap((tests, index) => Array.from({ length: tests }, () => index))
  const passed = new Array(count).fill(0)
  faults.forEach((one, other) => {
    if (one.file !== file) return
    const by = new Set(
      (known.met.get(other) ?? [])
        .filter((index) => index > 0)
        .map((index) => (index <= count ? index - 1 : fileOfTest[index - 1 - count])),
    )
    for (const index of by) passed[index] += 1
  })
  const took = new Array(count).fill(50)
  known.tookMs.forEach((ms, index) => {
    if (Number.isFinite(ms)) took[index < count ? index : fileOfTest[index - count]] += ms
  })
  return [...passed.keys()].sort((a, b) => passed[b] / took[b] - passed[a] / took[a])
}

/** A process with all tests loaded tries fault after fault; what sources pass by as they load is tried in a process of its own. */
function trials(modules, known) {
  let warm = null
  let tried = 0
  const count = modules.tests.length
  const within = async (worker, question) => {
    const late = new Promise((done) => setTimeout(() => done({ result: 'unsettled', late: true }), mostMs).unref())
    return await Promise.race([worker.ask(question), late])
  }
  const alone = async (fault) => {
    const worker = startWorker()
    const answer = await within(worker, { ask: 'alone', ...modules, fault, order: likeliest(fault, known, count), broken: known.broken })
    worker.stop()
    return { result: answer.result ?? 'killed', by: answer.by, way: 'alone' }
  }
  const end = () => {
    warm?.stop()
    warm = null
  }
  return {
    async one(fault) {
      const { ofTests, ofFiles, sources } = witnessesOf(fault, known, count)
      if (sources) return await alone(fault)
      if (ofTests.length + ofFiles.length === 0) return { result: 'survived', way: 'unmet' }
      // What is loaded anew stays in memory.
      tried += 1
      if (tried % 200 === 0) end()
      if (warm === null) {
        warm = startWorker()
        await warm.ask({ ask: 'load', ...modules })
      }
      const { result, spoilt, late, by } = await within(warm, { ask: 'run', fault, ofTests, ofFiles, broken: known.broken })
      if (late || spoilt || result === undefined) end()
      // A process that ended may have been full of what was loaded anew for others.
      if (spoilt || result === undefined || (result === 'survived' && values.sure)) return await alone(fault)
      return { result, by, way: 'warm' }
    },
    end,
  }
}

function startWorker() {
  const child = fork(fileURLToPath(new URL('./mutate/worker.mjs', import.meta.url)), [], {
    cwd: root,
    stdio: ['ignore', 'ignore', process.env['MUTATE_VERBOSE'] ? 'inherit' : 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  let answer = () => {}
  const ended = { failed: 'the process with the tests ended' }
  child.on('message', (message) => answer(message))
  child.on('error', () => answer(ended))
  child.on('exit', () => answer(ended))
  return {
    ask: (question) =>
      new Promise((done) => {
        answer = done
        if (child.connected) child.send(question)
        else done(ended)
      }),
    stop: () => child.kill('SIGKILL'),
  }
}
