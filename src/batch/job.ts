import type { ReadingOptions } from '../options.ts'
import type { AskedTimes } from '../report/counted-times.ts'
import type { ReportFilter } from '../report/filter.ts'
import type { Bundle } from './bundles.ts'
import type { BundleResult } from './result.ts'

export interface BatchOptions extends ReadingOptions {
  readonly redact: boolean
  readonly filter: ReportFilter
  /** Times that count back from the last stamp of each bundle; `null` where none do. */
  readonly counted: AskedTimes | null
  readonly template: string | null
}

export interface Job {
  readonly bundle: Bundle
  /** What rows call the bundle: its name, or an alias. */
  readonly label: string
  readonly key: string
  /** `.oom-report` of the output folder. */
  readonly stateDir: string
  readonly options: BatchOptions
  /** Of the aliases; `null` where nothing is redacted. */
  readonly redactKey: string | null
}

export interface JobDone {
  readonly key: string
  readonly incidents: number
  readonly bytes: number
  readonly status: BundleResult['status']
}
