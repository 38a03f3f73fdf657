// A process that has all tests loaded. First it runs each once and notes which faults it passes by; then, for a fault, only what passes by it, the quick first, until one fails: tests by
// themselves, and test files loaded anew where they pass by it while they load. What sources pass by while they are loaded is tried in a process that starts with the fault.
import { pathToFileURL } from 'node:url'
import { before, collecting, passes, tests } from './tests.mjs'

let active = -1
let current = 0
let asked = false
const met = new Map()
/** Of each test file: where it is, and its tests as they stand in `tests`. */
const files = []
let skip = null

const noted = (id) => {
  const by = met.get(id)
  if (by === undefined) met.set(id, new Set([current]))
  else by.add(current)
  return id === active
}
const plain = (id) => {
  if (id !== active) return false
  asked = true
  return true
}
globalThis.fault = noted

process.on('message', async (message) => {
  try {
    process.send(await answers[message.ask](message))
  } catch (error) {
    process.send({ failed: String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', () => {})

let loads = 0
/** The tests of a file, loaded now. */
async function testsOf({ file, module }) {
  collecting(file)
  const from = tests.length
  loads += 1
  await import(`${pathToFileURL(module).href}?load=${loads}`)
  for (const body of before.splice(0)) await body()
  return tests.splice(from).filter((test) => !skip?.test(`${file}: ${test.name}`))
}

async function loadSources(sources) {
  for (const source of sources) await import(pathToFileURL(source).href)
}

/** A file with the fault from its first line on: `null`, or the number of its test that fails, -1 where it does not load. */
async function failingOf(file, known) {
  let fresh = []
  try {
    fresh = await testsOf(file)
  } catch {
    return -1
  }
  for (const [index, test] of fresh.entries()) if (!known.has(`${test.file}: ${test.name}`) && !(await passes(test))) return index
  return null
}

const answers = {
  /** Runs every test once. By whom a fault is met: 0 stands for sources as they load, then a number for each test file as it loads, then one for each test. */
  async learn({ sources, tests: modules, skipped }) {
    skip = skipped
    await loadSources(sources)
    const tookMs = []
    const broken = []
    const timed = async (body) => {
      current += 1
      const began = performance.now()
      const passed = await body()
      tookMs.push(passed ? performance.now() - began : Number.POSITIVE_INFINITY)
    }
    for (const module of modules) await timed(async () => files.push({ ...module, tests: await testsOf(module) }))
    for (const one of files)
      for (const test of one.tests)
        await timed(async () => {
          const passed = await passes(test)
          if (!passed) broken.push(`${test.file}: ${test.name}`)
          return passed
        })
    return { tookMs, broken, met: [...met].map(([id, by]) => [id, [...by]]), counts: files.map((one) => one.tests.length) }
  },

  async load({ sources, tests: modules, skipped }) {
    skip = skipped
    globalThis.fault = plain
    await loadSources(sources)
    for (const module of modules) files.push({ ...module, tests: await testsOf(module) })
    return {}
  },

  /** A fault may leave something behind that lets the next be noticed wrongly: `spoilt` where what failed fails without it, too, or where nothing asked for the fault, since its result was kept. */
  async run({ fault, ofTests, ofFiles, broken }) {
    const all = files.flatMap((one) => one.tests)
    active = fault
    asked = false
    for (const index of ofTests) {
      if (await passes(all[index])) continue
      active = -1
      return { result: 'killed', by: all[index].file, spoilt: !(await passes(all[index])) }
    }
    for (const index of ofFiles) {
      active = fault
      const failing = await failingOf(files[index], broken)
      active = -1
      if (failing === null) continue
      const sound = await testsOf(files[index])
      return {
        result: 'killed',
        by: files[index].file,
        spoilt: failing >= 0 && sound[failing] !== undefined && !(await passes(sound[failing])),
      }
    }
    active = -1
    return { result: 'survived', spoilt: !asked }
  },

  /** With the fault from the start, file after file. */
  async alone({ sources, tests: modules, skipped, fault, order, broken }) {
    skip = skipped
    active = fault
    globalThis.fault = plain
    await loadSources(sources)
    for (const index of order) if ((await failingOf(modules[index], broken)) !== null) return { result: 'killed', by: modules[index].file }
    return { result: 'survived' }
  },
}
