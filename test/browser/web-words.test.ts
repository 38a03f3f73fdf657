import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, commandLine, ended, hasChromium, launched, openPage, sample, shown } from './web-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'web-words-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const log = sample('dmesg/container-limit.txt')

/** What has the focus: its text, or its id. */
const focused = (page: Page): Promise<unknown> => page.evaluate('document.activeElement.textContent || document.activeElement.id')

/** What the command line says on stderr, without its name. */
const said = (...args: string[]): string =>
  spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' }).stderr.replace(/^oom-report: (?:--\w+: )?/, '')

describe.skipIf(!hasChromium)('what the page says', { timeout: 120_000 }, () => {
  let browser: Browser
  let page: Page
  let trouble: string[]
  beforeAll(async () => {
    browser = await launched()
    const opened = await openPage(browser)
    page = opened.page
    trouble = opened.trouble
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    expect(trouble).toEqual([])
  })

  it('that nothing stands in what was to be pasted', async () => {
    await page.getByRole('button', { name: 'Paste text' }).click()
    await page.getByRole('button', { name: 'Read this' }).click()
    expect(await page.locator('#paste-error').textContent()).toMatch(/^There is no text/)
    expect(await focused(page)).toBe('paste-text')
    await page.getByRole('button', { name: 'Paste text' }).click()
  })

  it.each([
    ['year', 'abc'],
    ['year', '26'],
    ['year', '2026.5'],
    ['year', ' '],
    ['timezone', ' UTC '],
    ['timezone', 'Mars/Olympus'],
  ])('of the %s “%s” what the command line says', async (option, value) => {
    await page.evaluate('document.querySelector("#options").open = true')
    await page.locator('#timezone').fill('')
    await page.locator('#year').fill('')
    await shown(page, log)
    await page.locator(`#${option}`).fill(value)
    await page.locator(`#${option}`).press('Tab')
    expect(await ended(page)).toBe('refused')
    const error = await page.locator(`#${option}-error`).textContent()
    expect(said(log, `--${option}`, value).split('\n')[0]).toBe(error)
    await page.locator(`#${option}`).fill('')
  })

  it('what cannot be read, as the command line does', async () => {
    const junk = join(folder, 'junk.bin')
    writeFileSync(junk, Buffer.alloc(5000, '\x00\x01\xfe\x80', 'latin1'))
    writeFileSync(join(folder, 'empty.log'), '')
    const paths = [log, junk, join(folder, 'empty.log')]
    expect(await shown(page, paths)).toBe(commandLine(folder, paths))
    const lines = await page.locator('#unread li').allTextContents()
    expect(
      said(...paths, '--format', 'json')
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^oom-report: /, '').replace(/^.*\/(?=[^/:]+: )/, '')),
    ).toEqual(lines)
  })

  it('what was cancelled is read again where one stands; what is taken out leads on to the next', async () => {
    const large = join(folder, 'large.log')
    writeFileSync(large, 'Nov 24 01:10:00 node-7 systemd[1]: Started Session of user backup, nothing of note in it.\n'.repeat(2_000_000))
    await page.evaluate('[...document.querySelectorAll("#inputs button")].at(-1)?.click()')
    await page.setInputFiles('#files', [large, log])
    await page.getByRole('button', { name: 'Cancel' }).press('Enter')
    expect(await page.locator('#message').textContent()).toMatch(/^Cancelled/)
    expect(await focused(page)).toBe('Read again')
    await page.keyboard.press('Enter')
    expect(await page.locator('#message').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Remove large.log' }).press('Enter')
    expect(await focused(page)).toBe('Remove')
    expect(await ended(page)).toBe('done')
    expect(await page.evaluate('document.querySelector("#report").srcdoc')).toBe(commandLine(folder, [log]))
    await page.getByRole('button', { name: 'Remove container-limit.txt' }).press('Enter')
    expect(await focused(page)).toBe('Choose files')
  })
})
