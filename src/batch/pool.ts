import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { analyzeBundle, type Job, type JobDone } from './analyze-bundle.ts'

export interface Pool {
  run(job: Job): Promise<JobDone>
  close(): Promise<void>
}

/**
 * Worker threads, one a core; one job needs none. Threads need a built worker file: run from source (tests), the jobs run here, one after another.
 */
export async function openPool(threads: number): Promise<Pool> {
  const worker = new URL('./batch-worker.js', import.meta.url)
  const inChunk = new URL('../batch-worker.js', import.meta.url)
  const file = [worker, inChunk].find((u) => existsSync(fileURLToPath(u)))
  if (threads <= 1 || file === undefined) return { run: analyzeBundle, async close() {} }
  const { Tinypool } = await import('tinypool')
  const pool = new Tinypool({
    filename: file.href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  return { run: (job) => pool.run(job, { name: 'analyzeBundle' }) as Promise<JobDone>, close: () => pool.destroy() }
}
