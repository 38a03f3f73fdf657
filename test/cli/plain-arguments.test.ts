import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { commandNames, plainArguments } from '../../src/cli/plain-arguments.ts'

const plain = (line: string, piped = false): string => plainArguments(line === '' ? [] : line.split(' '), () => piped).join(' ')

test.each([
  ['', '--help'],
  ['--help', '--help'],
  ['-V', '-V'],
  ['help', '--help'],
  ['batch a -o b', 'batch a -o b'],
  ['package.json', 'analyze package.json'],
  ['samples', 'analyze samples'],
  ['no-such.log', 'analyze no-such.log'],
  ['some/folder', 'analyze some/folder'],
  ['-', 'analyze -'],
  ['--json package.json', 'analyze --json package.json'],
  ['a.log --since -1h', 'analyze a.log --since=-1h'],
  ['analyze -f html -- a.log', 'analyze -f html a.log'],
  ['-- -x.log', 'analyze ./-x.log'],
  ['-f text package.json', 'analyze -f text package.json'],
])('%s', (line, args) => {
  expect(plain(line)).toBe(args)
})

test.each([
  ['', 'analyze -'],
  ['--json', 'analyze --json -'],
  ['-f text', 'analyze -f text -'],
  ['--redact -f text a.log', 'analyze --redact -f text a.log'],
  ['a.log', 'analyze a.log'],
  ['--help', '--help'],
])('piped: %s', (line, args) => {
  expect(plain(line, true)).toBe(args)
})

test('a mistyped command is told which was meant', () => {
  expect(() => plain('analyse x.log')).toThrow('analyse is neither a command nor a file. Did you mean oom-report analyze?')
  expect(() => plain('nothing-like-it')).toThrow(/^nothing-like-it is neither a command nor a file$/)
})

test('every command is known', () => {
  expect(commands.map(({ name }) => name)).toEqual([...commandNames])
  expect(readFileSync('man/oom-report.1', 'utf8')).toContain('completion')
})
