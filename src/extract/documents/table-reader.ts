import type { DocumentReader } from '../define-extractor.ts'
import { type Facts, firstLines, newFacts, type Page, pageOf } from './page.ts'
import { said, tableOf } from './table.ts'

/** A line below the header of a table. */
export interface Row {
  readonly page: Page
  readonly index: number
  readonly text: string
  readonly header: string
  /** See `Table`. */
  readonly isLost: boolean
  /** The first of these columns' cells that is not empty; `null` where it says nothing. */
  cell(...columns: readonly string[]): string | null
}

interface TableKind extends Pick<DocumentReader, 'id' | 'title' | 'writtenBy' | 'seen'> {
  readonly header: RegExp
  /** Takes what a row tells, if it is one. */
  take(row: Row, facts: Facts): void
}

/** Reader of tables, each below a header of its own. What stands before the first header is passed by. */
export function tableReader({ header, take, ...about }: TableKind): DocumentReader {
  return {
    ...about,
    sniff: (head) => (firstLines(head, 5).some((line) => header.test(line)) ? 'strong' : 'none'),
    read(document) {
      const page = pageOf(document)
      const facts = newFacts()
      let above: string | null = null
      let table = tableOf('')
      for (const [index, text] of page.lines.entries()) {
        if (header.test(text)) {
          above = text
          table = tableOf(text)
        } else if (above !== null && text.trim() !== '') {
          const { cell } = table
          const isLost = table.isLost(text)
          const first = (columns: readonly string[]): string => columns.map((name) => cell(text, name)).find((found) => found !== '') ?? ''
          take({ page, index, text, header: above, isLost, cell: (...columns) => said(first(columns)) }, facts)
        }
      }
      return facts
    },
  }
}
