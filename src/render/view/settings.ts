import type { Places } from './places.ts'
import type { Clock } from './times.ts'

/** How much of the long parts is shown; outputs with a cap ask for less until it fits. */
export interface Detail {
  readonly excerptLines: number
  readonly timelineRows: number
  readonly evidenceLines: number
  readonly incidents: number
}

export const fullDetail: Detail = {
  excerptLines: 200,
  timelineRows: 200,
  evidenceLines: Number.POSITIVE_INFINITY,
  incidents: Number.POSITIVE_INFINITY,
}

export interface ViewSettings {
  readonly clock: Clock
  readonly places: Places
  readonly ascii: boolean
  readonly detail: Detail
}
