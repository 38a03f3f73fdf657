// `npm run mutate -- ROOM [--seed=1] [--count=all] [--file=PART] [--skip=REGEX] [--sure]`: puts small faults into src/ROOM, one at a time, and runs the tests of test/ROOM that pass by it. A fault
// that no test notices survives: a guard without a test. Deterministic by seed; no file is changed. `--skip` leaves test files out, such as those that
// compare with goldens; `--sure` tries each survivor again in a process of its own, in which no test has left anything behind.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleTests, faultsOfRoom, root } from './mutate/bundle.mjs'
import { placeOf } from './mutate/faults.mjs'

/** A loop without end is noticed by nobody but the clock. */
const mostMs = 30_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: 'all' },
    file: { type: 'string', default: '' },
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
  const modules = (await bundleTests(room, folder, faults, values.skip === undefined ? null : new RegExp(values.skip))).map((one) => ({
    ...one,
    file: resolve(root, one.file),
  }))
  const known = await learn(modules)
  const ids = chosen()
  console.log(`${room}: ${ids.length} of ${faults.length} faults, seed ${values.seed}, ${known.tookMs.length} tests`)
  for (const name of known.broken) console.log(`left out, since it fails without any fault: ${name}`)
  const tried = trials(modules, known)
  const survivors = []
  for (const id of ids) {
    if ((await tried.one(id)) !== 'survived') continue
    survivors.push(id)
    console.log(said(id, known))
  }
  tried.end()
  const killed = ids.length - survivors.length
  console.log(
    `${room}: killed ${killed} of ${ids.length}, ${((100 * killed) / Math.max(1, ids.length)).toFixed(1)} %, survived ${survivors.length}`,
  )
}

function said(id, known) {
  const { file, fault, code } = faults[id]
  const { line, text } = placeOf(code, fault.start)
  return `survived ${file}:${line} ${fault.what}${known.met.has(id) ? '' : ' (no test comes here)'}   ${text.slice(0, 140)}`
}

async function learn(modules) {
  const worker = startWorker()
  await worker.ask({ ask: 'load', modules, fault: -1 })
  const { tookMs, broken, met } = await worker.ask({ ask: 'learn' })
  worker.stop()
  return { tookMs: tookMs.map((ms) => ms ?? Number.POSITIVE_INFINITY), broken, met: new Map(met) }
}

/** A process with all tests loaded tries fault after fault; what is met while modules load is tried in a process of its own. */
function trials(modules, known) {
  let warm = null
  const byTime = (a, b) => known.tookMs[a] - known.tookMs[b]
  const sound = known.tookMs.map((_, index) => index).filter((index) => Number.isFinite(known.tookMs[index]))
  const within = async (worker, question) => {
    const late = new Promise((done) => setTimeout(() => done({ result: 'killed', spoilt: false, late: true }), mostMs).unref())
    return await Promise.race([worker.ask(question), late])
  }
  const alone = async (id, order) => {
    const worker = startWorker()
    const loaded = await within(worker, { ask: 'load', modules, fault: id })
    const { result } = loaded.loaded === known.tookMs.length ? await within(worker, { ask: 'run', fault: id, order }) : { result: 'killed' }
    worker.stop()
    return result
  }
  return {
    async one(id) {
      const by = known.met.get(id) ?? []
      if (by.length === 0) return 'survived'
      const order = by
        .filter((index) => index > 0 && Number.isFinite(known.tookMs[index - 1]))
        .map((index) => index - 1)
        .sort(byTime)
      const began = performance.now()
      if (!by.includes(0)) {
        if (warm === null) {
          warm = startWorker()
          await warm.ask({ ask: 'load', modules, fault: -1 })
        }
        const { result, spoilt, late, by: file } = await within(warm, { ask: 'run', fault: id, order })
        if (process.env['MUTATE_VERBOSE'])
          console.log(result, Math.round(performance.now() - began), faults[id].file, faults[id].fault.what, file && basename(file))
        if (late || spoilt || result === undefined) {
          warm.stop()
          warm = null
        }
        if (!spoilt && (result === 'killed' || (result === 'survived' && !values.sure))) return result
      }
      const last = (await alone(id, by.includes(0) ? sound.toSorted(byTime) : order)) ?? 'killed'
      if (process.env['MUTATE_VERBOSE']) console.log('alone', last, Math.round(performance.now() - began))
      return last
    },
    end: () => warm?.stop(),
  }
}

function startWorker() {
  const child = fork(fileURLToPath(new URL('./mutate/worker.mjs', import.meta.url)), [], {
    cwd: root,
    stdio: ['ignore', 'ignore', process.env['MUTATE_VERBOSE'] ? 'inherit' : 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  let answer = () => {}
  child.on('message', (message) => answer(message))
  child.on('exit', () => answer({ result: 'killed', died: true }))
  return {
    ask: (question) =>
      new Promise((done) => {
        answer = done
        child.send(question)
      }),
    stop: () => child.kill('SIGKILL'),
  }
}
