import type { Argv, CommandModule } from 'yargs'
import { startAnalyze } from './start-analyze.ts'

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
  showCommandLines: boolean
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
  'show-command-lines': { type: 'boolean', default: false, describe: 'show whole command lines (they may hold secrets)' },
} as const

export function analyzeCommand(done: (code: number) => void): CommandModule<object, AnalyzeArguments> {
  return {
    command: 'analyze <paths..>',
    describe: 'Explain the out-of-memory incidents in files, folders, archives, or - for stdin',
    builder: (y: Argv<object>) =>
      y
        .positional('paths', { type: 'string', array: true, demandOption: true, describe: 'logs, documents, folders, archives, or -' })
        .option('format', {
          alias: 'f',
          type: 'string',
          describe: 'text, md, html, json, ndjson, jira, ticket or postmortem; md without -o',
        })
        .option('json', { type: 'boolean', default: false, describe: 'short for --format json' })
        .option('output', {
          alias: 'o',
          type: 'string',
          array: true,
          default: [],
          requiresArg: true,
          describe: 'FILE (format by its ending) or FORMAT:FILE; repeatable',
        })
        .options(readingOptions)
        .option('template', { type: 'string', describe: 'render with this Handlebars template instead of ours' })
        .option('mermaid', { type: 'boolean', default: false, describe: 'a Mermaid timeline in Markdown' })
        .option('ascii', { type: 'boolean', default: false, describe: 'bars and marks in plain ASCII' })
        .option('color', { type: 'boolean', describe: 'colour, whatever the terminal (--no-color: none)' })
        .option('exit-code', { type: 'boolean', default: false, describe: 'exit with 1 when there is at least one incident' })
        .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'no summary, no progress' })
        .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'tell every source on stderr' })
        .option('debug', { type: 'boolean', default: false, describe: 'stack traces of internal errors' })
        .options(filterOptions)
        .example('oom-report analyze dmesg.log', 'a Markdown report on stdout')
        .example('oom-report analyze bundle.tar.xz -o oom.html -o oom.json', 'two files, a summary on stderr')
        .example('kubectl describe pod web-7d… | oom-report analyze - node.log', 'several inputs are one story')
        .parserConfiguration({ 'greedy-arrays': false }) as unknown as Argv<AnalyzeArguments>,
    handler: async (argv) => {
      done(await startAnalyze(argv))
    },
  }
}
