/** A table as kubectl, crictl and docker print it: columns stand below their header, two or more spaces apart. */
export interface Table {
  readonly columns: readonly string[]
  /** The cell of a row below a header; `''` where the cell is empty or the column is not there. */
  cell(row: string, column: string): string
  /** Whether blanks were lost on the way, and an empty cell with them: what stands where nobody can tell. */
  isLost(row: string): boolean
}

interface Column {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Reads a header line. Names of columns keep their single spaces (`LAST SEEN`). Tabs count as up to 8 columns, as the writer meant them. */
export function tableOf(header: string): Table {
  const text = expandTabs(header)
  const found = [...text.matchAll(/\S+(?: \S+)*/g)]
  const columns: Column[] = found.map((match, index) => ({
    name: match[0],
    from: match.index,
    to: found[index + 1]?.index ?? Number.POSITIVE_INFINITY,
  }))
  return {
    isLost(row) {
      const line = expandTabs(row)
      return !fits(line, columns) && cellsInOrder(line, columns.length).length < columns.length
    },
    columns: columns.map((column) => column.name),
    cell(row, name) {
      const index = columns.findIndex((column) => column.name === name)
      const column = columns[index]
      if (column === undefined) return ''
      const line = expandTabs(row)
      if (fits(line, columns)) return line.slice(column.from, column.to).trim()
      // Squeezed or wrapped on the way: cells in order are the best that is left.
      return cellsInOrder(line, columns.length)[index] ?? ''
    },
  }
}

/** Every column of the row begins after a blank: the alignment survived. */
function fits(line: string, columns: readonly Column[]): boolean {
  return columns.every(({ from }) => from === 0 || from >= line.length || line[from - 1] === ' ' || line[from] === ' ')
}

function cellsInOrder(line: string, count: number): string[] {
  const cells = line.trim().split(/ {2,}/)
  return cells.length <= count ? cells : [...cells.slice(0, count - 1), cells.slice(count - 1).join('  ')]
}

export function expandTabs(line: string): string {
  if (!line.includes('\t')) return line
  let text = ''
  for (const char of line) text += char === '\t' ? ' '.repeat(8 - (text.length % 8)) : char
  return text
}

/** `<none>`, `<unset>`, `<unknown>`, `<nil>` and the empty cell are not said. */
export function said(cell: string): string | null {
  return cell === '' || /^<(?:none|unset|unknown|nil|invalid)>$/.test(cell) ? null : cell
}
