import type { ReportEviction } from '../../model/report.ts'
import { bytesText } from '../../text/values.ts'

/** Two bars, one above the other: what was left, and the threshold that it fell below. `width` in per cent of the larger. */
export interface EvictionChart {
  readonly message: string
  readonly bars: readonly { readonly name: string; readonly width: number; readonly fill: string; readonly text: string }[]
}

export function evictionChart(eviction: ReportEviction | undefined): EvictionChart | null {
  if (eviction === undefined) return null
  const { availableBytes: left, thresholdBytes: threshold, capacityBytes: whole } = eviction
  const most = Math.max(left, threshold, 1)
  const width = (bytes: number): number => Math.max(0.5, Math.round((bytes / most) * 1000) / 10)
  const of = whole === null ? '' : ` of ${bytesText(whole)}`
  return {
    message: `${bytesText(left)}${of} ${whole === null ? 'was' : 'were'} available; the kubelet evicts below ${bytesText(threshold)}.`,
    bars: [
      { name: 'available', width: width(left), fill: '#D55E00', text: bytesText(left) },
      { name: 'eviction threshold', width: width(threshold), fill: '#8A8F98', text: bytesText(threshold) },
    ],
  }
}
