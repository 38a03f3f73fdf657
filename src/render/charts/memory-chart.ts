import { scaleLinear } from 'd3-scale'
import type { ReportMemory } from '../../model/report.ts'
import { bytesText, percentText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'

type ClassId = ReportMemory['classes'][number]['id']

/** Each colour ≥ 3:1 on both #FFFFFF and #0D1117, so that the chart needs no theme; patterns tell apart what colour does not. */
const paints: Readonly<Record<ClassId, { color: string; pattern: Pattern }>> = {
  anon: { color: '#D55E00', pattern: 'solid' },
  file: { color: '#0072B2', pattern: 'hatch' },
  shmem: { color: '#9966FF', pattern: 'dots' },
  slab: { color: '#2F7D4F', pattern: 'solid' },
  kernel: { color: '#2F7D4F', pattern: 'hatch' },
  sock: { color: '#2F7D4F', pattern: 'dots' },
  pagetables: { color: '#2F7D4F', pattern: 'grid' },
  hugepages: { color: '#0072B2', pattern: 'grid' },
  free: { color: '#8A8F98', pattern: 'dots' },
  other: { color: '#8A8F98', pattern: 'hatch' },
  unaccounted: { color: '#8A8F98', pattern: 'grid' },
}
type Pattern = 'solid' | 'hatch' | 'dots' | 'grid'

export interface MemoryChart {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly title: string
  readonly desc: string
  readonly patterns: readonly {
    readonly id: string
    readonly color: string
    readonly isHatch: boolean
    readonly isDots: boolean
    readonly isGrid: boolean
  }[]
  readonly segments: readonly {
    readonly x: number
    readonly width: number
    readonly fill: string
    readonly title: string
    readonly label: string | null
    readonly labelX: number
  }[]
  readonly keys: readonly {
    readonly x: number
    readonly y: number
    readonly textX: number
    readonly textY: number
    readonly fill: string
    readonly text: string
  }[]
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: 'middle' | 'end' }[]
  readonly limit: { readonly x: number; readonly text: string; readonly textX: number; readonly anchor: 'start' | 'end' }
}

const width = 720
const left = 8
const right = width - 8
const columns = 3

/** One horizontal stacked bar against the limit line. Coordinates have two decimals and ids the incident's, so that output is stable. */
export function memoryChart(memory: ReportMemory, incidentId: string): MemoryChart | null {
  const classes = memory.classes.filter(({ bytes }) => bytes > 0)
  const sum = classes.reduce((total, { bytes }) => total + bytes, 0)
  const most = Math.max(sum, memory.totalBytes)
  if (classes.length === 0 || most <= 0) return null
  const x = scaleLinear([0, most], [left, right])
  const id = `m-${incidentId}`
  const fillOf = (classId: ClassId): string => (paints[classId].pattern === 'solid' ? paints[classId].color : `url(#${id}-${classId})`)
  let start = 0
  const segments = classes.map((c) => {
    const [from, to] = [x(start), x(start + c.bytes)]
    start += c.bytes
    const room = to - from
    const size = bytesText(c.bytes)
    const full = `${visible(c.name)} ${size}`
    const label = room < 0.08 * (right - left) ? null : room >= full.length * 7 ? full : room >= size.length * 7 ? size : null
    return {
      x: round(from),
      width: round(Math.max(1, room - 1.5)),
      fill: fillOf(c.id),
      title: `${visible(c.name)}: ${size}, ${percentText(c.share)}`,
      label,
      labelX: round(from + room / 2),
    }
  })
  const keys = classes.map((c, i) => {
    const [keyX, keyY] = [left + (i % columns) * ((right - left) / columns), 112 + Math.floor(i / columns) * 22]
    return {
      x: round(keyX),
      y: keyY,
      textX: round(keyX + 20),
      textY: keyY + 11,
      fill: fillOf(c.id),
      text: `${visible(c.name)} ${bytesText(c.bytes)}`,
    }
  })
  const limitX = x(memory.totalBytes)
  const atRight = limitX > width / 2
  const limitText = `${memory.scope === 'memcg' ? 'limit' : 'managed memory'} ${bytesText(memory.totalBytes)}`
  const largest = [...classes].sort((a, b) => b.bytes - a.bytes)[0] as (typeof classes)[number]
  return {
    id,
    width,
    height: 112 + Math.ceil(classes.length / columns) * 22,
    title: `Memory against the ${limitText}`,
    desc: `${bytesText(largest.bytes)} of ${bytesText(memory.totalBytes)} is ${visible(largest.name)}, ${percentText(largest.share)}. The table holds every figure.`,
    patterns: classes
      .filter((c) => paints[c.id].pattern !== 'solid')
      .map(({ id: classId }) => {
        const { color, pattern } = paints[classId]
        return { id: `${id}-${classId}`, color, isHatch: pattern === 'hatch', isDots: pattern === 'dots', isGrid: pattern === 'grid' }
      }),
    segments,
    keys,
    ticks: ticksOf(most, x),
    limit: { x: round(limitX), text: limitText, textX: round(atRight ? limitX - 5 : limitX + 5), anchor: atRight ? 'end' : 'start' },
  }
}

function ticksOf(most: number, x: (bytes: number) => number): MemoryChart['ticks'] {
  const unit = 1024 ** Math.min(5, Math.max(0, Math.floor(Math.log2(most) / 10)))
  const values = scaleLinear([0, most / unit], [0, 1]).ticks(5)
  return values.map((value) => ({
    x: round(x(value * unit)),
    text: value === 0 ? '0' : bytesText(value * unit),
    anchor: x(value * unit) > width - 30 ? 'end' : 'middle',
  }))
}

const round = (value: number): number => Math.round(value * 100) / 100
