export interface AnalyzeArguments {
  paths: string[]
  format: string | undefined
  json: boolean
  output: string[]
  timezone: string | undefined
  year: number | undefined
  inputFormat: string | undefined
  template: string | undefined
  redact: boolean
  redactKey?: string | undefined
  showCommandLines: boolean
  showSecrets: boolean
  mermaid: boolean
  ascii: boolean
  color: boolean | undefined
  exitCode: boolean
  quiet: boolean
  verbose: boolean
  debug: boolean
  since: string | undefined
  until: string | undefined
  host: string | undefined
  namespace: string | undefined
  pod: string | undefined
  limit: string | undefined
  consumer: string | undefined
}

/** Which incidents to show; the same in `analyze` and `batch`. */
export const filterOptions = {
  since: { type: 'string', describe: 'only incidents at or after this time (RFC 3339)' },
  until: { type: 'string', describe: 'only incidents before this time (RFC 3339)' },
  host: { type: 'string', describe: 'only incidents on this host' },
  namespace: { type: 'string', describe: 'only incidents in this namespace' },
  pod: { type: 'string', describe: 'only incidents of this pod' },
  limit: { type: 'string', describe: 'only incidents of this limit, such as container-limit' },
  consumer: { type: 'string', describe: 'only incidents with this consumer, such as shared-memory' },
} as const

/** How to read what prints no zone or year; the same in `analyze` and `batch`. */
export const readingOptions = {
  timezone: { type: 'string', describe: 'zone of stamps that print none: Europe/Berlin, UTC, +05:30' },
  year: { type: 'number', describe: 'year of stamps that print none' },
  'input-format': { type: 'string', describe: 'skip detection: an id from `oom-report formats`' },
  redact: { type: 'boolean', default: false, describe: 'replace hosts, namespaces, pods, users, addresses and paths by aliases' },
  'show-command-lines': { type: 'boolean', default: false, describe: 'show whole command lines' },
  'show-secrets': { type: 'boolean', default: false, describe: 'leave passwords, keys and tokens in quoted lines unmasked' },
} as const
