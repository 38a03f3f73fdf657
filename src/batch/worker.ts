import { readFileSync } from 'node:fs'
import { readAlone } from '../node/threads.ts'
import { analyzeBundles } from './analyze-bundle.ts'
import { type Answer, READY, type Task } from './processes.ts'

// What a worker process runs: it answers one task after another. Built as `batch-worker.js` beside the command line.
const parent = process.ppid
readAlone()
// A terminal sends Ctrl-C to all processes: the parent decides what comes of it, and ends us.
process.on('SIGINT', () => {})
process.on('message', async (task: Task) => process.send?.({ ...(await answerTo(task)), peakRssBytes: peakRssBytes() } satisfies Answer))
process.send?.(READY)

async function answerTo(task: Task): Promise<Omit<Answer, 'peakRssBytes'>> {
  try {
    return { done: await analyzeBundles(task.analyze, endWithParent) }
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException
    return { error: { message, ...(syscall === undefined ? {} : { syscall }) } }
  }
}

/** A worker that has outlived its run writes nothing more: the next run may be at the same results already. */
function endWithParent(): void {
  if (process.ppid !== parent) process.exit(1)
}

/**
 * Without what is a file's, above all the program `node`: all processes that run it have the same memory for that. With it where the system does not tell
 * (no Linux).
 */
function peakRssBytes(): number {
  let shared = 0
  try {
    shared = Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0)
  } catch {
    // Told above.
  }
  return (process.resourceUsage().maxRSS - shared) * 1024
}
