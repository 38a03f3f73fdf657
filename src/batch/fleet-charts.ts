import { countText } from '../text/values.ts'
import type { FleetCourse } from './define-fleet.ts'
import { plural } from './fleet-words.ts'

const hourMs = 3_600_000
/** Steps of the time axis in hours, from one to a quarter; at most so many labels, which is what a phone has room for. */
const steps = [1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 720, 2160, 8760] as const
const mostTicks = 5
const chartHeight = 72
const sparkHeight = 18

interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly title: string
}

export interface CourseChart {
  readonly title: string
  readonly bars: readonly Bar[]
  readonly most: string
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end' }[]
}

/** The fleet's kills over time: columns in per cent across, pixels down, days or hours below. */
export function courseChart(course: FleetCourse | null): CourseChart | null {
  if (course === null || course.counts.length < 2) return null
  const { counts, hoursPerColumn } = course
  return {
    title: `Kills over ${lengthWords(counts.length * hoursPerColumn)}, ${columnWords(course)}`,
    bars: barsOf(course, counts.length, chartHeight),
    most: plural(maximumOf(counts), 'kill'),
    ticks: ticksOf(Date.parse(course.from), counts.length * hoursPerColumn),
  }
}

/** A group's columns on the fleet's axis, with the height of its highest column in words. */
export function sparkline(own: FleetCourse | null, fleet: FleetCourse | null): object | null {
  if (own === null || fleet === null || fleet.counts.length < 2) return null
  const most = maximumOf(own.counts)
  const kills = own.counts.reduce((sum, n) => sum + n, 0)
  return {
    bars: barsOf(own, fleet.counts.length, sparkHeight),
    most: countText(most),
    label: `${plural(kills, 'kill')}, at most ${countText(most)} in ${lengthWords(own.hoursPerColumn)}, on the time axis of all workloads`,
  }
}

export const columnWords = ({ hoursPerColumn }: FleetCourse): string => `${lengthWords(hoursPerColumn)} a column`

const lengthWords = (hours: number): string => (hours < 72 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day'))

function barsOf({ counts, first, from, hoursPerColumn }: FleetCourse, columns: number, room: number): Bar[] {
  const most = maximumOf(counts)
  return counts.flatMap((n, i) => {
    if (n === 0) return []
    const height = round(Math.max(2, (room * n) / most))
    const start = new Date(Date.parse(from) + i * hoursPerColumn * hourMs).toISOString()
    return [
      {
        x: round(((first + i) / columns) * 100),
        y: round(room - height),
        width: round(Math.max(0.4, 100 / columns - 0.25)),
        height,
        title: `${start.slice(0, 10)} ${start.slice(11, 16)} UTC: ${plural(n, 'kill')}`,
      },
    ]
  })
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `27 Oct`; with hours where the axis is shorter than some days: `27 Oct 06:00`. */
function ticksOf(fromMs: number, hours: number): CourseChart['ticks'] {
  const step = steps.find((size) => hours / size <= mostTicks) ?? 8760
  const firstHour = Math.ceil(fromMs / hourMs / step) * step
  const ticks: CourseChart['ticks'][number][] = []
  for (let hour = firstHour; hour <= fromMs / hourMs + hours; hour += step) {
    const date = new Date(hour * hourMs)
    const x = round(((hour - fromMs / hourMs) / hours) * 100)
    const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`
    const text = step >= 24 ? day : `${step >= 12 || hour === firstHour ? `${day} ` : ''}${date.toISOString().slice(11, 16)}`
    ticks.push({ x, text, anchor: x < 6 ? 'start' : x > 94 ? 'end' : 'middle' })
  }
  return ticks
}

const maximumOf = (counts: readonly number[]): number => counts.reduce((a, b) => Math.max(a, b), 0)
const round = (n: number): number => Math.round(n * 100) / 100
