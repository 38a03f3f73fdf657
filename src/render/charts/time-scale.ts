/** A stretch of time on the axis: instants in µs, places across in per cent. */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly x1: number
  readonly x2: number
  /** Around the kill, where time is stretched. */
  readonly isNear: boolean
}

interface Span {
  readonly from: number
  readonly to: number
  readonly isNear?: boolean
}

export const left = 1.5
export const right = 98.5
export const breakWidth = 5
const mostBreaks = 4
/** The least a piece takes, and what the time around the kill takes. */
const least = 12
const nearShare = 0.5

/** The axis in pieces: long gaps are cut out, and where many rows crowd around the kill their time is stretched, unless it is shorter than the kill's own error. */
export function piecesOf(times: readonly number[], zero: number | null, errorUs = 0): readonly Piece[] {
  const spans = uncrowded(withoutGaps(times), times, zero, errorUs)
  const isApart = (i: number): boolean => (spans[i]?.from ?? 0) !== (spans[i - 1]?.to ?? 0)
  const breaks = spans.filter((_, i) => i > 0 && isApart(i)).length
  const room = right - left - breaks * breakWidth - spans.length * least
  const near = spans.some(({ isNear }) => isNear === true)
  const others = spans.filter(({ isNear }) => isNear !== true).reduce((sum, { from, to }) => sum + (to - from), 0)
  let at = left
  return spans.map(({ from, to, isNear = false }, i) => {
    if (i > 0 && isApart(i)) at += breakWidth
    const rest = near ? 1 - nearShare : 1
    const share = isNear ? nearShare : others === 0 ? rest / spans.length : (rest * (to - from)) / others
    const piece = { from, to, x1: at, x2: at + least + room * share, isNear }
    at = piece.x2
    return times.length > 0 && times[0] === times.at(-1) ? { ...piece, x2: right } : piece
  })
}

/** A gap that would leave the rest unreadable is cut out and marked: one more than four times as long as all shorter ones together. */
function withoutGaps(times: readonly number[]): Span[] {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number))
  const rest = (limit: number): number => gaps.filter((gap) => gap <= limit).reduce((sum, gap) => sum + gap, 0)
  const sorted = [...gaps].sort((a, b) => a - b)
  const limit = sorted.findLast((gap, i) => {
    const next = sorted[i + 1]
    return next !== undefined && sorted.length - i - 1 <= mostBreaks && rest(gap) > 0 && next > 4 * Math.max(gap, rest(gap))
  })
  const spans: { from: number; to: number }[] = [{ from: times[0] as number, to: times[0] as number }]
  times.slice(1).forEach((time, i) => {
    if (limit !== undefined && (gaps[i] as number) > limit) spans.push({ from: time, to: time })
    else (spans.at(-1) as { to: number }).to = time
  })
  return spans
}

/** Rows within so much of a piece's length of the kill cannot be told apart; from three on they are worth the room. */
const crowdedShare = 0.08
const crowd = 3

/** The piece that holds the kill, in up to three: before, around it, after. */
function uncrowded(spans: readonly Span[], times: readonly number[], zero: number | null, errorUs: number): Span[] {
  return spans.flatMap((span): Span[] => {
    if (zero === null || zero < span.from || zero > span.to) return [span]
    const reach = (span.to - span.from) * crowdedShare
    const close = times.filter((time) => time >= span.from && time <= span.to && Math.abs(time - zero) <= reach)
    const [first, last] = [close[0] ?? zero, close.at(-1) ?? zero]
    const isWorth = close.length >= crowd && last - first > 2 * errorUs && span.to - span.from > 4 * (last - first)
    if (!isWorth) return [span]
    const pad = (last - first) * 0.15
    const near = { from: Math.max(span.from, first - pad), to: Math.min(span.to, last + pad), isNear: true }
    return [
      ...(near.from > span.from ? [{ from: span.from, to: near.from }] : []),
      near,
      ...(near.to < span.to ? [{ from: near.to, to: span.to }] : []),
    ]
  })
}

/** Marks keep off the border of their piece, so that a lone one stands in its middle; within stretched time its borders are no ends. */
export function placeIn(us: number, pieces: readonly Piece[]): number {
  const piece = pieces.findLast(({ from }) => us >= from) ?? (pieces[0] as Piece)
  const pad = 1.8
  if (piece.to === piece.from) return (piece.x1 + piece.x2) / 2 + Math.sign(us - piece.from) * pad
  const share = Math.min(1.05, Math.max(-0.05, (us - piece.from) / (piece.to - piece.from)))
  return piece.x1 + pad + share * (piece.x2 - piece.x1 - 2 * pad)
}
