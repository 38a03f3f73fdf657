import type { AnalyzeArguments } from './analyze-arguments.ts'

type Values = Record<string, string | number | boolean | string[] | undefined>

const aliases: Readonly<Record<string, string>> = { '-f': '--format', '-o': '--output', '-q': '--quiet', '-v': '--verbose' }
const flags = new Set([
  'json',
  'redact',
  'show-command-lines',
  'show-secrets',
  'mermaid',
  'ascii',
  'exit-code',
  'quiet',
  'verbose',
  'debug',
])
const texts = new Set([
  'format',
  'redact-key',
  'redact-map',
  'timezone',
  'year',
  'input-format',
  'template',
  'since',
  'until',
  'host',
  'namespace',
  'pod',
  'limit',
  'consumer',
  'config',
])

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/**
 * Reads the plain forms of `analyze`, which are nearly all that people type: loading and running yargs takes longer than analysing a small log. `null` for
 * everything else, mistakes and help among it: yargs reads those. A test holds what it gives to what yargs gives.
 */
export function quickArguments(argv: readonly string[]): AnalyzeArguments | null {
  if (argv[0] !== 'analyze') return null
  const paths: string[] = []
  const output: string[] = []
  const values: Values = {}
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (word === '-' || !word.startsWith('-')) {
      if (word === '') return null
      paths.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const given = equals === -1 ? word : word.slice(0, equals)
    const name = (aliases[given] ?? given).slice(2)
    // Said twice, or a short name with its value behind a `=`: yargs knows what that means.
    if (name in values || (given.length === 2 && equals !== -1)) return null
    if (flags.has(name) && equals === -1) {
      if (argv[at + 1] === 'true' || argv[at + 1] === 'false') return null
      values[name] = true
      continue
    }
    if (!texts.has(name) && name !== 'output') return null
    const value = equals === -1 ? argv[++at] : word.slice(equals + 1)
    if (value === undefined || value === '' || (value.startsWith('-') && equals === -1) || /^["']/.test(value)) return null
    if (name === 'output') output.push(value)
    else values[name] = value
  }
  if (paths.length === 0) return null
  const all: Values = { paths, output, color: undefined }
  for (const name of texts) all[camelCase(name)] = values[name]
  for (const name of flags) all[camelCase(name)] = values[name] === true
  return all as unknown as AnalyzeArguments
}
