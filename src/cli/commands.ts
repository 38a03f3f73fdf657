import type { OptionTable } from './analyze-arguments.ts'
import { analyzeOptions } from './analyze-options.ts'
import { batchOptions, mergeOptions } from './batch-options.ts'
import { ejectOptions } from './eject-options.ts'

/** A command as `--help`, the man page and the shells' completion tell it. */
export interface CommandData {
  readonly name: string
  /** What follows the name. */
  readonly usage: string
  readonly describe: string
  readonly options: OptionTable
  /** Words that may follow, where they are few. */
  readonly words?: readonly string[]
}

export const commands: readonly CommandData[] = [
  {
    name: 'analyze',
    usage: '<paths..>',
    describe: 'Explain the out-of-memory incidents in files, folders, archives, or - for standard input; the word analyze may be left out',
    options: analyzeOptions,
  },
  {
    name: 'batch',
    usage: '<paths..>',
    describe: 'Analyse many bundles: a page per incident and a fleet view; goes on where a run was stopped',
    options: batchOptions,
  },
  {
    name: 'merge',
    usage: '<dirs..>',
    describe: 'Fold the folders of several batch runs (shards) into one fleet view',
    options: mergeOptions,
  },
  { name: 'formats', usage: '', describe: 'List the log formats, documents and outputs that are understood', options: {} },
  { name: 'explain', usage: '[term]', describe: 'Explain a field, a flag or an answer: gfp_mask, oom_score_adj, pod-limit …', options: {} },
  {
    name: 'templates',
    usage: '<action>',
    describe: 'Write our templates to a folder (eject), to start your own from',
    options: ejectOptions,
    words: ['eject'],
  },
  {
    name: 'completion',
    usage: '<shell>',
    describe: 'Print the completion script of bash or zsh: eval "$(oom-report completion bash)"',
    options: {},
    words: ['bash', 'zsh'],
  },
]

export const examples = [
  ['oom-report dmesg.log', 'what happened, on the terminal'],
  ['oom-report sosreport.tar.xz -o oom.html', 'a page to attach, a summary on stderr'],
  ['journalctl -k -o json | oom-report - --format md', 'from a pipe, as Markdown'],
  ['oom-report kern.log kubelet.log describe.txt', 'several inputs are one story'],
  ['oom-report node.log --since yesterday', 'counted back from the last stamp of the log'],
  ['oom-report batch bundles/ -o fleet/', 'many bundles: a page per incident and a fleet view'],
] as const

export const commandOf = (name: string): CommandData => commands.find((one) => one.name === name) as CommandData

/** `analyze <paths..>`, as yargs takes it. */
export const usageOf = ({ name, usage }: CommandData): string => (usage === '' ? name : `${name} ${usage}`)
