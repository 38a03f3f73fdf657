import { type ChildProcess, fork } from 'node:child_process'
import type { Job, JobDone } from './job.ts'

/** What a worker process is asked. */
export interface Task {
  readonly analyze: readonly Job[]
}

/** What it answers. */
export interface Answer {
  readonly done?: readonly JobDone[]
  /** Nothing came of it. `syscall`: a file could not be written. */
  readonly error?: { readonly message: string; readonly syscall?: string }
  /** The most memory that the worker has taken so far for itself. */
  readonly peakRssBytes: number
}

/** A worker ended before it had answered. */
export class WorkerLost extends Error {}

/** Worker processes, each at one task at a time. One that ends is replaced when there is more to do. */
export interface Processes {
  /** Waits for a free worker. Throws `WorkerLost`, and another error once they are closed. */
  ask(task: Task): Promise<Answer>
  peakRssBytes(): number
  close(): Promise<void>
}

/** What a worker says once it has loaded what it needs: whatever ends it before is no task's fault. */
export const READY = 'ready'

/** So many workers may end before they are ready until a task is given up. */
const MOST_STARTS = 4

interface Waiting {
  readonly task: Task
  /** Workers that it was given to. */
  starts: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

interface Worker {
  readonly child: ChildProcess
  /** The end of what it has written to stderr. */
  words: string
  isReady: boolean
  at: Waiting | null
  peakRssBytes: number
}

const WORDS = 4096
const AT_ONCE = 2

/** Starts up to `count` processes that run `file`, under some more options of Node's than this one has. */
export function openProcesses(file: string, count: number, options: readonly string[]): Processes {
  const workers = new Set<Worker>()
  const queue: Waiting[] = []
  let lostPeak = 0
  let isClosed = false

  const start = (): Worker => {
    const child = fork(file, [], { execArgv: [...process.execArgv, ...options], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const worker: Worker = { child, words: '', isReady: false, at: null, peakRssBytes: 0 }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.words = (worker.words + text).slice(-WORDS)
    })
    child.on('message', (answer: Answer | typeof READY) => {
      worker.isReady = true
      if (answer === READY) return
      worker.peakRssBytes = answer.peakRssBytes
      const { at } = worker
      worker.at = null
      at?.resolve(answer)
      next()
    })
    const lost = (how: string): void => {
      if (!workers.delete(worker)) return
      lostPeak += worker.peakRssBytes
      const { at, isReady } = worker
      if (at !== null && !isReady && !isClosed && at.starts < MOST_STARTS) queue.unshift(at)
      else at?.reject(isClosed ? closed() : new WorkerLost(how))
      next()
    }
    child.on('error', (error) => lost(error.message))
    child.on('close', (code, signal) => lost(endOf(code, signal, worker.words)))
    workers.add(worker)
    return worker
  }
  const next = (): void => {
    while (queue.length > 0) {
      const worker = [...workers].find(({ at }) => at === null) ?? (workers.size < count ? start() : null)
      if (worker === null) return
      const waiting = queue.shift() as Waiting
      worker.at = waiting
      waiting.starts += 1
      // A worker that cannot be told has ended, or is about to: then it is lost.
      worker.child.send(waiting.task, () => {})
    }
  }
  // Others start when they are asked: there may be more of them than there is to do.
  for (let k = 0; k < Math.min(count, AT_ONCE); k += 1) start()
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        // Who lost its worker to the closing would ask again: no process starts any more.
        if (isClosed) return reject(closed())
        queue.push({ task, starts: 0, resolve, reject })
        next()
      }),
    peakRssBytes: () => [...workers].reduce((sum, { peakRssBytes }) => sum + peakRssBytes, lostPeak),
    async close() {
      isClosed = true
      for (const { reject } of queue.splice(0)) reject(closed())
      const ended = [...workers].map(({ child }) => new Promise((resolve) => child.once('close', resolve)))
      // At once: whatever they are at is written whole or not at all.
      for (const { child } of workers) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}

const closed = (): Error => new Error('The workers are closed.')

/** `fatal`: V8's own words where it gave up. */
function endOf(code: number | null, signal: NodeJS.Signals | null, words: string): string {
  const fatal = /^FATAL ERROR: (.*)$/m.exec(words)?.[1]
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`
  const why = fatal ?? (signal === 'SIGKILL' ? 'perhaps it needs more memory than there is' : null)
  return `its worker was ended ${how}${why === null ? '' : `: ${why}`}`
}
