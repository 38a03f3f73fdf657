import type { BatchProgress } from '../batch/run.ts'
import { amount, timeLeft } from './pace.ts'

export interface BatchProgressView {
  update(p: BatchProgress): void
  stop(): void
}

/** A bar on a terminal (bytes, bundles, incidents, time left); nothing in a pipe or a file, and nothing with -q. */
export async function batchProgress(quiet: boolean): Promise<BatchProgressView> {
  if (quiet || process.stderr.isTTY !== true) return { update() {}, stop() {} }
  const { SingleBar } = await import('cli-progress')
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {done}/{all} bundles  {read} of {size}  {incidents} incidents{left}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
  })
  let [started, begun] = [false, 0]
  return {
    update(p) {
      if (!started) begun = Date.now()
      const left = timeLeft(p.bytesDone, p.bytes, Date.now() - begun)
      const payload = {
        done: p.bundlesDone,
        all: p.bundles,
        read: amount(p.bytesDone),
        size: amount(p.bytes),
        incidents: p.incidents,
        left,
      }
      if (!started) bar.start(Math.max(1, p.bytes), p.bytesDone, payload)
      started = true
      bar.update(p.bytesDone, payload)
    },
    stop() {
      if (started) bar.stop()
      started = false
    },
  }
}
