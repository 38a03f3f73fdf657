import { existsSync } from 'node:fs'
import { UsageError } from './errors.ts'
import { didYouMean, nearest } from './near.ts'

export const commandNames = ['analyze', 'batch', 'merge', 'formats', 'explain', 'templates', 'completion'] as const
const ofItself = new Set(['--help', '-h', '--version', '-V'])

/**
 * `oom-report FILE…` is `oom-report analyze FILE…`, options before or after it, and a bare call reads what is piped. What is neither a command nor a file there
 * and looks like a command is a mistyped one; anything else is a file that is missing, and said to be by whoever opens it.
 */
export function plainArguments(given: readonly string[], isPiped: () => boolean): readonly string[] {
  const argv = withoutDashes(given)
  const [first] = argv
  if (first === undefined) return isPiped() ? ['analyze', '-'] : ['--help']
  if (commandNames.some((name) => name === first)) return argv
  if (argv.every((word) => ofItself.has(word))) return argv
  if (first !== '-' && first.startsWith('-')) return ['analyze', ...(hasInput(argv) || !isPiped() ? argv : [...argv, '-'])]
  if (first === 'help') return commandNames.some((name) => name === argv[1]) ? [argv[1] as string, '--help'] : ['--help']
  if (first === 'version' && argv.length === 1 && !existsSync(first)) return ['--version']
  if (first === '') throw new UsageError('an empty name is no file')
  if (first !== '-' && !/[./\\]/.test(first) && !existsSync(first)) {
    const near = nearest(first, commandNames)
    if (near !== null || argv.length === 1)
      throw new UsageError(`${first} is neither a command nor a file${didYouMean(first, commandNames, 'oom-report ')}`)
  }
  return ['analyze', ...argv]
}

const times: ReadonlySet<string> = new Set(['--since', '--until'])
/** `--color always`, `--color=never`, as other programs take it. */
const colours: ReadonlyMap<string, readonly string[]> = new Map([
  ['always', ['--color']],
  ['never', ['--no-color']],
  ['auto', []],
])

/** `--since -1h` has a value, although it begins like an option; what follows a bare `--` are files, whatever they begin with. */
function withoutDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  const kept: string[] = []
  for (let at = 0; at < options.length; at += 1) {
    const [word = '', next = ''] = [options[at], options[at + 1]]
    const colour = colours.get(word === '--color' ? next : word.startsWith('--color=') ? word.slice(8) : '')
    if (colour !== undefined) kept.push(...colour)
    else kept.push(times.has(word) && /^-\d/.test(next) ? `${word}=${next}` : word)
    if ((colour !== undefined && word === '--color') || (times.has(word) && /^-\d/.test(next))) at += 1
  }
  return end === -1 ? kept : [...kept, ...argv.slice(end + 1).map((file) => (file.startsWith('-') ? `./${file}` : file))]
}

const valued =
  /^(?:-[fo]|--(?!(?:json|redact|show-command-lines|show-secrets|mermaid|ascii|color|no-color|exit-code|quiet|verbose|debug|help|version)$)[a-z-]+)$/

/** Whether a word stands there that is no option and no option's value. */
const hasInput = (argv: readonly string[]): boolean =>
  argv.some((word, i) => (word === '-' || !word.startsWith('-')) && !valued.test(argv[i - 1] ?? ''))
