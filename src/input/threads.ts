import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

/** Threads at work beside this one. */
export interface Crew {
  /** They are not needed any more. Does not wait for them. */
  leave(): void
}

/** More than these only wait for the disk or for the thread that takes their findings. */
const MOST = 3

/**
 * Starts a thread for each further core, all with the same plan. `null` on a single core, inside another thread (a batch has one a core already), and when
 * run from source: threads need a built file beside the caller's or above it.
 */
export function openCrew(file: string, plan: object): Crew | null {
  const count = Math.min(availableParallelism() - 1, MOST)
  const built = ['./', '../', './scan/', '../scan/']
    .map((folder) => new URL(folder + file, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))
  if (count < 1 || built === undefined || !isMainThread) return null
  const workers = Array.from({ length: count }, () => new Worker(built, { workerData: plan, execArgv: [] }))
  for (const worker of workers) {
    worker.unref()
    // What a thread cannot do, the main thread does.
    worker.on('error', () => {})
  }
  return { leave: () => workers.forEach((worker) => void worker.terminate()) }
}

/** Inside a thread of a crew: its plan. */
export function assignment<Plan>(): Plan | null {
  return isMainThread ? null : (workerData as Plan)
}
