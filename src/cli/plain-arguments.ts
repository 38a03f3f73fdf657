import { existsSync } from 'node:fs'
import { UsageError } from './errors.ts'
import { didYouMean, nearest } from './near.ts'

export const commandNames = ['analyze', 'batch', 'merge', 'formats', 'explain', 'templates', 'completion'] as const
const ofItself = new Set(['--help', '-h', '--version', '-V'])

/**
 * `oom-report FILE…` is `oom-report analyze FILE…`, options before or after it, and a bare call reads what is piped. What is neither a command nor a file there
 * and looks like a command is a mistyped one; anything else is a file that is missing, and said to be by whoever opens it.
 */
export function plainArguments(argv: readonly string[], isPiped: () => boolean): readonly string[] {
  const [first] = argv
  if (first === undefined) return isPiped() ? ['analyze', '-'] : ['--help']
  if (commandNames.some((name) => name === first)) return argv
  if (argv.every((word) => ofItself.has(word))) return argv
  if (first !== '-' && first.startsWith('-')) return ['analyze', ...(hasInput(argv) || !isPiped() ? argv : [...argv, '-'])]
  if (first === 'help') return ['--help']
  if (first !== '-' && !/[./\\]/.test(first) && !existsSync(first)) {
    const near = nearest(first, commandNames)
    if (near !== null || argv.length === 1)
      throw new UsageError(`${first} is neither a command nor a file${didYouMean(first, commandNames, 'oom-report ')}`)
  }
  return ['analyze', ...argv]
}

const valued =
  /^(?:-[fo]|--(?!(?:json|redact|show-command-lines|show-secrets|mermaid|ascii|color|no-color|exit-code|quiet|verbose|debug|help|version)$)[a-z-]+)$/

/** Whether a word stands there that is no option and no option's value. */
const hasInput = (argv: readonly string[]): boolean =>
  argv.some((word, i) => (word === '-' || !word.startsWith('-')) && !valued.test(argv[i - 1] ?? ''))
