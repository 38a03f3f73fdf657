import { utcTicks } from 'd3-time'
import { instantText, secondsText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'
import { plainOf } from '../view/rich.ts'
import type { Lane, TimelineRowView, TimelineView } from '../view/timeline.ts'
import { breakWidth, left, type Piece, piecesOf, placeIn, right } from './time-scale.ts'

export interface TimelineChart {
  readonly id: string
  readonly height: number
  readonly title: string
  readonly desc: string
  /** Across in per cent, down in pixels: the picture is as wide as its column. */
  readonly lanes: readonly { readonly y: number; readonly textY: number; readonly name: string }[]
  readonly top: number
  readonly bottom: number
  readonly laneRoom: number
  readonly marks: readonly { readonly x: number; readonly y: number; readonly title: string }[]
  readonly ranges: readonly { readonly x: number; readonly y: number; readonly width: number; readonly title: string }[]
  readonly kills: readonly {
    readonly x: number
    readonly y: number
    readonly title: string
  }[]
  readonly breaks: readonly { readonly x: number; readonly text: string }[]
  /** Where time runs slower, so that what lies close around the kill stands apart. */
  readonly zoom: { readonly x: number; readonly width: number; readonly text: string } | null
  readonly ticks: readonly {
    readonly x: number
    readonly time: string
    readonly offset: string
    readonly anchor: 'start' | 'middle' | 'end'
  }[]
  /** What grey and bars mean, where there are any. */
  readonly legend: string
  readonly timeY: number
  readonly offsetY: number
}

type Timed = TimelineRowView & { readonly us: number }
const laneHeight = 36
/** What a clock is off by less is told by the digits alone. */
const leastShownUs = 10_000
/** 80 px on a phone. */
const labelRoom = 23
const top = 20
const laneOrder: readonly Lane[] = ['kernel', 'kubelet', 'runtime', 'systemd', 'host', 'application', 'API']

/** Lanes with instants as marks and ranges as bars; the kill is a line over all lanes. `null` where fewer than two rows have a time. */
export function timelineChart(timeline: TimelineView, incidentId: string): TimelineChart | null {
  const rows = timeline.rows.filter((row): row is Timed => row.us !== null)
  const times = [...new Set(rows.map(({ us }) => us))].sort((a, b) => a - b)
  if (times.length < 2) return null
  const errorUs = rows.find(({ isKill }) => isKill)?.uncertaintyUs ?? 0
  const pieces = piecesOf(times, timeline.zeroUs, errorUs)
  const x = (us: number): number => placeIn(us, pieces)
  const lanes = laneOrder.filter((lane) => rows.some((row) => row.lane === lane))
  const y = (lane: Lane): number => top + lanes.indexOf(lane) * laneHeight + laneHeight - 12
  const bottom = top + lanes.length * laneHeight
  const titleOf = (row: Timed): string => visible(`${plainOf(row.time)}: ${plainOf(row.text)}`)
  const ordinary = rows.filter(({ isKill }) => !isKill)
  const inexact = ordinary.filter(({ uncertaintyUs }) => uncertaintyUs >= leastShownUs)
  const zoom = zoomOf(pieces)
  return {
    id: `c-${incidentId}`,
    height: bottom + 22,
    title: `Timeline, ${rows.length} rows over ${secondsText(((times.at(-1) as number) - (times[0] as number)) / 1e6)}`,
    desc: `From ${instantText(times[0] as number, 0)} to ${instantText(times.at(-1) as number, 0)}; the kill is the full-height line${pieces.some(({ isNear }) => isNear) ? ', the time around it is stretched' : ''}. The table holds every row.`,
    lanes: lanes.map((name) => ({ y: y(name), textY: y(name) - 9, name })),
    top,
    bottom,
    laneRoom: bottom - top,
    marks: ordinary.map((row) => ({ x: round(x(row.us)), y: y(row.lane), title: titleOf(row) })),
    ranges: inexact.map((row) => rangeOf(row, x, y(row.lane), titleOf(row))),
    kills: rows.filter(({ isKill }) => isKill).map((row) => ({ x: round(x(row.us)), y: y(row.lane), title: titleOf(row) })),
    breaks: pieces.slice(1).flatMap((piece, i) => {
      const before = pieces[i] as Piece
      return piece.from === before.to ? [] : [{ x: round(piece.x1 - breakWidth / 2), text: secondsText((piece.from - before.to) / 1e6) }]
    }),
    zoom,
    legend: [zoom === null ? '' : `Grey: ${zoom.text}, stretched.`, inexact.length === 0 ? '' : 'A bar is how far off a clock may be.']
      .filter((sentence) => sentence !== '')
      .join(' '),
    ticks: ticksOf(pieces, timeline.zeroUs, errorUs, errorAt(rows, errorUs)),
    timeY: bottom + 16,
    offsetY: top - 8,
  }
}

function zoomOf(pieces: readonly Piece[]): TimelineChart['zoom'] {
  const near = pieces.find(({ isNear }) => isNear)
  if (near === undefined) return null
  return { x: round(near.x1), width: round(near.x2 - near.x1), text: `${secondsText((near.to - near.from) / 1e6)} around the kill` }
}

function rangeOf(row: Timed, x: (us: number) => number, y: number, title: string): TimelineChart['ranges'][number] {
  const from = Math.max(left, x(row.us - row.uncertaintyUs))
  const to = Math.min(right, x(row.us + row.uncertaintyUs))
  return { x: round(from), y: y - 4, width: round(Math.max(0.4, to - from)), title }
}

/** How far off the best of the rows at an instant may be; a round time between rows is as good as the kill's. */
function errorAt(rows: readonly Timed[], errorUs: number): (us: number) => number {
  const errors = new Map<number, number>()
  for (const row of rows) errors.set(row.us, Math.min(errors.get(row.us) ?? Number.POSITIVE_INFINITY, row.uncertaintyUs))
  return (us) => Math.max(errorUs, errors.get(us) ?? 0)
}

/** The kill and the ends of each piece first, then what d3 finds round; labels never touch. */
function ticksOf(
  pieces: readonly Piece[],
  zeroUs: number | null,
  errorUs: number,
  errorOf: (us: number) => number,
): TimelineChart['ticks'] {
  const ticks: TimelineChart['ticks'][number][] = []
  for (const piece of pieces) {
    const isInside = (us: number): boolean => us >= piece.from && us <= piece.to
    const dates = piece.from === piece.to ? [] : utcTicks(new Date(piece.from / 1000), new Date(piece.to / 1000), 4)
    const round = dates.map((date) => date.getTime() * 1000)
    for (const us of [...(zeroUs === null ? [] : [zeroUs]), piece.from, piece.to, ...round].filter(isInside)) {
      const x = placeIn(us, pieces)
      if (ticks.every((tick) => Math.abs(tick.x - x) >= labelRoom))
        ticks.push(tickAt(us, x, piece, zeroUs, us === zeroUs ? errorUs : errorOf(us)))
    }
  }
  return ticks.sort((a, b) => a.x - b.x)
}

function tickAt(us: number, x: number, piece: Piece, zeroUs: number | null, errorUs: number): TimelineChart['ticks'][number] {
  const isRough = errorUs >= 100_000
  const digits = !isRough && piece.to - piece.from < 20_000_000 && us % 1_000_000 !== 0 ? 3 : 0
  const exact = zeroUs === null ? null : (us - zeroUs) / 1e6
  const step = errorUs >= 30_000_000 ? 60 : errorUs >= 10_000_000 ? 10 : errorUs >= 1_000_000 ? 1 : 0.1
  const seconds = exact === null || !isRough ? exact : Number((Math.round(exact / step) * step).toFixed(1))
  return {
    x: round(x),
    time: instantText(us, digits).slice(11, step === 60 && isRough ? -7 : -4),
    offset: seconds === null ? '' : seconds === 0 ? 'T' : `T${seconds < 0 ? '−' : '+'}${secondsText(Math.abs(seconds))}`,
    anchor: x > 90 ? 'end' : x < 9 ? 'start' : 'middle',
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
