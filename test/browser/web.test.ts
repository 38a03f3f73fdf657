import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine, ended, hasChromium, launched, openPage, pageFile, pressLink, sample, shown } from './web-page.ts'
import { STORY, stageSamples } from './web-samples.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const html = readFileSync(pageFile, 'utf8')
const { samples, staged, folder: staging } = stageSamples()
afterAll(() => rmSync(staging, { recursive: true, force: true }))

describe('the page as a file', () => {
  it('is one of at most 1.5 MB, 500 KB packed', () => {
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(1_500_000)
    expect(gzipSync(html, { level: 9 }).length).toBeLessThanOrEqual(500_000)
  })

  it('asks for nothing: no address, no handler, no style in an element; its policy allows none', () => {
    const [head = ''] = html.split('<script type="text/plain"')
    expect(head).not.toMatch(/\b(?:src|href|action|poster|data)=|\son[a-z]+=|\sstyle=|@import|url\(/)
    expect(head).toContain(`content="default-src 'none'; script-src 'sha256-`)
    for (const rule of [
      "connect-src 'none'",
      'worker-src blob:',
      "require-trusted-types-for 'script'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      expect(head).toContain(rule)
    expect(head).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/)
  })
})

describe.skipIf(!hasChromium)('the page in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launched()
  }, 60_000)
  afterAll(async () => browser?.close())

  it('shows of each kind of sample what the command line writes', async () => {
    const { page, trouble } = await openPage(browser)
    for (let at = 0; at < samples.length; at += STORY) {
      const story = samples.slice(at, at + STORY)
      const equal =
        (await shown(
          page,
          story.map((name) => join(staging, name)),
        )) === commandLine(staging, story)
      expect(equal, story.join()).toBe(true)
    }
    expect(trouble).toEqual([])
    await page.context().close()
  }, 600_000)

  it('takes a folder, archives in archives, and YAML as people write it', async () => {
    const { page, trouble } = await openPage(browser)
    const folder = sample('bundles/container-limit-every-source')
    expect(await shown(page, folder, '#folder')).toBe(commandLine(staging, [folder]))
    expect(await shown(page, sample('compressed/nested.zip'))).toBe(commandLine(staging, [sample('compressed/nested.zip')]))
    // read by a whole YAML parser, of which the page leaves out what writes
    const byHand = sample('manifests/written-by-hand.yaml')
    expect(await shown(page, byHand)).toBe(commandLine(staging, [byHand]))
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('takes what is dropped, anywhere', async () => {
    const { page, trouble } = await openPage(browser)
    const paths = [staged('bundles/container-limit-every-source'), staged('dmesg/container-limit.txt')]
    await drop(
      page,
      paths.map((path) => join(staging, path)),
    )
    expect(await ended(page)).toBe('done')
    expect(await page.locator('#inputs code').allTextContents()).toEqual(paths)
    const report = (await page.evaluate('document.querySelector("#report").srcdoc')) as string
    expect(report).toBe(commandLine(staging, paths))
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('by keyboard: pasted text, zone, year, names replaced and shown; what cannot be is said', async () => {
    const { page, trouble } = await openPage(browser)
    await page.getByRole('button', { name: 'Paste text' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.insertText(readFileSync(sample('syslog-rfc3164/container-limit.log'), 'utf8'))
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await ended(page)).toBe('done')
    await page.locator('summary', { hasText: 'Time zone' }).press('Enter')
    await page.getByLabel('Zone of stamps').fill('Mars/Olympus')
    await page.getByLabel('Zone of stamps').press('Tab')
    expect(await ended(page)).toBe('refused')
    expect(await page.locator('#timezone-error').textContent()).toMatch(/^Mars\/Olympus is no zone such as/)
    await page.getByLabel('Zone of stamps').fill('UTC')
    await page.getByLabel('Zone of stamps').press('Tab')
    expect(await ended(page)).toBe('done')
    await page.keyboard.type('2026')
    expect(await page.getByLabel('Year of stamps').inputValue()).toBe('2026')
    await page.getByLabel('Zone of stamps').fill('Europe/Berlin')
    await page.getByLabel('Year of stamps').fill('2026')
    await page.getByLabel('Replace names').check()
    expect(await ended(page)).toBe('done')
    const report = await page.frameLocator('#report').locator('body').textContent()
    const [alias = '', name = ''] = await page.locator('#replaced tbody tr').first().locator('code').allTextContents()
    expect(alias).not.toBe('')
    expect(report).not.toContain(name)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('lists several incidents, which lead into the report, as do links in it; the page is as high as the report', async () => {
    const { page, trouble } = await openPage(browser)
    await shown(page, sample('userspace-killers/several.log'))
    const incidents = page.locator('#incidents button')
    const articles = 'document.querySelector("#report").contentDocument.querySelectorAll("article").length'
    expect(await incidents.count()).toBe(await page.evaluate(articles))
    await incidents.last().click()
    await page.waitForFunction(() => Reflect.get(globalThis, 'scrollY') > 2000)
    expect(await page.evaluate(pressLink)).toEqual([expect.stringMatching(/^#/)])
    const inner = 'document.querySelector("#report").contentDocument.documentElement'
    expect(await page.evaluate(`${inner}.scrollHeight - ${inner}.clientHeight`)).toBeLessThanOrEqual(1)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('writes down and copies what the command line writes', async () => {
    const { page, trouble } = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
    const path = sample('dmesg/container-limit.txt')
    await shown(page, path)
    for (const [name, format] of [
      ['HTML', 'html'],
      ['Markdown', 'md'],
      ['JSON', 'json'],
      ['ticket text', 'ticket'],
    ] as const) {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: `Download ${name}` }).click()
      expect(readFileSync(await (await download).path(), 'utf8'), name).toBe(commandLine(staging, [path], format))
    }
    await page.getByRole('button', { name: 'Copy Markdown' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(commandLine(staging, [path], 'md'))
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('axe finds nothing, %s, and nothing is wider than a phone', async (colorScheme) => {
    // bypassCSP only for axe itself, which is a script
    const { page } = await openPage(browser, { colorScheme, bypassCSP: true, viewport: { width: 320, height: 700 } })
    await page.evaluate(axe)
    const check = async (what: string): Promise<void> => {
      const found =
        'axe.run(document, { iframes: false }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(" | ")))'
      expect(await page.evaluate(found), what).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBeLessThanOrEqual(320)
    }
    await check('at first')
    await page.getByRole('button', { name: 'Paste text' }).click()
    await page.locator('#options summary').click()
    await page.getByLabel('Replace names').check()
    await page.getByLabel('Year of stamps').fill('12')
    await page.getByRole('button', { name: 'a node out of memory' }).click()
    expect(await ended(page)).toBe('refused')
    await check('refused')
    await page.getByLabel('Year of stamps').fill('')
    await page.getByRole('button', { name: 'a node out of memory' }).click()
    expect(await ended(page)).toBe('done')
    await page.locator('#replaced summary').click()
    await check('with a report')
    await page.context().close()
  })
})

/** What the browser does when files are dropped from the desktop. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
}
