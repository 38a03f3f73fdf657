import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { BundleResult } from './result.ts'

/**
 * The run's memory, in `.oom-report/` inside the output folder. Everything is written under a temporary name and renamed: a run that was killed at any
 * moment leaves whole results and leftovers that the next run removes.
 *
 *     .oom-report/results/<key>.json     BundleResult; its being there means that the rest is, too
 *     .oom-report/results/<key>.ndjson   the bundle's incidents, a line each
 *     .oom-report/pages/<key>/*.html     their pages
 *     .oom-report/hashes.json            fingerprint → content hash
 *     .oom-report/run.json               the bundles of the last complete run, by name
 */
export interface State {
  readonly dir: string
  result(key: string): BundleResult | null
  lines(key: string): Buffer
  pageFile(key: string, page: string): string
  hashOf(fingerprint: string): string | null
  rememberHash(fingerprint: string, hash: string): void
  saveHashes(): void
  run(): RunList | null
  saveRun(list: RunList): void
}

export interface RunList {
  readonly schemaVersion: 1
  readonly version: string
  readonly bundles: readonly { readonly name: string; readonly key: string | null; readonly reason: string | null }[]
}

/** Results are keyed by content, name, program version, options and templates: any of them changed means another analysis. */
export const resultKey = (parts: {
  readonly content: string
  readonly name: string
  readonly version: string
  readonly options: unknown
  readonly templates: string
}): string =>
  createHash('sha256')
    .update(JSON.stringify([parts.content, parts.name, parts.version, parts.options, parts.templates]))
    .digest('hex')
    .slice(0, 32)

export function openState(outDir: string): State {
  const dir = path.join(outDir, '.oom-report')
  for (const sub of ['results', 'pages', 'tmp']) mkdirSync(path.join(dir, sub), { recursive: true })
  for (const left of readdirSync(path.join(dir, 'tmp'))) rmSync(path.join(dir, 'tmp', left), { recursive: true, force: true })
  const hashes = new Map<string, string>(Object.entries(readJson<Record<string, string>>(path.join(dir, 'hashes.json')) ?? {}))
  let dirty = false
  return {
    dir,
    result: (key) => readJson<BundleResult>(path.join(dir, 'results', `${key}.json`)),
    lines: (key) => readFileSync(path.join(dir, 'results', `${key}.ndjson`)),
    pageFile: (key, page) => path.join(dir, 'pages', key, page),
    hashOf: (fingerprint) => hashes.get(fingerprint) ?? null,
    rememberHash(fingerprint, hash) {
      hashes.set(fingerprint, hash)
      dirty = true
    },
    saveHashes() {
      if (dirty) writeWhole(path.join(dir, 'hashes.json'), JSON.stringify(Object.fromEntries([...hashes].sort())), dir)
      dirty = false
    },
    run: () => readJson<RunList>(path.join(dir, 'run.json')),
    saveRun: (list) => writeWhole(path.join(dir, 'run.json'), JSON.stringify(list), dir),
  }
}

/** Removes results and pages that no bundle of this run has: a changed bundle leaves its old ones behind. */
export function forgetUnused(state: State, used: ReadonlySet<string>): void {
  for (const name of readdirSync(path.join(state.dir, 'results')))
    if (!used.has(name.replace(/\.(?:nd)?json$/, ''))) rmSync(path.join(state.dir, 'results', name), { force: true })
  for (const name of readdirSync(path.join(state.dir, 'pages')))
    if (!used.has(name)) rmSync(path.join(state.dir, 'pages', name), { recursive: true, force: true })
}

function readJson<T>(file: string): T | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return null
  }
}

let serial = 0

/** Whole or not at all. `stateDir` is `.oom-report`, whose tmp/ is on the same file system as its target. */
export function writeWhole(target: string, text: string | Buffer, stateDir: string): void {
  const temporary = path.join(stateDir, 'tmp', `${process.pid}-${Date.now()}-${serial++}`)
  writeFileSync(temporary, text)
  renameSync(temporary, target)
}
