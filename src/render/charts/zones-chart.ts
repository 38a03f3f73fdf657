import type { LimitId } from '../../model/ids.ts'
import type { ReportMemory } from '../../model/report.ts'
import { bytesText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'

type Zone = ReportMemory['zones'][number]

/** A bar a zone: what is used, what is free, and the watermark under which nobody is served. Per cent of each zone's own memory. */
export interface ZonesChart {
  /** Which one ran dry, in a sentence. */
  readonly message: string
  readonly zones: readonly {
    readonly name: string
    readonly isDry: boolean
    readonly used: number
    /** Place of the `min` watermark; `null` where it is not in the log. */
    readonly min: number | null
    readonly fill: string
    readonly text: string
  }[]
}

/** Where the machine had memory and the request could not use it, the machine's bar would hide what ran dry. */
const ofZones: ReadonlySet<LimitId> = new Set(['cpuset', 'memory-policy', 'memory-zone'])

export function zonesChart(memory: ReportMemory, limit: LimitId): ZonesChart | null {
  const zones = memory.zones.filter(({ managedBytes, freeBytes }) => freeBytes !== null && managedBytes !== null && managedBytes > 0)
  const dry = zones.filter(({ exhausted }) => exhausted === true)
  if (!ofZones.has(limit) || dry.length === 0) return null
  const shareOf = (bytes: number, { managedBytes }: Zone): number => Math.round((1 - bytes / (managedBytes ?? 1)) * 10_000) / 100
  return {
    message: messageOf(dry, zones),
    zones: zones.map((zone) => ({
      name: nameOf(zone),
      isDry: zone.exhausted === true,
      used: Math.max(0, shareOf(zone.freeBytes ?? 0, zone)),
      min: zone.minBytes === null ? null : Math.max(0, shareOf(zone.minBytes, zone)),
      fill: zone.exhausted === true ? '#D55E00' : '#8A8F98',
      text: `${bytesText(zone.freeBytes ?? 0)} free of ${bytesText(zone.managedBytes ?? 0)}`,
    })),
  }
}

const nameOf = ({ node, name }: Zone): string => visible(node === null ? name : `node ${node} ${name}`)

/** The largest of those that ran dry speaks for them: the DMA zone of 16 MiB is always near its watermark. */
function messageOf(dry: readonly Zone[], zones: readonly Zone[]): string {
  const [zone] = [...dry].sort((a, b) => (b.managedBytes ?? 0) - (a.managedBytes ?? 0)) as [Zone]
  const rest = zones.filter(({ exhausted }) => exhausted !== true).reduce((sum, { freeBytes }) => sum + (freeBytes ?? 0), 0)
  const min = zone.minBytes === null ? '' : ` (min watermark ${bytesText(zone.minBytes)})`
  const others = rest === 0 ? '' : `; ${bytesText(rest)} were free where the request could not go`
  return `${nameOf(zone).replace(/^n/, 'N')} ran dry: ${bytesText(zone.freeBytes ?? 0)} free of ${bytesText(zone.managedBytes ?? 0)}${min}${others}.`
}
