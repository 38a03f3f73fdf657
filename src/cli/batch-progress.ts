import type { BatchProgress } from '../batch/run.ts'

export interface BatchProgressView {
  update(p: BatchProgress): void
  stop(): void
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`

/** A bar on a terminal (bytes, bundles, incidents, time left); a plain line every tenth of the way in a pipe; nothing with -q. */
export async function batchProgress(quiet: boolean): Promise<BatchProgressView> {
  if (quiet) return { update() {}, stop() {} }
  if (process.stderr.isTTY !== true) return plainLines()
  const { SingleBar } = await import('cli-progress')
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {done}/{all} bundles  {read} of {size}  {incidents} incidents  {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  })
  let started = false
  return {
    update(p) {
      const payload = { done: p.bundlesDone, all: p.bundles, read: mib(p.bytesDone), size: mib(p.bytes), incidents: p.incidents }
      if (!started) bar.start(Math.max(1, p.bytes), p.bytesDone, payload)
      started = true
      bar.update(p.bytesDone, payload)
    },
    stop: () => bar.stop(),
  }
}

function plainLines(): BatchProgressView {
  let told = 0
  return {
    update(p) {
      const tenth = p.bundles === 0 ? 10 : Math.floor((10 * p.bundlesDone) / p.bundles)
      if (tenth <= told) return
      told = tenth
      process.stderr.write(`${p.bundlesDone} of ${p.bundles} bundles, ${mib(p.bytesDone)} of ${mib(p.bytes)}, ${p.incidents} incidents\n`)
    },
    stop() {},
  }
}
