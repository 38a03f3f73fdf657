// A process that has all tests of a room loaded. First it runs each once and notes which faults it passes by; then, for a fault, only the tests that pass by it, the quick ones first, until
// one fails. With a fault set from the start it tells of those that are met while modules load.
import { pathToFileURL } from 'node:url'
import { before, collecting, passes, tests } from './tests.mjs'

let active = -1
let current = 0
const met = new Map()

const noted = (id) => {
  const by = met.get(id)
  if (by === undefined) met.set(id, new Set([current]))
  else by.add(current)
  return id === active
}
const plain = (id) => id === active
globalThis.fault = noted

process.on('message', async (message) => {
  process.send(await answers[message.ask](message))
})
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', () => {})

const answers = {
  /** `0` in `by` stands for what happens while modules load. */
  async load({ modules, fault }) {
    active = fault
    globalThis.fault = fault < 0 ? noted : plain
    for (const { file, module } of modules) {
      collecting(file)
      await import(pathToFileURL(module).href)
    }
    for (const body of before) await body()
    return { loaded: tests.length }
  },

  async learn() {
    const tookMs = []
    const broken = []
    for (const [index, test] of tests.entries()) {
      current = index + 1
      const began = performance.now()
      const passed = await passes(test)
      if (!passed) broken.push(`${test.file}: ${test.name}`)
      tookMs.push(passed ? performance.now() - began : Number.POSITIVE_INFINITY)
    }
    globalThis.fault = plain
    return { tookMs, broken, met: [...met].map(([id, by]) => [id, [...by]]) }
  },

  /** A fault may leave something behind that lets the next be noticed wrongly: `spoilt` where a test fails without it, too. */
  async run({ fault, order }) {
    globalThis.fault = plain
    active = fault
    for (const index of order) {
      if (await passes(tests[index])) continue
      active = -1
      return { result: 'killed', by: tests[index].file, spoilt: fault >= 0 && !(await passes(tests[index])) }
    }
    active = -1
    return { result: 'survived', spoilt: false }
  },
}
