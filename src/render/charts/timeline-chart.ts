import { scaleUtc } from 'd3-scale'
import { instantText, secondsText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'
import { plainOf } from '../view/rich.ts'
import type { Lane, TimelineRowView, TimelineView } from '../view/timeline.ts'

export interface TimelineChart {
  readonly id: string
  readonly height: number
  readonly title: string
  readonly desc: string
  /** Across in per cent, down in pixels: the picture is as wide as its column. */
  readonly lanes: readonly { readonly y: number; readonly textY: number; readonly name: string }[]
  readonly top: number
  readonly bottom: number
  readonly marks: readonly { readonly x: number; readonly y: number; readonly title: string }[]
  readonly ranges: readonly { readonly x: number; readonly y: number; readonly width: number; readonly title: string }[]
  readonly kills: readonly {
    readonly x: number
    readonly y: number
    readonly title: string
  }[]
  readonly breaks: readonly { readonly x: number; readonly text: string }[]
  readonly ticks: readonly {
    readonly x: number
    readonly time: string
    readonly offset: string
    readonly anchor: 'start' | 'middle' | 'end'
  }[]
  readonly timeY: number
  readonly offsetY: number
}

type Timed = TimelineRowView & { readonly us: number }
interface Piece {
  readonly from: number
  readonly to: number
  readonly x1: number
  readonly x2: number
}

const left = 1.5
const right = 98.5
const breakWidth = 5
const laneHeight = 36
const mostBreaks = 4
/** 80 px on a phone. */
const labelRoom = 23
const top = 20
const laneOrder: readonly Lane[] = ['kernel', 'kubelet', 'runtime', 'systemd', 'application', 'API']

/** Lanes with instants as marks and ranges as bars; the kill is a line over all lanes. `null` where fewer than two rows have a time. */
export function timelineChart(timeline: TimelineView, incidentId: string): TimelineChart | null {
  const rows = timeline.rows.filter((row): row is Timed => row.us !== null)
  const times = [...new Set(rows.map(({ us }) => us))].sort((a, b) => a - b)
  if (times.length < 2) return null
  const pieces = piecesOf(times)
  const x = (us: number): number => place(us, pieces)
  const lanes = laneOrder.filter((lane) => rows.some((row) => row.lane === lane))
  const y = (lane: Lane): number => top + lanes.indexOf(lane) * laneHeight + laneHeight - 12
  const bottom = top + lanes.length * laneHeight
  const titleOf = (row: Timed): string => visible(`${plainOf(row.time)}: ${plainOf(row.text)}`)
  const ordinary = rows.filter(({ isKill }) => !isKill)
  return {
    id: `c-${incidentId}`,
    height: bottom + 22,
    title: `Timeline, ${rows.length} rows over ${secondsText(((times.at(-1) as number) - (times[0] as number)) / 1e6)}`,
    desc: `From ${instantText(times[0] as number, 0)} to ${instantText(times.at(-1) as number, 0)}; the kill is the full-height line. The table holds every row.`,
    lanes: lanes.map((name) => ({ y: y(name), textY: y(name) - 9, name })),
    top,
    bottom,
    marks: ordinary.map((row) => ({ x: round(x(row.us)), y: y(row.lane), title: titleOf(row) })),
    ranges: ordinary.filter(({ uncertaintyUs }) => uncertaintyUs > 0).map((row) => rangeOf(row, x, y(row.lane), titleOf(row))),
    kills: rows.filter(({ isKill }) => isKill).map((row) => ({ x: round(x(row.us)), y: y(row.lane), title: titleOf(row) })),
    breaks: pieces
      .slice(1)
      .map((piece, i) => ({ x: round(piece.x1 - breakWidth / 2), text: secondsText((piece.from - (pieces[i] as Piece).to) / 1e6) })),
    ticks: ticksOf(pieces, timeline.zeroUs),
    timeY: bottom + 16,
    offsetY: top - 8,
  }
}

function rangeOf(row: Timed, x: (us: number) => number, y: number, title: string): TimelineChart['ranges'][number] {
  const from = Math.max(left, x(row.us - row.uncertaintyUs))
  const to = Math.min(right, x(row.us + row.uncertaintyUs))
  return { x: round(from), y: y - 4, width: round(Math.max(0.4, to - from)), title }
}

/** A gap that would leave the rest unreadable is cut out and marked: one more than four times as long as all shorter ones together. */
function piecesOf(times: readonly number[]): readonly Piece[] {
  const total = (times.at(-1) as number) - (times[0] as number)
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number))
  const rest = (limit: number): number => gaps.filter((gap) => gap <= limit).reduce((sum, gap) => sum + gap, 0)
  const sorted = [...gaps].sort((a, b) => a - b)
  const limit = sorted.findLast((gap, i) => {
    const next = sorted[i + 1]
    return next !== undefined && sorted.length - i - 1 <= mostBreaks && rest(gap) > 0 && next > 4 * Math.max(gap, rest(gap))
  })
  const spans: { from: number; to: number }[] = [{ from: times[0] as number, to: times[0] as number }]
  times.slice(1).forEach((time, i) => {
    const cut = limit !== undefined && (gaps[i] as number) > limit
    if (cut) spans.push({ from: time, to: time })
    else (spans.at(-1) as { to: number }).to = time
  })
  const shown = spans.reduce((sum, { from, to }) => sum + (to - from), 0)
  const minimum = 12
  const room = right - left - (spans.length - 1) * breakWidth - spans.length * minimum
  let at = left
  return spans.map(({ from, to }) => {
    const share = shown === 0 ? 1 / spans.length : (to - from) / shown
    const piece = { from, to, x1: at, x2: at + minimum + room * share }
    at = piece.x2 + breakWidth
    return total === 0 ? { ...piece, x2: right } : piece
  })
}

