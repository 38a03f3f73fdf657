import { ordinaryLines } from './ordinary-lines.ts'

/**
 * Which 4 bytes of a literal to look for: see needle.wat. Only speed hangs on it: the rarer they are, the fewer places of the text have to be
 * looked at closer.
 */

/** 4 bytes by which a literal is found when it lies so that they begin at a place that is looked at. */
export interface Gram {
  /** The bytes as one little-endian number, and which of them count. */
  readonly bytes: number
  readonly mask: number
  /** Where in the literal they begin; -1: one byte before it. */
  readonly place: number
}

/** How a literal is found: its grams, one for each remainder of its place by 4, and where 4 bytes stand that best tell it from other text. */
export interface LiteralGrams {
  /** Where in the literal the first gram begins. */
  readonly begin: number
  readonly grams: readonly Gram[]
  readonly rare: number
}

/** A shorter literal would need grams with two bytes outside of it, and let every place pass. */
export const LEAST_LENGTH = 5
/** The mask of a gram whose bytes all count. */
export const WHOLE = 0xffffffff

/** What a gram costs that another literal has, too: no more places pass, but there is one more to compare. */
const SHARED = 0.3

/** Chooses for each literal the 7 bytes in a row whose grams let the fewest places pass. */
export function chooseGrams(literals: readonly string[]): LiteralGrams[] {
  const shareOf = openShares()
  const chosen = new Set<number>()
  return literals.map((literal) => {
    const options = Array.from({ length: Math.max(1, literal.length - 6) }, (_, begin) => {
      const grams = gramsFrom(literal, begin)
      return { begin, grams, cost: grams.reduce((sum, gram) => sum + shareOf(gram) * (chosen.has(gram.bytes) ? SHARED : 1), 0) }
    })
    const { begin, grams } = options.reduce((best, option) => (option.cost < best.cost ? option : best))
    for (const gram of grams) chosen.add(gram.bytes)
    return { begin, grams, rare: rarestPlace(literal, grams, shareOf) }
  })
}

/** The first 7 bytes of each, whatever they let pass. */
export const firstGrams = (literals: readonly string[]): LiteralGrams[] =>
  literals.map((literal) => ({ begin: 0, grams: gramsFrom(literal, 0), rare: Math.max(0, literal.length - 4) }))

type ShareOf = (gram: Gram) => number

/** What share of a log's places holds a gram: as counted, and by its bytes' shares for the many that the lines do not hold. */
function openShares(): ShareOf {
  const bytes = new Float64Array(256).fill(1e-4)
  const counts = new Map<number, number>()
  const each = 1 / ordinaryLines.length
  for (let at = 0; at + 4 <= ordinaryLines.length; at += 1) {
    const code = ordinaryLines.charCodeAt(at) & 255
    bytes[code] = (bytes[code] ?? 0) + each
    const gram = gramAt(ordinaryLines, at).bytes
    counts.set(gram, each + (counts.get(gram) ?? 0))
  }
  return (gram) => {
    let alone = 1
    for (let k = 0; k < 4; k += 1) if ((gram.mask >>> (8 * k)) & 1) alone *= bytes[(gram.bytes >>> (8 * k)) & 255] ?? 1
    return alone + (counts.get(gram.bytes) ?? 0)
  }
}

/** The grams of 7 bytes in a row of a literal, or of a shorter literal: there one begins before it. */
export function gramsFrom(literal: string, begin: number): Gram[] {
  return [0, 1, 2, literal.length < 7 ? -1 : 3].map((k) => gramAt(literal, begin + k))
}

function gramAt(literal: string, place: number): Gram {
  let bytes = 0
  let mask = 0
  for (let k = 0; k < 4; k += 1) {
    if (place + k < 0 || place + k >= literal.length) continue
    bytes |= literal.charCodeAt(place + k) << (8 * k)
    mask |= 255 << (8 * k)
  }
  return { bytes: bytes >>> 0, mask: mask >>> 0, place }
}

/** Where the rarest 4 bytes stand, best beside the grams: they tell what a gram has not told. */
function rarestPlace(literal: string, grams: readonly Gram[], shareOf: ShareOf): number {
  const [first = 0, last = 0] = [grams[0]?.place, grams[grams.length - 1]?.place]
  let best = 0
  let least = Infinity
  for (let at = 0; at + 4 <= literal.length; at += 1) {
    const apart = at + 4 <= first || at >= last + 4 ? 1 : 1e6
    const share = apart * shareOf(gramAt(literal, at))
    if (share < least) [least, best] = [share, at]
  }
  return best
}
