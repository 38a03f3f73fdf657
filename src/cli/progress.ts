import { amount, timeLeft } from './pace.ts'
import { isTerminal } from './terminal.ts'

export interface Progress {
  source(name: string): void
  /** How far the file in hand is read, its own bytes, packed or not; absent where nobody looks. */
  readonly bytes?: (done: number, size: number) => void
  stop(): void
}

/** Nothing is shown of what is done by then. */
const PATIENCE_MS = 500
/** Time between two lines. */
const PAUSE_MS = 100
/** A smaller file is read before anyone has read its figures. */
const LARGE_BYTES = 16 * 1024 * 1024

/** One line on stderr, only when that is a terminal and only after half a second: what is being read, and of a large file how much, how fast, how much longer. */
export function progressOn(quiet: boolean): Progress {
  if (quiet || !isTerminal('stderr')) return { source() {}, stop() {} }
  let state = begun('', 0)
  let next = Date.now() + PATIENCE_MS
  let isShown = false
  const show = (): void => {
    const now = Date.now()
    if (now < next || state.count === 0) return
    next = now + PAUSE_MS
    isShown = true
    // A large file is read without a break: no timer would have its turn.
    process.stderr.write(`\r\x1b[K${progressLine(state, now, process.stderr.columns || 80)}`)
  }
  const timer = setTimeout(show, PATIENCE_MS + 1)
  return {
    source(name) {
      state = begun(name, state.count + 1)
      show()
    },
    bytes(done, size) {
      if (done > state.done) state = { ...state, done, size, from: state.from ?? done }
      show()
    },
    stop() {
      clearTimeout(timer)
      if (isShown) process.stderr.write('\r\x1b[K')
    },
  }
}

interface Shown {
  readonly name: string
  /** Sources so far, this one among them. */
  readonly count: number
  readonly done: number
  readonly size: number
  /** Where it was begun: what stands in an archive need not stand at its front. */
  readonly from: number | null
  /** When it was begun, ms. */
  readonly since: number
}

const begun = (name: string, count: number): Shown => ({ name, count, done: 0, size: 0, from: null, since: Date.now() })

/** `reading kern.log.gz  312 MiB of 1.0 GiB  210 MiB/s  3 s left`, `reading sos.tar.xz!var/log/messages  (17 read)`. */
export function progressLine({ name, count, done, size, from, since }: Shown, now: number, columns: number): string {
  const read = Math.min(done, size)
  const start = from === done ? 0 : (from ?? 0)
  const came = read - start
  const elapsed = Math.max(1, now - since)
  const told =
    size < LARGE_BYTES || read === 0
      ? `(${count} read)`
      : `${amount(read)} of ${amount(size)}  ${amount((came / elapsed) * 1000)}/s${timeLeft(came, size - start, elapsed)}`
  const room = Math.max(8, columns - 'reading   '.length - told.length - 1)
  return `reading ${name.length > room ? `…${name.slice(1 - room)}` : name}  ${told}`
}
