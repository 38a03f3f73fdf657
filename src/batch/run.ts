import path from 'node:path'
import { cores } from '../node/cores.ts'
import { version } from '../version.ts'
import { baselineOf } from './baseline.ts'
import { type Bundle, type BundleList, byName, findBundles, mayBeMany, type Unread } from './bundles.ts'
import type { FleetOptions } from './define-fleet.ts'
import type { BatchOptions, Job } from './job.ts'
import { lockState } from './lock.ts'
import type { BatchOutcome } from './outcome.ts'
import { openPool, type Pool } from './pool.ts'
import { type Published, publish, type ResultPlace } from './publish.ts'
import { bundleAlias, nameHash, redactedReason, redactionKey } from './redaction.ts'
import { inShard, type Shard } from './shard.ts'
import { eachShare, sharesOf } from './shares.ts'
import { clearTemporary, digest, forgetUnused, openState, resultKey, type State } from './state.ts'
import { writeSummary } from './summary.ts'

export interface BatchRun {
  readonly paths: readonly string[]
  readonly outDir: string
  readonly jobs: number
  readonly shard: Shard | null
  readonly baseline: string | null
  readonly options: BatchOptions
  /** What the pages are made with: changes whenever a template does. */
  readonly templates: string
  readonly env: Readonly<Record<string, string | undefined>>
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

export const defaultJobs = (): number => cores()

/** Analyses every bundle that has no whole result yet, then writes the fleet view from the results. Throws a Refusal for what the caller can mend. */
export async function runBatch(run: BatchRun): Promise<BatchOutcome> {
  const started = new Date()
  const baseline = baselineOf(run.baseline)
  // Workers start while the bundles are looked for.
  const early = run.jobs > 1 && mayBeMany(run.paths) ? await openPool(run.jobs) : null
  try {
    const found = findBundles(run.paths, run.outDir)
    const isMany = found.bundles.length > 1
    if (!isMany) await early?.close()
    const pool = early !== null && isMany ? early : await openPool(isMany ? Math.min(run.jobs, found.bundles.length) : 1)
    return await runOver(found, pool, { run, started, baseline })
  } finally {
    await early?.close()
  }
}

interface Begun {
  readonly run: BatchRun
  readonly started: Date
  readonly baseline: FleetOptions['baseline']
}

async function runOver(found: BundleList, pool: Pool, { run, started, baseline }: Begun): Promise<BatchOutcome> {
  const state = openState(run.outDir)
  const unlock = lockState(state.dir)
  try {
    const { redactKey, settings } = settingsOf(run, state)
    const keyed = jobsOf(found.bundles, { state, run, redactKey, settings })
    const listed = redactKey === null ? found.unreadable : found.unreadable.map((u) => aliased(u, redactKey))
    const results = new Map(keyed.map((k) => [k.key, state.result(k.key)]))
    // A failure is our bug, or the machine's bad day: worth another try.
    const todo = keyed.filter((k) => (results.get(k.key)?.status ?? 'failed') === 'failed')
    const bytes = todo.reduce((n, k) => n + k.bundle.bytes, 0)
    // Read while the workers work: this thread has nothing else to do.
    await analyzeAll(todo, { run, pool, bundles: keyed.length, bytes }, (key) => results.set(key, state.result(key)))
    const places = keyed.flatMap(({ key }): ResultPlace[] => {
      const result = results.get(key) ?? null
      return result === null ? [] : [{ result, stateDir: state.dir }]
    })
    const published = await publish(run.outDir, places, listed, { version, baseline })
    remember(state, places, listed, { settings, shard: run.shard })
    const outcome = outcomeOf(published, places, listed, keyed.length - todo.length)
    writeSummary(run.outDir, state.dir, {
      started,
      outcome,
      analysed: todo.length,
      bytes,
      jobs: Math.min(pool.workers, Math.max(1, found.bundles.length)),
      workersPeakRssBytes: pool.peakRssBytes(),
    })
    return outcome
  } finally {
    await pool.close()
    clearTemporary(state.dir)
    unlock()
  }
}

function settingsOf(run: BatchRun, state: State): { redactKey: string | null; settings: string } {
  const redactKey = run.options.redact ? redactionKey(state.dir, run.shard !== null, run.env) : null
  return { redactKey, settings: digest([version, run.options, run.templates, redactKey]) }
}

const aliased = (u: Unread, redactKey: string): Unread => ({
  name: bundleAlias(u.name, nameHash(redactKey)),
  reason: redactedReason(u.reason, u.name),
})

interface Keying {
  readonly state: State
  readonly run: BatchRun
  readonly redactKey: string | null
  readonly settings: string
}

/** This shard's share of the bundles. Nothing is read for it. */
function jobsOf(bundles: readonly Bundle[], { state, run, redactKey, settings }: Keying): Job[] {
  const own = bundles.filter((bundle) => inShard(run.shard, bundle.likeness))
  return own.map((bundle) => ({
    bundle,
    label: redactKey === null ? bundle.name : bundleAlias(bundle.name, nameHash(redactKey)),
    key: resultKey({ print: bundle.print, name: bundle.name, settings }),
    stateDir: state.dir,
    options: run.options,
    redactKey,
  }))
}

interface Analysis {
  readonly run: BatchRun
  readonly pool: Pool
  readonly bundles: number
  readonly bytes: number
}

async function analyzeAll(todo: readonly Job[], { run, pool, bundles, bytes }: Analysis, onResult: (key: string) => void): Promise<void> {
  const done = { bundles: bundles - todo.length, bytes: 0, incidents: 0 }
  const tell = (): void => run.onProgress({ bundles, bundlesDone: done.bundles, bytes, bytesDone: done.bytes, incidents: done.incidents })
  tell()
  await eachShare(
    sharesOf(todo, pool.workers, (job) => job.bundle.bytes),
    pool.workers,
    run.signal,
    async (share) => {
      for (const job of await pool.analyze(share)) {
        done.bundles++
        done.bytes += job.bytes
        done.incidents += job.incidents
        onResult(job.key)
      }
      tell()
    },
  )
}

/** What a merge, and the next run, need to know of this one. */
function remember(
  state: State,
  places: readonly ResultPlace[],
  listed: readonly Unread[],
  { settings, shard }: { settings: string; shard: Shard | null },
): void {
  const bundles = [
    ...places.map((p) => ({ name: p.result.bundle, key: p.result.key, reason: p.result.reason })),
    ...listed.map((l) => ({ name: l.name, key: null, reason: l.reason })),
  ].sort(byName)
  state.saveRun({ schemaVersion: 1, version, settings, shard, bundles })
  forgetUnused(state.dir, new Set(places.map((p) => p.result.key)))
}

export function outcomeOf(published: Published, places: readonly ResultPlace[], listed: readonly Unread[], reused: number): BatchOutcome {
  const nothing = places.filter((p) => p.result.status === 'unreadable' || p.result.status === 'failed').length
  return {
    ...published,
    bundles: places.length + listed.length,
    unreadable: nothing + listed.length,
    broken: places.filter((p) => p.result.status !== 'ok').length + listed.length,
    reused,
  }
}

export const stateFolder = (outDir: string): string => path.join(outDir, '.oom-report')
