import type { BatchProgress } from '../batch/run.ts'

export interface BatchProgressView {
  update(p: BatchProgress): void
  stop(): void
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`

/** What is left of the time that all of it takes at the pace so far; nothing as long as there is no pace. */
export function timeLeft(done: number, all: number, elapsedMs: number): string {
  if (done <= 0 || elapsedMs <= 0) return ''
  const seconds = Math.round((elapsedMs * Math.max(0, all - done)) / done / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const text = hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
  return `  ${text} left`
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
  let [started, checked, begun] = [false, 0, 0]
  return {
    update(p) {
      if (p.phase === 'check') {
        if (Date.now() - checked < 200) return
        checked = Date.now()
        process.stderr.write(`\r\x1b[Kcomparing with what is known: ${p.bundlesDone} of ${p.bundles} bundles`)
        return
      }
      if (!started) begun = Date.now()
      const left = timeLeft(p.bytesDone, p.bytes, Date.now() - begun)
      const payload = { done: p.bundlesDone, all: p.bundles, read: mib(p.bytesDone), size: mib(p.bytes), incidents: p.incidents, left }
      if (!started) {
        if (checked > 0) process.stderr.write('\r\x1b[K')
        bar.start(Math.max(1, p.bytes), p.bytesDone, payload)
      }
      started = true
      bar.update(p.bytesDone, payload)
    },
    stop() {
      if (started) bar.stop()
      else if (checked > 0) process.stderr.write('\r\x1b[K')
      started = false
      checked = 0
    },
  }
}
