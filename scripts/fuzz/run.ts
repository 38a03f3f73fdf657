import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { check, cpuMs } from './check.ts'
import { mutated, mutations } from './mutate.ts'
import { bigSeedsOf, type Seed, seedsOf } from './seeds.ts'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    finds: { type: 'string', default: 'fuzz-finds' },
  },
})
const seed = Number(values.seed)
/** `--seconds` are the processor's, so that a run does the same work on a busy machine. */
const until = cpuMs() + Number(values.seconds) * 1000
const corpus = process.env['OOM_REPORT_CORPUS']
const seeds = seedsOf(root, corpus)
const big = bigSeedsOf(root, corpus)
const found = new Map<string, number>()
let runs = 0

/** Writes an input that broke something, once for each kind of breakage; it becomes a test. */
function keep(input: Seed, error: unknown): void {
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
  const kind = text.split('\n', 1)[0]?.replace(/\d+/g, 'N').slice(0, 160) ?? ''
  found.set(kind, (found.get(kind) ?? 0) + 1)
  if (found.get(kind) !== 1) return
  mkdirSync(values.finds, { recursive: true })
  const file = join(values.finds, `${seed}-${runs}-${input.name}`)
  writeFileSync(file, input.bytes)
  process.stderr.write(`${file}: ${text.split('\n').slice(0, 6).join('\n  ')}\n`)
}

async function one(input: Seed): Promise<void> {
  runs += 1
  try {
    await check(input)
  } catch (error) {
    keep(input, error)
  }
}

process.stderr.write(`${seeds.length} seeds, ${big.length} big ones, seed ${seed}, ${values.seconds} s of processor time\n`)
for (let round = 0; cpuMs() < until; round += 1) {
  for (const mutation of fc.sample(mutations(seeds.length), { numRuns: 50, seed: seed * 1_000_003 + round })) {
    if (cpuMs() >= until) break
    await one(mutated(mutation, seeds))
  }
  const path = big[round % Math.max(1, big.length)]
  if (round % 8 === 7 && path !== undefined) {
    const [mutation] = fc.sample(mutations(1), { numRuns: 1, seed: seed * 7 + round })
    if (mutation !== undefined) await one(mutated(mutation, [{ name: path.slice(path.lastIndexOf('/') + 1), bytes: readFileSync(path) }]))
  }
}
const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
process.stdout.write(
  `seed ${seed}: ${runs} inputs in ${seconds(performance.now())}, ${seconds(cpuMs())} of processor time, ${found.size} kinds of breakage\n`,
)
for (const [kind, count] of found) process.stdout.write(`${count} × ${kind}\n`)
process.exitCode = found.size === 0 ? 0 : 1
