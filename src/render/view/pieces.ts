import type { QuotePiece } from './rich.ts'

/** Paths longer than this are shortened; so much of their last part is left. */
const longPath = 56
const longName = 34

/** `/kubepods.slice/kubepods-burstable.slice/…/cri-containerd-….scope`, up to what ends a path in a log line. */
const path = /\/[^\s,;"'()[\]{}|]{55,4096}/g

/** The message in pieces: marked figures, and long paths shortened in their middle with the full one beside. */
export function piecesOf(message: string, marks: readonly (readonly [from: number, to: number])[]): readonly QuotePiece[] {
  const paths = [...message.matchAll(path)].flatMap((match): Span[] => {
    // `Memory cgroup stats for /kubepods…:`
    const full = match[0].endsWith(':') ? match[0].slice(0, -1) : match[0]
    const shown = shortPath(full)
    return shown === full ? [] : [{ from: match.index, to: match.index + full.length, piece: { text: shown, full } }]
  })
  const marked = marks
    .filter(([from, to]) => paths.every((p) => to <= p.from || from >= p.to))
    .map(([from, to]): Span => ({ from, to, piece: { text: message.slice(from, to), mark: true } }))
  const pieces: QuotePiece[] = []
  let at = 0
  for (const { from, to, piece } of [...paths, ...marked].sort((a, b) => a.from - b.from)) {
    if (from > at) pieces.push({ text: message.slice(at, from) })
    pieces.push(piece)
    at = to
  }
  if (at < message.length) pieces.push({ text: message.slice(at) })
  return pieces
}

interface Span {
  readonly from: number
  readonly to: number
  readonly piece: QuotePiece
}

/** `/kubepods.slice/…/cri-containerd-91efaeab…4095567b.scope`: the first part says whose tree it is, the last which group. */
function shortPath(full: string): string {
  if (full.length <= longPath) return full
  const parts = full.split('/')
  const [first = '', last = ''] = [parts[1], parts.at(-1) || parts.at(-2)]
  const short = `/${cut(first)}/…/${cut(last)}`
  return parts.length < 4 || short.length >= full.length ? cut(full) : short
}

function cut(name: string): string {
  if (name.length <= longName) return name
  const tail = 14
  return `${name.slice(0, longName - tail - 1)}…${name.slice(-tail)}`
}
