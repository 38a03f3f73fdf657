// Prints the closing line of a test run, `N passed, N failed`, from vitest's JSON, counting failed steps before it as failures; exits 1 when any.
import { existsSync, readFileSync } from 'node:fs'

const [file, steps = '0'] = process.argv.slice(2)
const run =
  file !== undefined && existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] }
const broken = run.testResults.filter((t) => t.status === 'failed' && t.assertionResults.length === 0).length
const failed = run.numFailedTests + broken + (run.numFailedTests + broken > 0 ? Math.max(0, Number(steps) - 1) : Number(steps))
const skipped = run.numPendingTests + (run.numTodoTests ?? 0)
if (skipped > 0) console.log(`${skipped} tests were skipped; in CI that is a failure`)
console.log(`${run.numPassedTests} passed, ${failed + skipped} failed`)
process.exit(failed + skipped > 0 || run.numPassedTests === 0 ? 1 : 0)
