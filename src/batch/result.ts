/** What is kept of one bundle: small rows for the fleet view; the incidents themselves lie beside it as lines of JSON, the pages as files. */
export interface BundleResult {
  readonly schemaVersion: 1
  readonly key: string
  readonly bundle: string
  /** `ok`, also without incidents; `unreadable`: nothing could be read; `failed`: our bug, with its message. */
  readonly status: 'ok' | 'partly' | 'unreadable' | 'failed'
  readonly reason: string | null
  readonly bytes: number
  readonly lines: number
  readonly sources: number
  /** Span of all stamps, RFC 3339, or `null`. */
  readonly from: string | null
  readonly to: string | null
  /** Hosts that its logs name. */
  readonly hosts: readonly string[]
  readonly incidents: readonly IncidentRow[]
  /** How many the filter hides; absent where none. */
  readonly hidden?: number
}

export interface IncidentRow {
  readonly id: string
  readonly headline: string
  readonly host: string | null
  readonly firstTime: string | null
  readonly lastTime: string | null
  /** Workload across replicas and restarts: `shop/Deployment/checkout · api`, `backup.service`, `process firefox`. */
  readonly workload: string
  readonly namespace: string | null
  readonly limit: string
  readonly limitConfidence: string
  readonly limitBytes: number | null
  readonly consumer: string
  readonly rootCause: string
  readonly rootCauseConfidence: string
  readonly pattern: string
  /** One per kill: the key that is the same in every bundle, the time, and what makes it the same where a host is not named; keys as short hashes. */
  readonly kills: readonly { readonly key: string; readonly time: string | null; readonly same: readonly string[] }[]
  /** File name of the page, under `incidents/`. */
  readonly page: string
  /** Where its line lies in the bundle's own `.ndjson`. */
  readonly offset: number
  readonly length: number
}
