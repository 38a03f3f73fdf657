import { outputs } from '../render/outputs.ts'
import { filterOptions, groups, type OptionTable, readingOptions } from './analyze-arguments.ts'

const { output, privacy, run } = groups

/** Where settings that stand for every run are read; the same in `analyze` and `batch`. */
export const configOption = {
  config: {
    type: 'string',
    group: run,
    requiresArg: true,
    describe: 'settings from this file, not from ~/.config/oom-report/config.yaml; "none": no file',
  },
} as const satisfies OptionTable

/** All options of `analyze`: what yargs reads, `--help` and the man page tell and shells complete. */
export const analyzeOptions = {
  format: {
    alias: 'f',
    type: 'string',
    group: output,
    describe: `${outputs.map(({ id }) => id).join(', ')}; text on a terminal, md in a pipe, nothing with -o`,
  },
  json: { type: 'boolean', default: false, group: output, describe: 'short for --format json' },
  output: {
    alias: 'o',
    type: 'string',
    array: true,
    default: [],
    requiresArg: true,
    group: output,
    describe: 'FILE (format by its ending), FORMAT:FILE, or - for standard output; repeatable',
  },
  template: { type: 'string', group: output, describe: 'render with this Handlebars template instead of ours' },
  mermaid: { type: 'boolean', default: false, group: output, describe: 'a Mermaid timeline in Markdown' },
  ascii: { type: 'boolean', default: false, group: output, describe: 'bars and marks in plain ASCII' },
  color: { type: 'boolean', group: output, describe: 'colour, whatever the terminal (--no-color: none)' },
  ...readingOptions,
  'redact-map': {
    type: 'string',
    requiresArg: true,
    group: privacy,
    describe: 'with --redact: write which alias is whose to this file',
  },
  ...filterOptions,
  'exit-code': { type: 'boolean', default: false, group: run, describe: 'exit with 1 when there is at least one incident' },
  quiet: { alias: 'q', type: 'boolean', default: false, group: run, describe: 'no summary, no progress, no hints' },
  verbose: { alias: 'v', type: 'boolean', default: false, group: run, describe: 'list every source that was read, on stderr' },
  debug: { type: 'boolean', default: false, group: run, describe: 'stack traces of internal errors' },
  ...configOption,
} as const satisfies OptionTable
