import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine, pageUrl, pressLink, sample } from './web-page.ts'
import { STORY, stageSamples } from './web-samples.ts'
import { LOG_MIB, largeLog, largeNested, MOST_PSS, pssOf } from './web-sizes.ts'

/** Debian's Firefox ESR, by WebDriver BiDi. */
const executablePath = [process.env['FIREFOX_PATH'], '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
  (path): path is string => path !== undefined && existsSync(path),
)
if (executablePath === undefined) {
  if (process.env['CI'] === 'true') throw new Error('no Firefox found: install firefox-esr or set FIREFOX_PATH')
  console.warn('SKIPPED: the page in Firefox (none found; set FIREFOX_PATH)')
}

/** A proxy that is not there: whatever asks for the network fails. */
const nowhere = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
}
const { samples, folder: staging } = stageSamples()
afterAll(() => rmSync(staging, { recursive: true, force: true }))

describe.skipIf(executablePath === undefined)('the page in Firefox', { timeout: 120_000 }, () => {
  let browser: Browser
  let page: Page
  const trouble: string[] = []
  beforeAll(async () => {
    browser = await launch({
      browser: 'firefox',
      headless: true,
      extraPrefsFirefox: nowhere,
      ...(executablePath === undefined ? {} : { executablePath }),
    })
    page = await browser.newPage()
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(String(error)))
    await page.evaluateOnNewDocument(
      'addEventListener("securitypolicyviolation", (event) => console.error("refused: " + event.violatedDirective + " " + event.blockedURI))',
    )
    await page.goto(pageUrl)
  }, 60_000)
  afterAll(async () => browser?.close())

  async function shown(paths: readonly string[]): Promise<string> {
    await page.evaluate('[...document.querySelectorAll("#inputs button")].at(-1)?.click()')
    const input = await page.$('#files')
    await input?.uploadFile(...paths)
    await page.waitForSelector('html[data-state=done], html[data-state=failed]', { timeout: 60_000 })
    return (await page.evaluate('document.querySelector("#report").srcdoc')) as string
  }

  it('shows of each kind of sample what the command line writes', async () => {
    for (let at = 0; at < samples.length; at += STORY) {
      const story = samples.slice(at, at + STORY)
      expect((await shown(story.map((name) => join(staging, name)))) === commandLine(staging, story), story.join()).toBe(true)
    }
    const nested = sample('compressed/nested.zip')
    expect(await shown([nested])).toBe(commandLine(staging, [nested]))
    expect(await page.evaluate('document.querySelector("#report").contentDocument.querySelector("h1") !== null')).toBe(true)
    expect(await page.evaluate(pressLink)).toEqual([expect.stringMatching(/^#/)])
    expect(trouble).toEqual([])
  })

  it.each([
    [`reads a log of ${LOG_MIB} MiB piece by piece`, largeLog],
    [`reads an archive of ${LOG_MIB} MiB in another one from disk`, largeNested],
  ])('%s', async (_, written) => {
    const path = written(staging)
    const measured: number[] = []
    const timer = setInterval(() => measured.push(contentPss(browser)), 200)
    const html = await shown([path])
    clearInterval(timer)
    measured.push(contentPss(browser))
    expect(html === commandLine(staging, [path])).toBe(true)
    expect(Math.max(...measured)).toBeGreaterThan(0)
    expect(Math.max(...measured)).toBeLessThan(MOST_PSS)
    expect(trouble).toEqual([])
  })

  it('keeps no choice when it is opened again', async () => {
    await page.evaluate('document.querySelector("#redact").click()')
    await page.reload()
    expect(await page.evaluate('document.querySelector("#redact").checked')).toBe(false)
  })
})

/** The largest of the processes in which Firefox shows pages. */
function contentPss(browser: Browser): number {
  const parent = browser.process()?.pid
  const sizes = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) && isContentOf(pid, parent) ? [pssOf(Number(pid))] : []))
  return Math.max(0, ...sizes)
}

function isContentOf(pid: string, browser: number | undefined): boolean {
  try {
    // Those that a fork server starts have blanks between their words.
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split(/[\0 ]/)
    return words.includes('-isForBrowser') && words.includes(String(browser))
  } catch {
    return false
  }
}
