import type { ReportMemory } from '../../model/report.ts'
import { bytesText, percentText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'
import { isSmall, isUsage, largestClass, smallOnes } from '../view/memory.ts'

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
  readonly title: string
  readonly desc: string
  readonly patterns: readonly {
    readonly id: string
    readonly color: string
    readonly isHatch: boolean
    readonly isDots: boolean
    readonly isGrid: boolean
  }[]
  /** Places and widths in per cent: the bar is as wide as the column it stands in. */
  readonly segments: readonly {
    readonly x: number
    readonly width: number
    readonly fill: string
    readonly title: string
    readonly label: string | null
    readonly labelX: number
  }[]
  readonly keys: readonly { readonly fill: string; readonly name: string; readonly size: string; readonly share: string }[]
  /** How many are too thin to be told apart in the picture; the table has them. */
  readonly rest: string | null
  readonly limit: { readonly x: number; readonly text: string; readonly textX: number; readonly anchor: 'start' | 'end' }
}

/** A label stands in its segment where it fits at the width of a phone. */
const LABEL_SHARE = 26
/** The limit's line stays inside of the picture. */
const RIGHT = 99.6

/** One horizontal stacked bar against the limit line. Coordinates have two decimals and ids the incident's, so that output is stable. */
export function memoryChart(memory: ReportMemory, incidentId: string): MemoryChart | null {
  const classes = memory.classes.filter(({ bytes }) => bytes > 0)
  const sum = classes.reduce((total, { bytes }) => total + bytes, 0)
  const most = Math.max(sum, memory.totalBytes)
  if (classes.length === 0 || most <= 0) return null
  const x = (bytes: number): number => (bytes / most) * RIGHT
  const id = `m-${incidentId}`
  const fillOf = (classId: ClassId): string => (paints[classId].pattern === 'solid' ? paints[classId].color : `url(#${id}-${classId})`)
  let start = 0
  const segments = classes.map((c) => {
    const [from, to] = [x(start), x(start + c.bytes)]
    start += c.bytes
    const size = bytesText(c.bytes)
    return {
      x: round(from),
      width: round(Math.max(0.3, to - from)),
      fill: fillOf(c.id),
      title: `${visible(c.name)}: ${size}, ${percentText(c.share)}`,
      label: to - from >= LABEL_SHARE ? size : null,
      labelX: round((from + to) / 2),
    }
  })
  const limitX = x(memory.totalBytes)
  const atRight = limitX > 50
  const whole = { memcg: isUsage(memory) ? 'in use' : 'limit', part: 'managed memory', machine: visible(memory.totalName) }[memory.scope]
  const limitText = `${whole} ${bytesText(memory.totalBytes)}`
  const largest = largestClass({ ...memory, classes }) as (typeof classes)[number]
  return {
    id,
    title: `Memory against the ${limitText}`,
    desc: `${bytesText(largest.bytes)} of ${bytesText(memory.totalBytes)} is ${visible(largest.name)}, ${percentText(largest.share)}. The table holds every figure.`,
    patterns: classes
      .filter((c) => paints[c.id].pattern !== 'solid')
      .map(({ id: classId }) => {
        const { color, pattern } = paints[classId]
        return { id: `${id}-${classId}`, color, isHatch: pattern === 'hatch', isDots: pattern === 'dots', isGrid: pattern === 'grid' }
      }),
    segments,
    keys: classes
      .filter(({ share }) => !isSmall(share))
      .map((c) => ({ fill: fillOf(c.id), name: visible(c.name), size: bytesText(c.bytes), share: percentText(c.share) })),
    rest: smallOnes(classes.filter(({ share }) => isSmall(share)).length),
    limit: { x: round(limitX), text: limitText, textX: round(limitX), anchor: atRight ? 'end' : 'start' },
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
