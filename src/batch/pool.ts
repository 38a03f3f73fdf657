import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { Bundle } from './bundles.ts'
import type { Hashed } from './content.ts'
import type { Job, JobDone } from './job.ts'
import { failBundle } from './lay-down.ts'

type Content = Pick<Bundle, 'path' | 'isFolder'>

export interface Pool {
  readonly threads: number
  /** One after another, in one thread. */
  analyze(jobs: readonly Job[]): Promise<readonly JobDone[]>
  hash(bundles: readonly Content[]): Promise<readonly Hashed[]>
  close(): Promise<void>
}

/**
 * Worker threads, one a core; one job needs none. Threads need a built worker file: run from source (tests), the jobs run here, one after another. Their start
 * is not waited for.
 */
export async function openPool(wanted: number): Promise<Pool> {
  const candidates = [new URL('./batch-worker.js', import.meta.url), new URL('../batch-worker.js', import.meta.url)]
  const file = candidates.find((u) => existsSync(fileURLToPath(u)))
  if (wanted <= 1 || file === undefined) return openInline()
  const { Tinypool } = await import('tinypool')
  collectAlone(wanted)
  const pool = new Tinypool({
    filename: file.href,
    minThreads: wanted,
    maxThreads: wanted,
    // No resourceLimits: on Node 20 any of them made a worker three times slower (measured, see bench/README.md). A worker's own heap limit still ends it alone.
  })
  const analyze = (jobs: readonly Job[]): Promise<JobDone[]> => pool.run(jobs, { name: 'analyzeBundles' }) as Promise<JobDone[]>
  return {
    threads: wanted,
    analyze: (jobs) => surviving(jobs, analyze),
    hash: (bundles) =>
      pool.run(
        bundles.map(({ path, isFolder }) => ({ path, isFolder })),
        { name: 'contentHashes' },
      ) as Promise<Hashed[]>,
    close: () => pool.destroy(),
  }
}

/**
 * Each worker collects its young garbage by itself where workers take all cores: V8 sets further threads to it, which then only take the cores from the workers.
 * Only this flag: it is asked at each collection. Others may not change while a collection is under way.
 */
function collectAlone(workers: number): void {
  if (workers >= availableParallelism()) setFlagsFromString('--no-parallel-scavenge')
}

/** A file that cannot be written stops the run (the disk is full, the mount is gone); whatever else took a worker down is one bundle's own trouble. */
async function surviving(jobs: readonly Job[], run: (jobs: readonly Job[]) => Promise<readonly JobDone[]>): Promise<readonly JobDone[]> {
  try {
    return await run(jobs)
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    // A thread's error comes over without its fields; the message of a system error begins with its code.
    if (syscall !== undefined || /^E[A-Z0-9]+: /.test(message)) throw error
    const [only] = jobs
    // Nobody knows which of them it was. Those that were done are done again, to the same.
    if (jobs.length > 1 || only === undefined) return (await Promise.all(jobs.map((job) => surviving([job], run)))).flat()
    const reason = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs more memory than a worker may take' : `the worker failed: ${message}`
    return [failBundle(only, reason)]
  }
}

/** In this thread. What reads bundles is loaded here only: with workers this thread has no use for it. */
async function openInline(): Promise<Pool> {
  const [{ analyzeBundles }, { contentHashes }] = await Promise.all([import('./analyze-bundle.ts'), import('./content.ts')])
  return {
    threads: 1,
    analyze: analyzeBundles,
    async hash(bundles) {
      // Lets Ctrl-C through between two shares.
      await new Promise((resolve) => setImmediate(resolve))
      return contentHashes(bundles)
    },
    async close() {},
  }
}
