/** The fleet view (`index.json`): which workloads, which limits, which nodes, since when, what is new, what is unexplained. */
export interface Fleet {
  readonly schemaVersion: 1
  readonly generator: { readonly name: 'oom-report'; readonly version: string }
  /** One sentence that sums up. */
  readonly summary: string
  readonly from: string | null
  readonly to: string | null
  /** Kills over time on the axis that all groups share; `null` without times. */
  readonly course: FleetCourse | null
  /** The last week of the data against the one before; `null` without times. */
  readonly week: FleetWeek | null
  readonly counts: {
    readonly bundles: number
    readonly withIncidents: number
    readonly without: number
    readonly unreadable: number
    readonly incidents: number
    readonly kills: number
    /** Nodes with incidents, and nodes that any log names. */
    readonly hosts: number
    readonly hostsSeen: number
    /** Incidents that the filter hides; absent where it hides none. */
    readonly hidden?: number
  }
  /** Workload × limit × consumer; the workload with most kills first, its groups together. */
  readonly groups: readonly FleetGroup[]
  /** Which limits are hit, most kills first. */
  readonly limits: readonly FleetLimit[]
  readonly hosts: readonly FleetHost[]
  /** Every incident once, in order of time. */
  readonly incidents: readonly FleetIncident[]
  /** Ids of incidents whose limit or root cause is unknown or uncertain. */
  readonly unexplained: readonly string[]
  /** Names of bundles that hold no incident. */
  readonly quiet: readonly string[]
  readonly unreadable: readonly { readonly bundle: string; readonly reason: string }[]
  /** What `isNew` was judged by, as a sentence. */
  readonly newSince: string
}

export interface FleetHost {
  readonly host: string
  readonly incidents: number
  readonly kills: number
  readonly firstTime: string | null
  readonly lastTime: string | null
}

export interface FleetLimit {
  readonly limit: string
  readonly incidents: number
  readonly kills: number
  readonly workloads: number
  readonly consumers: readonly string[]
}

export interface FleetGroup {
  readonly key: string
  readonly workload: string
  readonly namespace: string | null
  readonly limit: string
  readonly limitBytes: number | null
  readonly consumer: string
  readonly rootCauses: readonly string[]
  readonly incidents: readonly string[]
  readonly kills: number
  readonly hosts: readonly string[]
  readonly bundles: number
  readonly firstTime: string | null
  readonly lastTime: string | null
  readonly isNew: boolean
  /** Kills over time in columns of the fleet's axis; `null` without times. */
  readonly perHour: FleetCourse | null
}

/** Kills a column of whole hours: at most 48 columns over the whole fleet. */
export interface FleetCourse {
  /** When the first column that has kills begins, and which of the axis it is. */
  readonly from: string
  readonly first: number
  readonly hoursPerColumn: number
  readonly counts: readonly number[]
}

export interface FleetWeek {
  readonly from: string
  readonly to: string
  readonly kills: number
  /** In the seven days before `from`; `null` where nothing of them was read. */
  readonly before: number | null
  /** How many of those days what was read covers. */
  readonly daysBefore: number
  /** Workloads with more or fewer kills than the week before, the largest change first. */
  readonly changes: readonly { readonly workload: string; readonly kills: number; readonly before: number }[]
}

export interface FleetIncident {
  readonly id: string
  readonly headline: string
  readonly host: string | null
  readonly workload: string
  readonly namespace: string | null
  readonly limit: string
  readonly consumer: string
  readonly rootCause: string
  readonly confidence: string
  readonly pattern: string
  readonly firstTime: string | null
  readonly lastTime: string | null
  readonly kills: number
  readonly page: string
  /** Pages of other bundles that tell of kills which `page` does not have; usually empty. */
  readonly furtherPages: readonly string[]
  readonly bundle: string
  /** Other bundles that tell of the same kills. */
  readonly alsoIn: readonly string[]
  readonly group: string
}

export interface FleetOptions {
  readonly version: string
  /** Group keys of a baseline run, with its name; or `null`: what was first seen in the data's last 24 h is new. */
  readonly baseline: { readonly name: string; readonly keys: ReadonlySet<string> } | null
}
