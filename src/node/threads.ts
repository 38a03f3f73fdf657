import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { cores } from './cores.ts'

const threadsOf = (): typeof import('node:worker_threads') => process.getBuiltinModule('node:worker_threads')

/** Threads at work beside this one. */
export interface Crew {
  /** They are not needed any more. Does not wait for them. */
  leave(): void
}

/** Set in a process that has one core to itself, among others at work. */
let alone = false

/** No threads are started in this process from now on. */
export function readAlone(): void {
  alone = true
}

/** More than these only wait for the disk or for the thread that takes their findings. */
const MOST = 3

/** Starts a thread for each further core, all with the same plan; `null` where `openThread` gives none. */
export function openCrew(file: string, plan: object): Crew | null {
  const count = Math.min(cores() - 1, MOST)
  const threads = Array.from({ length: count }, () => openThread(file, plan)).filter((thread) => thread !== null)
  if (threads.length === 0) return null
  for (const thread of threads) {
    thread.unref()
    // What a thread cannot do, the main thread does.
    thread.on('error', () => {})
  }
  return { leave: () => threads.forEach((thread) => void thread.terminate()) }
}

/**
 * Starts a thread. `null` on a single core, inside another thread, in a worker of a batch (there is one a core already), and when run from source: threads
 * need a built file beside the caller's or above it.
 */
export function openThread(file: string, plan: object): Worker | null {
  if (alone || cores() < 2 || !threadsOf().isMainThread) return null
  const built = ['./', '../'].map((folder) => new URL(folder + file, import.meta.url)).find((url) => existsSync(fileURLToPath(url)))
  return built === undefined ? null : new (threadsOf().Worker)(built, { workerData: plan, execArgv: [] })
}

/** Inside a thread: its plan. */
export function assignment<Plan>(): Plan | null {
  const { isMainThread, workerData } = threadsOf()
  return isMainThread ? null : (workerData as Plan)
}
