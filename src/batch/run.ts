import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { version } from '../version.ts'
import type { BatchOptions, Job, JobDone } from './analyze-bundle.ts'
import { type Bundle, findBundles, reasonOf } from './bundles.ts'
import { contentHash, fingerprint } from './content.ts'
import type { Fleet } from './fleet.ts'
import { openPool } from './pool.ts'
import { type Published, publish, type ResultPlace } from './publish.ts'
import type { BundleResult } from './result.ts'
import { inShard, type Shard } from './shard.ts'
import { forgetUnused, openState, type RunList, resultKey, type State, writeWhole } from './state.ts'

export interface BatchRun {
  readonly paths: readonly string[]
  readonly outDir: string
  readonly jobs: number
  readonly shard: Shard | null
  readonly baseline: string | null
  readonly options: BatchOptions
  readonly templates: string
  readonly onProgress: (p: BatchProgress) => void
  readonly signal: AbortSignal
}

export interface BatchProgress {
  readonly bundles: number
  readonly bundlesDone: number
  readonly bytes: number
  readonly bytesDone: number
  readonly incidents: number
}

export interface BatchOutcome extends Published {
  readonly bundles: number
  readonly unreadable: number
  readonly reused: number
}

export const defaultJobs = (): number => Math.max(1, os.availableParallelism())

/** Analyses every bundle that has no whole result yet, then writes the fleet view from the results. */
export async function runBatch(run: BatchRun): Promise<BatchOutcome> {
  const started = new Date()
  const state = openState(run.outDir)
  const { bundles, unreadable } = findBundles(run.paths, run.outDir)
  const keyed = keyBundles(bundles, state, run)
  const todo = keyed.filter((k) => state.result(k.key) === null)
  const done = { bundles: keyed.length - todo.length, bytes: 0, incidents: 0 }
  const bytes = todo.reduce((n, k) => n + k.bundle.bytes, 0)
  const tell = (): void =>
    run.onProgress({ bundles: keyed.length, bundlesDone: done.bundles, bytes, bytesDone: done.bytes, incidents: done.incidents })
  tell()
  await analyzeAll(
    todo.map(({ bundle, key }) => ({ bundle, key, stateDir: state.dir, options: run.options })),
    run,
    (job) => {
      done.bundles++
      done.bytes += job.bytes
      done.incidents += job.incidents
      tell()
    },
  )
  const places = keyed.flatMap(({ key }): ResultPlace[] => {
    const result = state.result(key)
    return result === null ? [] : [{ result, stateDir: state.dir }]
  })
  const published = await finish(run.outDir, state, places, unreadable, run.baseline)
  const outcome = {
    ...published,
    bundles: keyed.length + unreadable.length,
    unreadable: places.filter((p) => p.result.status !== 'ok').length + unreadable.length,
    reused: keyed.length - todo.length,
  }
  writeSummary(run.outDir, state, { started, outcome, analysed: todo.length, bytes, jobs: run.jobs })
  return outcome
}

interface Keyed {
  readonly bundle: Bundle
  readonly key: string
}

function keyBundles(bundles: readonly Bundle[], state: State, run: BatchRun): Keyed[] {
  const keyed = bundles.flatMap((bundle): Keyed[] => {
    const print = fingerprint(bundle)
    const content = state.hashOf(print) ?? contentHash(bundle)
    state.rememberHash(print, content)
    if (!inShard(run.shard, content)) return []
    return [{ bundle, key: resultKey({ content, name: bundle.name, version, options: run.options, templates: run.templates }) }]
  })
  state.saveHashes()
  return keyed
}

async function analyzeAll(jobs: readonly Job[], run: BatchRun, onDone: (done: JobDone) => void): Promise<void> {
  if (jobs.length === 0) return
  const pool = await openPool(Math.min(run.jobs, jobs.length))
  try {
    const queue = jobs[Symbol.iterator]()
    await Promise.all(
      Array.from({ length: Math.min(run.jobs, jobs.length) }, async () => {
        for (const job of queue) {
          run.signal.throwIfAborted()
          onDone(await pool.run(job))
        }
      }),
    )
  } finally {
    await pool.close()
  }
}

