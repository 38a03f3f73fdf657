import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = candidates.find((path) => path !== undefined && existsSync(path))
export const hasChromium = executablePath !== undefined
if (!hasChromium && process.env['CI'] === 'true') throw new Error('no Chromium found: install one or set CHROMIUM_PATH')

export const pageFile = fileURLToPath(new URL('../../dist/web/oom-report.html', import.meta.url))
export const pageUrl = new URL('../../dist/web/oom-report.html', import.meta.url).href
export const sample = (name: string): string => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url))

export const launched = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })

/** What the built command line writes of paths below a folder; its exit code may say that some of it was unreadable. */
export const commandLine = (folder: string, paths: readonly string[], format = 'html'): string =>
  spawnSync(process.execPath, [cli, ...paths, '--format', format], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 }).stdout

export const cli = fileURLToPath(new URL('../../dist/cli/cli.js', import.meta.url))

/** What went wrong in a page: its console, its errors, whatever it asked for, and what its policy refused. */
export interface Watched {
  readonly page: Page
  readonly trouble: string[]
}

/** The page from disk, off the network. */
export async function openPage(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true, ...options })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== pageUrl && !request.url().startsWith('blob:')) trouble.push(request.url())
  })
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.error("refused: " + event.violatedDirective + " " + event.blockedURI))',
  )
  await page.goto(pageUrl)
  return { page, trouble }
}

/** How the analysis ended, when it has. */
export async function ended(page: Page): Promise<string> {
  await page.waitForSelector(['done', 'refused', 'failed'].map((state) => `html[data-state=${state}]`).join(), { timeout: 60_000 })
  return (await page.evaluate('document.documentElement.dataset.state')) as string
}

/** Presses the last link within the report: `[href]` where what it leads to is in view, a reason where not. */
export const pressLink = `new Promise((resolve) => {
  const report = document.querySelector('#report').contentDocument
  const link = [...report.querySelectorAll('a[href^="#"]')].at(-1)
  link.click()
  setTimeout(() => {
    const frame = document.querySelector('#report')
    const place = frame.contentDocument?.getElementById(link.getAttribute('href').slice(1))
    if (!place) resolve('the report is gone')
    const top = frame.getBoundingClientRect().top + place.getBoundingClientRect().top
    resolve(top > -5 && top < innerHeight ? [link.getAttribute('href')] : 'out of view: ' + top)
  }, 1500)
})`

/** The HTML that is shown, of files or a folder chosen. What was there before is removed. */
export async function shown(page: Page, paths: string | readonly string[], field = '#files'): Promise<string> {
  // The last one removes all where there are several.
  const remove = page.locator('#inputs button').last()
  if ((await remove.count()) > 0) await remove.click()
  await page.setInputFiles(field, typeof paths === 'string' ? paths : [...paths])
  const state = await ended(page)
  if (state !== 'done') throw new Error(`${state}: ${await page.locator('#message').textContent()}`)
  return (await page.evaluate('document.querySelector("#report").srcdoc')) as string
}
