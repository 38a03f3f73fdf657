// What the tests import in place of `vitest` while faults are put in: the same words, but the tests are kept in a list, so that any of them can be run again alone, in this process.
// Matchers are vitest's own.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
const { ASYMMETRIC_MATCHERS_OBJECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState, GLOBAL_EXPECT, getState } = await import(
  pathToFileURL(require.resolve('@vitest/expect')).href
)
const chai = await import(pathToFileURL(require.resolve('chai')).href)

/** @type {{ file: string, run: () => unknown }[]} */
export const tests = []
export const before = []
let file = ''
let finished = []

export function collecting(next) {
  file = next
}

/** Runs one test. @returns {Promise<boolean>} whether it passed */
export async function passes(test) {
  finished = []
  file = test.file
  try {
    await test.run()
    return true
  } catch (error) {
    if (process.env['MUTATE_VERBOSE'] === 'why') console.error(test.file, test.name, String(error).slice(0, 300))
    return false
  } finally {
    for (const end of finished) await end()
  }
}

const bodyOf = (args) => args.find((arg) => typeof arg === 'function')
const eachOf =
  (of) =>
  (table) =>
  (name, ...args) => {
    const body = bodyOf(args)
    for (const row of table) of(name, () => (Array.isArray(row) ? body(...row) : body(row)))
  }

export function test(name, ...args) {
  const at = file
  tests.push({ name: String(name), file: at, run: () => bodyOf(args)({}) })
}
test.each = eachOf(test)
test.skipIf = (skipped) => (skipped ? () => {} : test)
test.runIf = (wanted) => (wanted ? test : () => {})
export const it = test

export function describe(_name, ...args) {
  bodyOf(args)()
}
describe.each = eachOf(describe)
describe.skipIf = (skipped) => (skipped ? () => {} : describe)
describe.runIf = (wanted) => (wanted ? describe : () => {})

export const beforeAll = (body) => before.push(body)
/** What tests leave behind lies in the folder for temporary files: nothing is put away between two faults. */
export const afterAll = () => {}
export const onTestFinished = (body) => finished.push(body)

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)
chai.use((_chai, { addMethod }) => {
  addMethod(chai.Assertion.prototype, 'toMatchFileSnapshot', async function toMatchFileSnapshot(name) {
    const golden = readFileSync(resolve(dirname(file), name), 'utf8')
    if (golden !== this._obj) throw new Error(`differs from ${name}`)
  })
})

export const expect = (value, message) => chai.expect(value, message)
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT])
expect.getState = () => getState(expect)
expect.setState = (state) => setState(state, expect)
globalThis[GLOBAL_EXPECT] = expect
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null, environment: 'node' }, expect)
