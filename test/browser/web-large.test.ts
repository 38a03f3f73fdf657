import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine, hasChromium, launched, openPage, sample, shown } from './web-page.ts'
import { LOG_MIB, largeLog, MOST_PSS, pssOf } from './web-sizes.ts'

const folder = mkdtempSync(join(tmpdir(), 'web-large-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const MiB = 1024 ** 2

/** Proportional set size of the processes that render pages, in bytes: the largest of them. */
async function rendererPss(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => pssOf(id)))
}

describe.skipIf(!hasChromium)('what is large, or meant to be, in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launched()
  }, 60_000)
  afterAll(async () => browser?.close())

  it(`a log of ${LOG_MIB} MiB is read piece by piece`, async () => {
    const path = largeLog(folder)
    const { page, trouble } = await openPage(browser)
    const measured: number[] = []
    let isOver = false
    const measuring = (async () => {
      while (!isOver) measured.push(await rendererPss(browser))
    })()
    const html = await shown(page, path)
    isOver = true
    await measuring
    measured.push(await rendererPss(browser))
    expect(html === commandLine(folder, [path])).toBe(true)
    expect(Math.max(...measured)).toBeLessThan(MOST_PSS)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('bombs cost what they cost the command line, and hostile names are text', async () => {
    const { page, trouble } = await openPage(browser)
    const bomb = join(folder, 'bomb.gz')
    writeFileSync(bomb, gzipSync(Buffer.alloc(100 * MiB), { level: 9 }))
    expect(await shown(page, bomb)).toBe(commandLine(folder, [bomb]))
    const named = join(folder, '<img src=x onerror=alert(1)>\u202e.log')
    writeFileSync(named, readFileSync(sample('kernel/6.1-global.txt')))
    expect(await shown(page, named)).toBe(commandLine(folder, [named]))
    expect(await page.locator('#inputs img').count()).toBe(0)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('what takes long is cancelled, and the next goes on', async () => {
    const { page } = await openPage(browser)
    await page.setInputFiles('#files', join(folder, 'kern.log'))
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.evaluate('document.documentElement.dataset.state')).toBe('cancelled')
    expect(await page.locator('#working').isVisible()).toBe(false)
    expect(await shown(page, sample('kernel/6.1-global.txt'))).toContain('<h1>')
    await page.context().close()
  })
})
