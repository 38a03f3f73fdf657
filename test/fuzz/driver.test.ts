import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { check } from '../../scripts/fuzz/check.ts'
import { mutated, mutations } from '../../scripts/fuzz/mutate.ts'
import { seedsOf } from '../../scripts/fuzz/seeds.ts'

/** `npm run fuzz` is the long form; this is the same driver for seconds, over inputs that are the same each time. */
const SECONDS = process.env['OOM_REPORT_FULL'] === undefined ? 20 : 60
const SEED = 20

test('mutated samples break no reader, output or promise', { timeout: 300_000 }, async () => {
  const seeds = seedsOf(join(import.meta.dirname, '../..'), undefined).filter(({ bytes }) => bytes.length < 64 * 1024)
  const until = performance.now() + SECONDS * 1000
  let runs = 0
  for (const mutation of fc.sample(mutations(seeds.length), { numRuns: 400, seed: SEED })) {
    if (performance.now() > until) break
    const input = mutated(mutation, seeds)
    runs += 1
    await check(input).catch((error: unknown) => {
      throw new Error(`${input.name}, input ${runs} of seed ${SEED}`, { cause: error })
    })
  }
  expect(runs).toBeGreaterThan(5)
})
