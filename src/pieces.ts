/** Pieces that are there for speed alone. A bench does without one to show what it buys; no report says anything else without it. */
export type Piece = 'lives' | 'threads' | 'ring' | 'flags' | 'needle' | 'grams' | 'sampling' | 'yaml'

const off = new Set<string>()

export const isWithout = (piece: Piece): boolean => off.has(piece)

/** From here on. */
export function doWithout(pieces: readonly string[]): void {
  for (const piece of pieces) off.add(piece)
}
