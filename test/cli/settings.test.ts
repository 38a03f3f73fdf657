import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ownFile, settingsOf } from '../../src/cli/settings.ts'

const home = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const file = join(home, '.config/oom-report/config.yaml')
mkdirSync(join(home, '.config/oom-report'), { recursive: true })

function settings(yaml: string, env: Record<string, string> = {}): unknown {
  writeFileSync(file, yaml)
  return settingsOf({ env: { HOME: home, ...env }, config: undefined }).settings
}

test('the file, and the environment before it', () => {
  expect(settings('timezone: Europe/Berlin\nformat: text\n')).toEqual({ timezone: 'Europe/Berlin', format: 'text' })
  expect(settings('timezone: Europe/Berlin\n', { OOM_REPORT_TIMEZONE: 'UTC' })).toEqual({ timezone: 'UTC' })
  expect(settings('# nothing\n')).toEqual({})
  expect(settings('output: [html:out.html, /srv/oom.json]\n')).toEqual({
    output: [`html:${join(home, '.config/oom-report/out.html')}`, '/srv/oom.json'],
  })
  expect(settings('', { OOM_REPORT_OUTPUT: 'oom.html' })).toEqual({ output: ['oom.html'] })
  expect(() => settings('output: 3\n')).toThrow('is a file, or a list of files')
  expect(settings('template: own.hbs\n')).toEqual({ template: join(home, '.config/oom-report/own.hbs') })
})

test('redaction can be asked for, and is never taken back', () => {
  expect(settings('redact: true\n')).toEqual({ redact: true })
  expect(settings('redact: true\n', { OOM_REPORT_REDACT: '0' })).toEqual({ redact: true })
  expect(settings('redact: false\n', { OOM_REPORT_REDACT: '1' })).toEqual({ redact: true })
  for (const name of ['show-secrets', 'show-command-lines', 'no-redact'])
    expect(() => settings(`${name}: true\n`)).toThrow('can only be given on the command line')
})

test.each([
  ['timezon: UTC', 'Did you mean timezone?'],
  ['- a', 'lines of "name: value"'],
  ['format: pdf', 'unknown format pdf'],
  ['redact: perhaps', 'true or false'],
  ['timezone: 5', 'is a text'],
  ['a: [', 'cannot read the settings'],
])('refused: %s', (yaml, message) => {
  expect(() => settings(`${yaml}\n`)).toThrow(message)
})

test('only the user’s own folder, or a file that is named', () => {
  expect(ownFile({ HOME: home })).toBe(file)
  expect(ownFile({ HOME: home, XDG_CONFIG_HOME: '/own' })).toBe('/own/oom-report/config.yaml')
  expect(ownFile({ XDG_CONFIG_HOME: 'relative' })).toBeNull()
  expect(ownFile({ HOME: '.' })).toBeNull()
  writeFileSync(file, 'format: html\n')
  expect(settingsOf({ env: { HOME: home }, config: 'none' }).settings).toEqual({})
  expect(settingsOf({ env: { HOME: home, OOM_REPORT_CONFIG: 'none' }, config: undefined }).file).toBeNull()
  expect(() => settingsOf({ env: {}, config: join(home, 'not-there.yaml') })).toThrow('cannot read the settings')
})
