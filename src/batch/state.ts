import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { BundleResult } from './result.ts'
import type { Shard } from './shard.ts'

/**
 * The run's memory, in `.oom-report/` inside the output folder. Everything is written under a temporary name and renamed: a run that was killed at any
 * moment leaves whole results and leftovers that the next run removes.
 *
 *     .oom-report/results/<key>.json     BundleResult; its being there means that the rest is, too
 *     .oom-report/results/<key>.ndjson   the bundle's incidents, a line each
 *     .oom-report/pages/<key>/*.html     their pages
 *     .oom-report/run.json               the bundles of the last complete run, by name
 *     .oom-report/redact-key             the secret of the aliases, where the environment gave none
 */
export interface State {
  readonly dir: string
  /** A whole result, or `null`: not there, not readable, or without its lines or pages. */
  result(key: string): BundleResult | null
  run(): RunList | null
  saveRun(list: RunList): void
}

export interface RunList {
  readonly schemaVersion: 1
  readonly version: string
  /** Digest of options and templates: shards of one run have the same. */
  readonly settings: string
  readonly shard: Shard | null
  /** `key` is `null` where there is no result: the bundle could not even be opened. */
  readonly bundles: readonly { readonly name: string; readonly key: string | null; readonly reason: string | null }[]
}

/** Results are keyed by fingerprint, name, program version, options and templates: any of them changed means another analysis. */
export const resultKey = (parts: { readonly print: string; readonly name: string; readonly settings: string }): string =>
  digest([parts.print, parts.name, parts.settings])

export const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

/** For a run of its own: makes the folders and removes what a killed run left. */
export function openState(outDir: string): State {
  const dir = path.join(outDir, '.oom-report')
  for (const sub of ['results', 'pages', 'tmp']) mkdirSync(path.join(dir, sub), { recursive: true })
  clearTemporary(dir)
  return readState(outDir)
}

export function clearTemporary(stateDir: string): void {
  for (const left of readdirSync(path.join(stateDir, 'tmp'))) rmSync(path.join(stateDir, 'tmp', left), { recursive: true, force: true })
}

/** Another run's state: nothing is made or removed there, it may be mounted read-only. */
export function readState(outDir: string): State {
  const dir = path.join(outDir, '.oom-report')
  return {
    dir,
    result(key) {
      const result = readJson<BundleResult>(path.join(dir, 'results', `${key}.json`))
      return result !== null && isWhole(dir, result) ? result : null
    },
    run: () => readJson<RunList>(path.join(dir, 'run.json')),
    saveRun: (list) => void writeIfChanged(path.join(dir, 'run.json'), JSON.stringify(list), dir),
  }
}

/** After a power cut, or a hand that tidied up, a result may stand there without the rest: then it is made again. */
function isWhole(dir: string, result: BundleResult): boolean {
  const last = result.incidents.at(-1)
  if (last === undefined) return true
  const lines = statSync(path.join(dir, 'results', `${result.key}.ndjson`), { throwIfNoEntry: false })
  if (lines?.size !== last.offset + last.length) return false
  return result.incidents.every((i) => (statSync(path.join(dir, 'pages', result.key, i.page), { throwIfNoEntry: false })?.size ?? 0) > 0)
}

/** Removes results and pages that no bundle of this run has: a changed bundle leaves its old ones behind. */
export function forgetUnused(stateDir: string, used: ReadonlySet<string>): void {
  for (const name of readdirSync(path.join(stateDir, 'results')))
    if (!used.has(name.replace(/\.(?:nd)?json$/, ''))) rmSync(path.join(stateDir, 'results', name), { force: true })
  for (const name of readdirSync(path.join(stateDir, 'pages')))
    if (!used.has(name)) rmSync(path.join(stateDir, 'pages', name), { recursive: true, force: true })
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return null
  }
}

let serial = 0

export const temporaryIn = (stateDir: string): string => path.join(stateDir, 'tmp', `${process.pid}-${Date.now()}-${serial++}`)

/** Whole or not at all. `stateDir` is `.oom-report`, whose tmp/ is on the same file system as its target. */
export function writeWhole(target: string, text: string | Buffer, stateDir: string): void {
  const temporary = temporaryIn(stateDir)
  writeFileSync(temporary, text)
  renameSync(temporary, target)
}

/** Returns whether it had to write. */
function writeIfChanged(target: string, text: string, stateDir: string): boolean {
  try {
    if (readFileSync(target, 'utf8') === text) return false
  } catch {
    // not there yet
  }
  writeWhole(target, text, stateDir)
  return true
}
