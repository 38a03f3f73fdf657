import { expect, it } from 'vitest'
import { essence, isDamaged, withoutEscapes } from '../../src/text/copies.ts'

it.each([
  ['kernel: [ 5000.123456] Out of memory: Killed process 1 (a)', 'Out of memory: Killed process 1 (a)'],
  ['[5000.123456] Out of memory', 'Out of memory'],
  ['Out of memory [1.2] x', 'Out of memory [1.2] x'],
  [`x${'y'.repeat(200)}`, `x${'y'.repeat(89)}`],
])('the words of %s', (text, words) => expect(essence(text)).toBe(words))

it.each([
  ['a\\x1b[31m', 'a[31m'],
  ['a\\033[31m', 'a[31m'],
  ['a#033[31m', 'a[31m'],
  ['a b\u001b[31m', 'ab[31m'],
  ['plain-1', 'plain-1'],
])('%s without its escapes', (text, plain) => expect(withoutEscapes(text)).toBe(plain))

it.each([
  ['a\ufffdb', true],
  ['a\\x1b', true],
  ['a#033', true],
  ['[113B blob data]', true],
  ['java', false],
  ['a#1', false],
])('%s is damaged: %s', (text, damaged) => expect(isDamaged(text)).toBe(damaged))
