import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { check } from '../../scripts/fuzz/check.ts'
import { mutated, mutations } from '../../scripts/fuzz/mutate.ts'
import { seedsOf } from '../../scripts/fuzz/seeds.ts'

/** `npm run fuzz` is the long form, and `.ci/run` has a minute of it; this is the same driver over a fixed number of inputs, so that each machine sees the same. */
const RUNS = process.env['OOM_REPORT_FULL'] === undefined ? 60 : 4000
const SEED = 20

test('mutated samples break no reader, output or promise', { timeout: 1_200_000 }, async () => {
  const seeds = seedsOf(join(import.meta.dirname, '../..'), undefined).filter(({ bytes }) => bytes.length < 64 * 1024)
  let runs = 0
  for (const mutation of fc.sample(mutations(seeds.length), { numRuns: RUNS, seed: SEED })) {
    const input = mutated(mutation, seeds)
    runs += 1
    await check(input).catch((error: unknown) => {
      throw new Error(`${input.name}, input ${runs} of seed ${SEED}`, { cause: error })
    })
  }
  expect(runs).toBe(RUNS)
})
