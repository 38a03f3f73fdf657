import { outputs } from '../render/outputs.ts'
import { commands } from './commands.ts'
import { didYouMean, nearest } from './near.ts'

/** What people call an option that has another name here. */
const otherNames: Readonly<Record<string, string>> = {
  tz: 'timezone',
  zone: 'timezone',
  from: 'since',
  to: 'until',
  out: 'output',
  ns: 'namespace',
  node: 'host',
  silent: 'quiet',
}

/** What each command asks for by its place. */
const inputs: Readonly<Record<string, string>> = {
  analyze: 'name a file, a folder or an archive, or - for standard input',
  batch: 'name the bundles, or the folder that they lie in',
  merge: 'name the folders of the batches',
  completion: 'name a shell: bash or zsh',
  templates: 'say what to do: oom-report templates eject -o DIR',
}

/** yargs' words on a bad command line in ours: what is wrong, and what was meant. */
export function inOurWords(message: string, args: readonly string[]): string {
  const [command = ''] = args
  const unknown = /^Unknown arguments?: (?<names>.+)$/.exec(message)?.groups?.['names']?.split(', ')
  if (unknown !== undefined) return unknownOptions(unknown, command)
  if (message.startsWith('Not enough non-option arguments')) {
    const mistyped = args.slice(1).filter((word) => /^--\w/.test(word) && !optionsOf(command).includes(nameIn(word)))
    return mistyped.length > 0 ? unknownOptions(mistyped.map(nameIn), command) : (inputs[command] ?? message)
  }
  const missing = /^Missing required arguments?: (?<name>[\w-]+)/.exec(message)?.groups?.['name']
  if (missing !== undefined) return `--${missing} is missing${missing === 'output' ? ': name the folder to write to with -o DIR' : ''}`
  const bare = /^Not enough arguments following: (?<name>[\w-]+)$/.exec(message)?.groups?.['name']
  if (bare !== undefined) return `${bare.length === 1 ? '-' : '--'}${bare} has no value`
  const choice = /^Invalid values:\s+Argument: (?<what>\w+), Given: "(?<given>[^"]*)", Choices: (?<choices>.+)$/s.exec(message)?.groups
  if (choice === undefined) return message
  const choices = (choice['choices'] ?? '').replaceAll('"', '')
  return `${choice['what']} ${choice['given']} is not one of ${choices}${didYouMean(choice['given'] ?? '', choices.split(', '))}`
}

const nameIn = (word: string): string => word.replace(/^--/, '').replace(/=.*$/s, '')

const optionsOf = (command: string): readonly string[] => [
  ...Object.keys(commands.find(({ name }) => name === command)?.options ?? {}),
  'help',
  'version',
]

/** A mistyped option stands in yargs' message twice, as it is written and in camel case; the one that was meant is named behind it. */
function unknownOptions(names: readonly string[], command: string): string {
  const given = names.filter(
    (name) => !/[A-Z]/.test(name) || !names.includes(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  )
  const [hint = ''] = given.map((name) => meant(name, optionsOf(command))).filter((text) => text !== '')
  return `unknown option${given.length === 1 ? '' : 's'} ${given.map((name) => (name.length === 1 ? `-${name}` : `--${name}`)).join(', ')}${hint}`
}

function meant(name: string, known: readonly string[]): string {
  const other = otherNames[name.toLowerCase()]
  if (other !== undefined && known.includes(other)) return `. Did you mean --${other}?`
  const format = known.includes('format')
    ? nearest(
        name,
        outputs.map(({ id }) => id),
      )
    : null
  const near = didYouMean(name, known, '--')
  return near === '' && format !== null ? `. Did you mean --format ${format}?` : near
}