/** Marks keep off the border of their piece, so that a lone one stands in its middle. */
function place(us: number, pieces: readonly Piece[]): number {
  const piece = pieces.findLast(({ from }) => us >= from) ?? (pieces[0] as Piece)
  const pad = 1.8
  if (piece.to === piece.from) return (piece.x1 + piece.x2) / 2 + Math.sign(us - piece.from) * pad
  const share = Math.min(1.05, Math.max(-0.05, (us - piece.from) / (piece.to - piece.from)))
  return piece.x1 + pad + share * (piece.x2 - piece.x1 - 2 * pad)
}

/** The kill and the ends of each piece first, then what d3 finds round; labels never touch. */
function ticksOf(pieces: readonly Piece[], zeroUs: number | null): TimelineChart['ticks'] {
  const ticks: TimelineChart['ticks'][number][] = []
  for (const piece of pieces) {
    const isInside = (us: number): boolean => us >= piece.from && us <= piece.to
    const scale = scaleUtc([piece.from / 1000, piece.to / 1000], [0, 1])
    const round = piece.from === piece.to ? [] : scale.ticks(4).map((date) => date.getTime() * 1000)
    for (const us of [...(zeroUs === null ? [] : [zeroUs]), piece.from, piece.to, ...round].filter(isInside)) {
      const x = place(us, pieces)
      if (ticks.every((tick) => Math.abs(tick.x - x) >= labelRoom)) ticks.push(tickAt(us, x, piece, zeroUs))
    }
  }
  return ticks.sort((a, b) => a.x - b.x)
}

function tickAt(us: number, x: number, piece: Piece, zeroUs: number | null): TimelineChart['ticks'][number] {
  const digits = piece.to - piece.from < 20_000_000 && us % 1_000_000 !== 0 ? 3 : 0
  const seconds = zeroUs === null ? null : (us - zeroUs) / 1e6
  return {
    x: round(x),
    time: instantText(us, digits).slice(11, -4),
    offset: seconds === null ? '' : seconds === 0 ? 'T' : `T${seconds < 0 ? '−' : '+'}${secondsText(Math.abs(seconds))}`,
    anchor: x > 90 ? 'end' : x < 9 ? 'start' : 'middle',
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
