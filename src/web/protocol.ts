import type { Named } from '../report/redact-names.ts'
import type { WebOptions } from './analyze.ts'
import type { GivenInput } from './open.ts'

/** What the page asks of its worker. A worker analyses once, and then writes what it found in any format. */
export type Request =
  | { readonly kind: 'analyze'; readonly inputs: readonly GivenInput[]; readonly options: WebOptions }
  | { readonly kind: 'write'; readonly format: string }

/** What the worker tells. */
export type Answer =
  /** `share`: of the bytes given, how many were read, 0 to 1; of archives more may be read than was given. */
  | { readonly kind: 'progress'; readonly name: string; readonly share: number }
  /** All is read. */
  | { readonly kind: 'read' }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'written'; readonly format: string; readonly text: string }
  /** A bug of ours in one output; the others may do. */
  | { readonly kind: 'unwritten'; readonly format: string; readonly message: string }
  /** An option cannot be: what is allowed. */
  | { readonly kind: 'refused'; readonly option: string; readonly message: string }
  /** A bug of ours. */
  | { readonly kind: 'failed'; readonly message: string }

export interface Result {
  readonly html: string
  /** What to say where the page could not be made. */
  readonly broken: string | null
  readonly incidents: readonly { readonly id: string; readonly verdict: string }[]
  readonly replaced: readonly Named[]
  readonly unread: readonly string[]
  readonly isNothing: boolean
}
