import { isTerminal } from './terminal.ts'

export interface Progress {
  source(name: string, size: number | null): void
  stop(): void
}

const silent: Progress = { source() {}, stop() {} }

/** One line on stderr, only when that is a terminal and only after half a second: what is being read. The library loads by then. */
export async function progressOn(quiet: boolean): Promise<Progress> {
  if (quiet || !isTerminal('stderr')) return silent
  let current = ''
  let count = 0
  let bar: { update(n: number, payload: object): void; stop(): void } | null = null
  const timer = setTimeout(async () => {
    const { SingleBar } = await import('cli-progress')
    const made = new SingleBar({
      format: 'reading {name}  ({count} read)',
      clearOnComplete: true,
      stream: process.stderr,
      hideCursor: false,
    })
    made.start(1, 0, { name: current, count })
    bar = made
  }, 500)
  return {
    source(name) {
      current = name.length > 60 ? `…${name.slice(-59)}` : name
      count++
      bar?.update(0, { name: current, count })
    },
    stop() {
      clearTimeout(timer)
      bar?.stop()
    },
  }
}
