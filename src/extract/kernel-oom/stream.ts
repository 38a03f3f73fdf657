import type { LogRecord } from '../../model/record.ts'
import { accept } from './assembler.ts'
import { openGap } from './doubts.ts'
import { type Draft, TABLE } from './draft.ts'
import { createJoiner, type ReadLine } from './joiner.ts'
import { createLedger, flush, pass } from './ledger.ts'
import { linesOf, type TextLine } from './line.ts'
import { newestFirst } from './routing.ts'
import { joinSwept } from './sweep.ts'

/** What is being read of one host and boot. */
export interface Stream {
  push(record: LogRecord): void
  /** A line of somebody else: it only counts. */
  pass(record: LogRecord): void
  /** Somebody left lines out here: rows, where a table is being read. */
  elided(): void
  /** Closes everything and gives it out. */
  flush(): void
  /** A new boot begins: the same, and its release is kept. */
  boot(release: string | null): void
  readonly wantsNext: boolean
  readonly isOpen: boolean
}

export function createStream(give: (draft: Draft) => void): Stream {
  const ledger = createLedger(give)
  const joiner = createJoiner()
  let last: TextLine | null = null
  const take = (read: ReadLine): void => accept(ledger, read)
  return {
    push(record) {
      for (const line of linesOf(record)) {
        // The same line twice in a row is a copy (two loggers, a stutter), never news; but a group's sweep prints the chosen process again.
        if (last !== null && isCopyOf(last, line) && !mayBeSweep(line)) continue
        last = line
        joiner.push(line, take)
      }
    },
    pass(record) {
      pass(ledger, record.origin.line)
    },
    elided() {
      joiner.flush(take)
      const [reading] = newestFirst(ledger.open).filter((draft) => draft.purpose === 'oom')
      if (reading === undefined) return
      openGap(reading)
      if (reading.columns !== null && reading.group <= TABLE) reading.rowsElided = true
    },
    flush() {
      joiner.flush(take)
      joinSwept(ledger)
      flush(ledger)
    },
    boot(release) {
      joiner.flush(take)
      joinSwept(ledger)
      flush(ledger)
      ledger.bootRelease = release
    },
    get wantsNext() {
      return joiner.holding || (ledger.open.length > 0 && ledger.open.some((d) => d.purpose === 'oom'))
    },
    get isOpen() {
      return joiner.holding || ledger.open.length > 0
    },
  }
}

const isCopyOf = (last: TextLine, line: TextLine): boolean =>
  last.text === line.text && last.moment.uptimeUs === line.moment.uptimeUs && last.caller === line.caller && line.text.trim() !== ''

/** With a stamp of the kernel's clock it would have another one. */
const mayBeSweep = ({ text, moment }: TextLine): boolean =>
  moment.uptimeUs === null && text.startsWith('Memory cgroup out of memory: Killed process ')
