import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { manPage } from '../../scripts/write-man.ts'
import { analyzeOptions } from '../../src/cli/analyze-options.ts'
import { completionScript } from '../../src/cli/completion.ts'

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `${completionScript('bash')}\nCOMP_WORDS=(oom-report ${quoted}); COMP_CWORD=${words.length}; _oom_report; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

test('commands, options and formats are completed', () => {
  expect(offered('b')).toEqual(['batch'])
  expect(offered('analyze', '--for')).toEqual(['--format'])
  expect(offered('dmesg.log', '--ti')).toEqual(['--timezone'])
  expect(offered('analyze', 'x', '--format', 'j')).toEqual(['json', 'jira'])
  expect(offered('completion', '')).toContain('zsh')
  expect(offered('analyze', 'some-fi')).toEqual([''])
})

test('zsh takes it by its bridge', () => {
  expect(completionScript('zsh')).toMatch(/^#compdef oom-report\n.*bashcompinit\n/)
})

test('the man page is current (npm run man) and has every option', () => {
  const page = readFileSync('man/oom-report.1', 'utf8')
  expect(page).toBe(manPage())
  for (const name of Object.keys(analyzeOptions)) expect(page).toContain(`\\-\\-${name.replaceAll('-', '\\-')}\\fR`)
  expect(page).toMatch(/^[\x20-\x7e\n]*$/)
})
