import type { Extractor } from '../../extract/define-extractor.ts'
import type { FoundOwners, Literals } from './literals.ts'

/** What some extractors' literals come to, as plain data: finding that out takes as long as reading a small log. */
export interface ReadyLiterals {
  readonly extractors: string
  readonly literals: Literals
  readonly owners: FoundOwners
}

/** The build replaces this by what all extractors' literals come to (`scripts/build.mjs`). */
export const readyLiterals: ReadyLiterals | null = null

/** What the extractors are, as far as it matters here. */
export function literalsText(extractors: readonly Extractor[]): string {
  return extractors
    .map(({ literals, readsAll, lives }) =>
      [
        readsAll === true ? 'all' : '',
        ...literals,
        ...(lives === undefined ? [] : ['lives', ...lives.literals, ...(lives.telling ?? [])]),
      ].join('\n'),
    )
    .join('\n\n')
}

/** `null`: there is none, or it is for other extractors. */
export function readyFor(extractors: readonly Extractor[], ready: ReadyLiterals | null = readyLiterals): ReadyLiterals | null {
  return ready !== null && ready.extractors === literalsText(extractors) ? ready : null
}
