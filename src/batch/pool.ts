import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { analyzeBundle, failBundle, type Job, type JobDone } from './analyze-bundle.ts'
import type { Bundle } from './bundles.ts'
import { contentHash } from './content.ts'

export interface Pool {
  readonly threads: number
  analyze(job: Job): Promise<JobDone>
  hash(bundle: Pick<Bundle, 'path' | 'isFolder'>): Promise<string>
  close(): Promise<void>
}

/**
 * Worker threads, one a core; one job needs none. Threads need a built worker file: run from source (tests), the jobs run here, one after another.
 */
export async function openPool(wanted: number): Promise<Pool> {
  const candidates = [new URL('./batch-worker.js', import.meta.url), new URL('../batch-worker.js', import.meta.url)]
  const file = candidates.find((u) => existsSync(fileURLToPath(u)))
  if (wanted <= 1 || file === undefined) return inline
  const { Tinypool } = await import('tinypool')
  const pool = new Tinypool({
    filename: file.href,
    minThreads: wanted,
    maxThreads: wanted,
    // No resourceLimits: on Node 20 any of them made a worker three times slower (measured, see bench/README.md). A worker's own heap limit still ends it alone.
  })
  return {
    threads: wanted,
    analyze: (job) => surviving(job, () => pool.run(job, { name: 'analyzeBundle' }) as Promise<JobDone>),
    hash: (bundle) => pool.run(bundle, { name: 'contentHash' }) as Promise<string>,
    close: () => pool.destroy(),
  }
}

/** A file that cannot be written stops the run (the disk is full, the mount is gone); whatever else took a worker down is the bundle's own trouble. */
async function surviving(job: Job, run: () => Promise<JobDone>): Promise<JobDone> {
  try {
    return await run()
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    // A thread's error comes over without its fields; the message of a system error begins with its code.
    if (syscall !== undefined || /^E[A-Z0-9]+: /.test(message)) throw error
    const reason = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs more memory than a worker may take' : `the worker failed: ${message}`
    return failBundle(job, reason)
  }
}

const inline: Pool = {
  threads: 1,
  analyze: analyzeBundle,
  async hash(bundle) {
    // Lets Ctrl-C through between two bundles.
    await new Promise((resolve) => setImmediate(resolve))
    return contentHash(bundle)
  },
  async close() {},
}
