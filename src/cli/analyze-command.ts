import type { Argv, CommandModule } from 'yargs'
import { outputs } from '../render/outputs.ts'
import { type AnalyzeArguments, filterOptions, readingOptions } from './analyze-arguments.ts'
import { startAnalyze } from './start-analyze.ts'

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
          describe: `${outputs.map((output) => output.id).join(', ')}; md without -o`,
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
        .option('redact-key', {
          type: 'string',
          describe: 'file with a secret of 16 characters or more: aliases are the same in all runs with it',
        })
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
