// `npm run mutate -- ROOM [--seed=1] [--count=60] [--file=PART]`: puts small faults into src/ROOM, one at a time, and runs the tests of test/ROOM against each. A fault
// that no test notices survives: a guard without a test. Deterministic by seed; no file is changed (Vite serves the faulty text).
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { applied, mutantsOf, placeOf } from './mutants.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** A loop without end is noticed by nobody but the clock. */
const mostMs = 60_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    file: { type: 'string', default: '' },
    worker: { type: 'boolean', default: false },
  },
})
const room = positionals[0] ?? 'timeline'
if (values.worker) await work(room)
else await lead()

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

function sample() {
  const files = readdirSync(resolve(root, 'src', room), { recursive: true })
    .map((name) => `src/${room}/${name}`)
    .filter((name) => name.endsWith('.ts') && name.includes(values.file))
    .sort()
  const all = files.flatMap((file) => {
    const code = readFileSync(resolve(root, file), 'utf8')
    return mutantsOf(code).map((mutant) => ({ file, mutant, code }))
  })
  const next = random(Number(values.seed))
  const keyed = all.map((m) => ({ m, key: next() })).sort((a, b) => a.key - b.key)
  return { all: all.length, chosen: keyed.slice(0, Number(values.count)).map(({ m }) => m) }
}

async function lead() {
  const { all, chosen } = sample()
  console.log(`${room}: ${chosen.length} of ${all} faults, seed ${values.seed}`)
  let worker = null
  const survivors = []
  let killed = 0
  for (const one of chosen) {
    worker ??= startWorker()
    const began = performance.now()
    const result = await Promise.race([
      worker.ask({ file: one.file, mutant: one.mutant }),
      new Promise((r) => setTimeout(() => r('timeout'), mostMs)),
    ])
    if (process.env['MUTATE_VERBOSE']) console.log(result, Math.round(performance.now() - began), one.file, one.mutant.what)
    if (result === 'timeout') {
      worker.stop()
      worker = null
    }
    if (result === 'survived') {
      survivors.push(one)
      const { line, text } = placeOf(one.code, one.mutant.start)
      console.log(`survived ${one.file}:${line} ${one.mutant.what}   ${text.slice(0, 140)}`)
    } else killed += 1
  }
  worker?.stop()
  console.log(
    `${room}: killed ${killed} of ${chosen.length}, ${((100 * killed) / Math.max(1, chosen.length)).toFixed(1)} %, survived ${survivors.length}`,
  )
}

/** Its own process group, so that a test process that hangs goes with it. */
function startWorker() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), room, '--worker'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  })
  let answer = () => {}
  child.on('message', (message) => answer(message))
  child.on('exit', () => answer('killed'))
  return {
    ask: (question) =>
      new Promise((done) => {
        answer = done
        child.send(question)
      }),
    stop() {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {}
    },
  }
}

async function work(tested) {
  const { createVitest } = await import('vitest/node')
  let current = null
  const plugin = {
    name: 'mutant',
    enforce: 'pre',
    load(id) {
      const path = id.split('?')[0]
      return current !== null && path === current.path ? applied(readFileSync(path, 'utf8'), current.mutant) : null
    },
  }
  const options = { root, watch: true, reporters: [{}], maxWorkers: 1, bail: 1, include: [`test/${tested}/**/*.test.ts`] }
  const vitest = await createVitest('test', options, { plugins: [plugin] })
  await vitest.standalone()
  const specs = await vitest.globTestSpecifications()
  process.on('message', async ({ file, mutant }) => {
    const path = resolve(root, file)
    const changed = (next) => {
      current = next
      vitest.invalidateFile(path)
    }
    changed({ path, mutant })
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specs, false)
    const failed = unhandledErrors.length > 0 || testModules.some((m) => !m.ok())
    changed(null)
    process.send(failed ? 'killed' : 'survived')
  })
  process.on('disconnect', () => process.exit(0))
}
