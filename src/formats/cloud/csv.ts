import type { Line } from '../define-format.ts'

export interface CsvRow {
  readonly cells: readonly string[]
  readonly lines: readonly Line[]
  /** Index in `lines` of the line on which each cell begins. */
  readonly cellLines: readonly number[]
}

/** Lines that one row may span: a cell may hold a whole dump. */
const rowLines = 20_000

/** Delimiter of a header row: the one that gives the most cells; `null` when there is none. */
export function delimiterOf(header: string): string | null {
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }))
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a))
  return best.count > 1 ? best.delimiter : null
}

/** RFC 4180 rows: quotes doubled inside quotes, line breaks inside quotes. */
export function openCsv(delimiter: string, take: (row: CsvRow) => void): { push(line: Line): void; flush(): void } {
  let cells: string[] = []
  let cellLines: number[] = []
  let lines: Line[] = []
  let cell = ''
  let quoted = false
  let cellLine = 0
  const close = (): void => {
    cells.push(cell)
    cellLines.push(cellLine)
    cell = ''
  }
  const finish = (): void => {
    if (lines.length > 0 && (cells.length > 1 || cells[0] !== '')) take({ cells, lines, cellLines })
    cells = []
    cellLines = []
    lines = []
    quoted = false
  }
  return {
    push(line) {
      const { text } = line
      lines.push(line)
      let at = 0
      if (quoted) cell += '\n'
      else cellLine = lines.length - 1
      while (at <= text.length) {
        if (quoted) {
          const quote = text.indexOf('"', at)
          cell += text.slice(at, quote === -1 ? text.length : quote)
          if (quote === -1) break
          if (text[quote + 1] === '"') {
            cell += '"'
            at = quote + 2
          } else {
            quoted = false
            at = quote + 1
          }
        } else if (text[at] === '"' && cell === '') {
          quoted = true
          at += 1
          cellLine = lines.length - 1
        } else {
          const next = text.indexOf(delimiter, at)
          cell += text.slice(at, next === -1 ? text.length : next)
          close()
          cellLine = lines.length - 1
          if (next === -1) break
          at = next + 1
          // A row may end with an empty cell.
          if (at === text.length) {
            close()
            break
          }
        }
      }
      if (!quoted) finish()
      else if (lines.length > rowLines) {
        close()
        finish()
      }
    },
    flush() {
      if (lines.length > 0) {
        close()
        finish()
      }
    },
  }
}
