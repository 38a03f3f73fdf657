import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldFleet } from '../../src/batch/fleet.ts'
import { loadTools } from '../../src/render/tools.ts'
import { sampleResults, wholePages } from '../batch/sample-fleet.ts'

const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = candidates.find((path) => path !== undefined && existsSync(path))
if (executablePath === undefined) {
  if (process.env['CI'] === 'true') throw new Error('no Chromium found: install one or set CHROMIUM_PATH')
  console.warn('SKIPPED: browser tests of the fleet view (no Chromium found; set CHROMIUM_PATH)')
}
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(executablePath === undefined)('the fleet view in a browser', { timeout: 120_000 }, async () => {
  const { engine } = await loadTools({}, true)
  const listed = [{ name: 'bundles/cut.tar.gz', reason: 'the gzip data ends early' }]
  const of = (incidents: number) => wholePages(foldFleet(sampleResults(incidents), listed, { version: '0', baseline: null }).fleet, engine)
  // axe takes minutes for the lists of 5,000 on a slow machine; a page of fewer rows has the same parts.
  const few = of(40)
  const shown = [
    { what: '5,000 incidents, index.html', name: 'index.html', pages: of(5000) },
    ...['by-time-1.html', 'by-workload-1.html', 'by-node-1.html'].map((name) => ({ what: `40 incidents, ${name}`, name, pages: few })),
    { what: 'no incident, index.html', name: 'index.html', pages: of(0) },
  ].map(({ what, name, pages }) => ({ what, text: pages.find((p) => p.name === name)?.text as string }))

  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    })
  }, 60_000)
  afterAll(async () => browser?.close())

  for (const { what, text } of shown) {
    it.each(['light', 'dark'] as const)(`${what}: no axe violation, no console message, no request, %s`, async (colorScheme) => {
      const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, colorScheme, bypassCSP: true })
      const trouble: string[] = []
      page.on('console', (message) => trouble.push(message.text()))
      page.on('pageerror', (error) => trouble.push(error.message))
      page.on('request', (request) => trouble.push(request.url()))
      await page.setContent(text)
      await page.evaluate('document.querySelectorAll("details").forEach((d) => { d.open = true })')
      expect(trouble).toEqual([])
      await page.evaluate(axe)
      const violations = await page.evaluate(
        'axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")))',
      )
      expect(violations).toEqual([])
      await page.close()
    })

    it(`${what}: reflows at 320 px`, async () => {
      const page = await browser.newPage({ viewport: { width: 320, height: 800 } })
      await page.setContent(text)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      await page.close()
    })
  }
})
