import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lateCompiling } from '../node/compiler.ts'
import { cores } from '../node/cores.ts'
import { isWithout } from '../pieces.ts'
import type { Job, JobDone } from './job.ts'
import { failBundle } from './lay-down.ts'
import { openProcesses, type Processes, WorkerLost } from './processes.ts'

export interface Pool {
  readonly workers: number
  /** One after another, by one worker. */
  analyze(jobs: readonly Job[]): Promise<readonly JobDone[]>
  /** What the workers have taken of memory at most, each by itself: 0 where this process does the work. */
  peakRssBytes(): number
  close(): Promise<void>
}

/**
 * Worker processes, one a core; one job needs none. Processes, not threads: as two threads of one process they took a fifth longer (bench/README.md), and
 * when the kernel kills one for its memory, the others live. They need a built worker file: run from source (tests), the jobs run here, one after another.
 * Their start is not waited for.
 */
export async function openPool(wanted: number): Promise<Pool> {
  const candidates = [new URL('./batch-worker.js', import.meta.url), new URL('../batch-worker.js', import.meta.url)]
  const file = candidates.map((url) => fileURLToPath(url)).find((path) => existsSync(path))
  if (wanted <= 1 || file === undefined) return openInline()
  const processes = openProcesses(file, wanted, wanted >= cores() ? aloneOnItsCore() : [])
  return {
    workers: wanted,
    analyze: (jobs) => surviving(jobs, processes),
    peakRssBytes: processes.peakRssBytes,
    close: processes.close,
  }
}

/**
 * V8's flags for a process that has one core: its further threads for garbage and for compiling would only take the cores from the other workers. Versions
 * of Node.js that nobody has tried get none: one that does not know a flag does not start.
 */
function aloneOnItsCore(): string[] {
  const major = Number(process.versions.node.split('.')[0])
  if (major > 26 || isWithout('flags')) return []
  return ['--single-threaded-gc', ...lateCompiling()]
}

/** A file that cannot be written stops the run (the disk is full, the mount is gone); whatever else took a worker down is one bundle's own trouble. */
async function surviving(jobs: readonly Job[], processes: Processes, isAgain = false): Promise<readonly JobDone[]> {
  try {
    const { done, error } = await processes.ask({ analyze: jobs })
    if (error?.syscall !== undefined) throw Object.assign(new Error(error.message), { syscall: error.syscall })
    if (done !== undefined) return done
    throw new WorkerLost(`the worker failed: ${error?.message}`)
  } catch (error) {
    const [only] = jobs
    if (!(error instanceof WorkerLost) || only === undefined) throw error
    // Nobody knows which of them it was, or whether it was any: the kernel may have wanted the memory for somebody else. Those that were done are done
    // again, to the same.
    if (jobs.length === 1 && isAgain) return [failBundle(only, error.message)]
    return (await Promise.all(jobs.map((job) => surviving([job], processes, true)))).flat()
  }
}

/** In this process. What reads bundles is loaded here only: with workers this one has no use for it. */
async function openInline(): Promise<Pool> {
  const { analyzeBundles } = await import('./analyze-bundle.ts')
  return {
    workers: 1,
    analyze: (jobs) => analyzeBundles(jobs),
    peakRssBytes: () => 0,
    async close() {},
  }
}
