import type { DocumentFacts } from '../../../model/snapshot.ts'
import type { Page } from '../page.ts'
import type { Columns } from './cells.ts'
import type { Command } from './commands.ts'
import type { EventsOwner } from './event-rows.ts'

/** What the fragments of one block (between two commands, fences or files) are read with. */
export interface Block {
  /** Cleaned lines of the whole paste; quotes are the lines as they stand. */
  readonly page: Page
  /** Index behind the block's last line. */
  readonly to: number
  /** The command typed above. */
  readonly command: Command | null
  /** The object that the fragment above described. */
  owner: EventsOwner
  /** The heading of columns above. */
  columns: Columns | null
  /** Reads a whole document of another kind, in lines `from` to `to`. */
  readonly readWhole: (
    reader: 'kubernetes-json' | 'kubernetes-yaml' | 'kubectl-events' | 'describe-node' | 'runtime-inspect' | 'systemctl',
    from: number,
    to: number,
  ) => DocumentFacts
}

/** A fragment that was read: up to which line, and what it tells. */
export interface Taken {
  readonly to: number
  readonly facts: DocumentFacts
}

/** Reads the fragment that begins at a line; `null` where none of its kind does. */
export type FragmentReader = (block: Block, from: number) => Taken | null