/** Writes the fleet view from results, remembers which there are, and forgets the rest. Shared with `merge`. */
export async function finish(
  outDir: string,
  state: State,
  places: readonly ResultPlace[],
  listed: readonly { name: string; reason: string }[],
  baseline: string | null,
): Promise<Published> {
  const published = await publish(outDir, places, listed, { version, baseline: baselineOf(baseline) })
  const bundles = [
    ...places.map((p) => ({ name: p.result.bundle, key: p.result.key, reason: p.result.reason })),
    ...listed.map((l) => ({ name: l.name, key: null, reason: l.reason })),
  ]
  const list: RunList = { schemaVersion: 1, version, bundles: bundles.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) }
  state.saveRun(list)
  forgetUnused(state, new Set(places.map((p) => p.result.key)))
  return published
}

function baselineOf(dir: string | null): { name: string; keys: ReadonlySet<string> } | null {
  if (dir === null) return null
  const file = path.join(dir, 'index.json')
  if (!existsSync(file)) throw new RangeError(`--baseline ${dir} holds no index.json of an earlier batch`)
  try {
    const fleet = JSON.parse(readFileSync(file, 'utf8')) as Fleet
    return { name: `the baseline ${path.basename(path.resolve(dir))}`, keys: new Set(fleet.groups.map((g) => g.key)) }
  } catch (error) {
    throw new RangeError(`--baseline ${dir}: index.json is not readable: ${reasonOf(error)}`)
  }
}

interface SummaryFacts {
  readonly started: Date
  readonly outcome: BatchOutcome
  readonly analysed: number
  readonly bytes: number
  readonly jobs: number
}

/** The only file that may hold wall-clock facts of the run. */
function writeSummary(outDir: string, state: State, f: SummaryFacts): void {
  const { outcome } = f
  const facts = {
    schemaVersion: 1,
    version,
    started: f.started.toISOString(),
    finished: new Date().toISOString(),
    seconds: (Date.now() - f.started.getTime()) / 1000,
    jobs: f.jobs,
    bundles: outcome.bundles,
    analysed: f.analysed,
    reused: outcome.reused,
    bytesAnalysed: f.bytes,
    unreadable: outcome.unreadable,
    incidents: outcome.choice.fleet.counts.incidents,
    filesWritten: outcome.written,
    filesKept: outcome.kept,
  }
  writeWhole(path.join(outDir, 'run-summary.json'), `${JSON.stringify(facts, null, 2)}\n`, state.dir)
}

/** Folds the results of several runs (shards) into one fleet view that equals that of one run over all. */
export async function runMerge(dirs: readonly string[], outDir: string, baseline: string | null): Promise<BatchOutcome> {
  const places = new Map<string, ResultPlace>()
  const listed = new Map<string, string>()
  for (const dir of dirs) {
    const from = openState(dir)
    const list = from.run()
    if (list === null) throw new RangeError(`${dir} holds no finished batch (.oom-report/run.json)`)
    for (const { name, key, reason } of list.bundles) {
      const result: BundleResult | null = key === null ? null : from.result(key)
      if (result !== null) places.set(name, { result, stateDir: from.dir })
      else listed.set(name, reason ?? 'its result is gone')
    }
  }
  for (const name of places.keys()) listed.delete(name)
  const state = openState(outDir)
  const all = [...places.values()]
  const own = dirs.some((d) => path.resolve(d) === path.resolve(outDir))
  const unread = [...listed].map(([name, reason]) => ({ name, reason }))
  const published = await (own ? finish(outDir, state, all, unread, baseline) : publishOnly(outDir, state, all, unread, baseline))
  return {
    ...published,
    bundles: all.length + unread.length,
    unreadable: all.filter((p) => p.result.status !== 'ok').length + unread.length,
    reused: all.length,
  }
}

/** A merge keeps no results of its own: they stay with their shards. */
const publishOnly = (
  outDir: string,
  _state: State,
  places: readonly ResultPlace[],
  listed: readonly { name: string; reason: string }[],
  baseline: string | null,
): Promise<Published> => publish(outDir, places, listed, { version, baseline: baselineOf(baseline) })
