import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderReport } from '../../src/render/index.ts'
import { allReports, hostile } from '../fixtures/reports.ts'

/** A real headless Chromium: contrast and layout exist nowhere else. Without one these tests are skipped, loudly; in CI they must run. */
const candidates = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = candidates.find((path) => path !== undefined && existsSync(path))
if (executablePath === undefined) {
  if (process.env.CI === 'true') throw new Error('no Chromium found: install one or set CHROMIUM_PATH')
  console.warn('SKIPPED: browser tests (no Chromium found; set CHROMIUM_PATH)')
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const reports = { ...allReports, hostileNames: hostile('</td><script>document.title="x"</script>`| \u202e \x1b[31m #1 @x') }

describe.skipIf(executablePath === undefined)('the page in a browser', { timeout: 120_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    })
  }, 60_000)
  afterAll(async () => browser?.close())

  async function open(html: string, options: { width: number; colorScheme: 'light' | 'dark' }): Promise<{ page: Page; trouble: string[] }> {
    // bypassCSP only for axe itself, which is a script
    const page = await browser.newPage({
      viewport: { width: options.width, height: 800 },
      colorScheme: options.colorScheme,
      bypassCSP: true,
    })
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('request', (request) => trouble.push(request.url()))
    await page.setContent(html)
    return { page, trouble }
  }

  for (const [name, report] of Object.entries(reports)) {
    it.each(['light', 'dark'] as const)(`${name} has no axe violation, no console message and no request, %s`, async (colorScheme) => {
      const { page, trouble } = await open(await renderReport(report, 'html'), { width: 1100, colorScheme })
      await page.evaluate(() => {
        for (const details of Array.from(
          (globalThis as unknown as { document: { querySelectorAll(s: string): Iterable<{ open: boolean }> } }).document.querySelectorAll(
            'details',
          ),
        ))
          details.open = true
      })
      expect(trouble).toEqual([])
      await page.evaluate(axe)
      const violations = (await page.evaluate(
        'axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.failureSummary || "")).join(" | ")))',
      )) as string[]
      expect(violations).toEqual([])
      await page.close()
    })

    it(`${name} reflows at 320 px`, async () => {
      const { page } = await open(await renderReport(report, 'html'), { width: 320, colorScheme: 'light' })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      await page.close()
    })
  }

  it('runs no script even where one got in: the page’s own policy forbids it', async () => {
    const page = await browser.newPage()
    const html = (await renderReport(allReports.containerLimit as never, 'html')).replace(
      '</main>',
      '<script>document.title = "run"</script></main>',
    )
    await page.setContent(html)
    expect(await page.title()).not.toBe('run')
    await page.close()
  })
})
