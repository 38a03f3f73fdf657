export interface AnalyzeArguments {
  paths: string[]
  format: string | undefined
  json: boolean
  output: string[]
  timezone: string | undefined
  /** As it was typed: a mistake is told in its own words. */
  year: string | undefined
  inputFormat: string | undefined
  template: string | undefined
  redact: boolean
  redactKey?: string | undefined
  redactMap?: string | undefined
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
  config?: string | undefined
}

/** Headings of `--help` and of the man page, in this order. */
export const groups = {
  output: 'What is written:',
  reading: 'How logs are read:',
  filter: 'Which incidents are shown:',
  privacy: 'What is kept private:',
  run: 'How it runs:',
} as const

/** An option as yargs, the man page and the shells' completion take it. */
export interface OptionData {
  readonly type: 'string' | 'number' | 'boolean'
  readonly describe: string
  readonly group: string
  readonly alias?: string
  readonly default?: boolean | string | readonly string[]
  readonly array?: boolean
  readonly requiresArg?: boolean
  readonly demandOption?: boolean
}
export type OptionTable = Readonly<Record<string, OptionData>>

const { filter, reading, privacy } = groups

/** Which incidents to show; the same in `analyze` and `batch`. */
export const filterOptions = {
  since: {
    type: 'string',
    group: filter,
    describe:
      'only incidents from this time on: 2024-05-03T14:00Z or 2024-05-03, or counted back from the last stamp of the evidence (in a batch: of each bundle): 90m, 2h, 3d, today, yesterday',
  },
  until: { type: 'string', group: filter, describe: 'only incidents before this time, written as for --since' },
  host: { type: 'string', group: filter, describe: 'only incidents on this host' },
  namespace: { type: 'string', group: filter, describe: 'only incidents in this namespace' },
  pod: { type: 'string', group: filter, describe: 'only incidents of this pod' },
  limit: { type: 'string', group: filter, describe: 'only incidents of this limit, such as container-limit' },
  consumer: { type: 'string', group: filter, describe: 'only incidents with this consumer, such as shared-memory' },
} as const satisfies OptionTable

/** How to read what prints no zone or year; the same in `analyze` and `batch`. */
export const readingOptions = {
  timezone: {
    type: 'string',
    group: reading,
    describe: 'zone of stamps that print none, and of the days of --since and --until: Europe/Berlin, UTC, +05:30',
  },
  year: { type: 'string', group: reading, describe: 'year of stamps that print none' },
  'input-format': {
    type: 'string',
    group: reading,
    describe: 'read all logs as this format, an id from `oom-report formats`, instead of detecting it',
  },
  redact: {
    type: 'boolean',
    group: privacy,
    default: false,
    describe: 'replace hosts, namespaces, pods, users, addresses and paths by aliases',
  },
  'redact-key': {
    type: 'string',
    group: privacy,
    describe: 'file with a secret of 16 characters or more: aliases are the same in all runs with it',
  },
  'show-command-lines': { type: 'boolean', group: privacy, default: false, describe: 'show whole command lines' },
  'show-secrets': {
    type: 'boolean',
    group: privacy,
    default: false,
    describe: 'leave passwords, keys and tokens in quoted lines unmasked',
  },
} as const satisfies OptionTable
