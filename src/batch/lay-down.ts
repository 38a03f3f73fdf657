import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { threadId } from 'node:worker_threads'
import type { Job, JobDone } from './job.ts'
import { redactedReason } from './redaction.ts'
import type { BundleResult } from './result.ts'

/** All that is kept of one bundle. */
export interface Made {
  readonly result: BundleResult
  readonly lines: string
  readonly pages: readonly { readonly name: string; readonly html: string }[]
}

/** The result of a bundle that took its worker down: told by whoever saw it. */
export const failBundle = (job: Job, reason: string): JobDone => layDown(job, failed(job, reason))

export const baseOf = (job: Job) => ({ schemaVersion: 1, key: job.key, bundle: job.label, bytes: job.bundle.bytes }) as const

export function failed(job: Job, reason: string): Made {
  const told = job.redactKey === null ? reason : redactedReason(reason, job.bundle.name)
  const nothing = { lines: 0, sources: 0, from: null, to: null, hosts: [], incidents: [] }
  return { result: { ...baseOf(job), status: 'failed', reason: told, ...nothing }, lines: '', pages: [] }
}

/** Pages first, then lines, then the result: its being there means that the rest is, too. Files that say the same already are left alone. */
export function layDown(job: Job, { result, lines, pages }: Made): JobDone {
  const done = { key: job.key, incidents: result.incidents.length, bytes: job.bundle.bytes, status: result.status }
  const target = (name: string): string => path.join(job.stateDir, 'results', name)
  const text = JSON.stringify(result)
  if (holds(target(`${job.key}.json`), text) && result.incidents.length === 0) return done
  rmSync(target(`${job.key}.json`), { force: true })
  const temporary = path.join(job.stateDir, 'tmp', `${process.pid}-${threadId}-${job.key}`)
  const pagesDir = path.join(job.stateDir, 'pages', job.key)
  rmSync(pagesDir, { recursive: true, force: true })
  if (pages.length > 0) {
    rmSync(temporary, { recursive: true, force: true })
    mkdirSync(temporary, { recursive: true })
    for (const page of pages) writeFileSync(path.join(temporary, page.name), page.html)
    renameSync(temporary, pagesDir)
  }
  const put = (name: string, content: string): void => {
    writeFileSync(`${temporary}-${name}`, content)
    renameSync(`${temporary}-${name}`, target(name))
  }
  if (lines.length > 0) put(`${job.key}.ndjson`, lines)
  put(`${job.key}.json`, text)
  return done
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}
