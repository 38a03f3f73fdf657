import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze, render } from '../../src/index.ts'
import { hasChromium, launched, openPage, sample, shown } from './web-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'web-large-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const MiB = 1024 ** 2
const LOG_MIB = 300
const MOST_PSS = 400 * MiB

/** An ordinary node's log with one death at its end. */
function largeLog(): string {
  const path = join(folder, 'kern.log')
  const line = (n: number): string =>
    `Nov 24 0${n % 10}:1${n % 6}:0${n % 10} node-7 systemd[1]: Started Session ${n} of user backup, nothing of note in it.\n`
  const block = Array.from({ length: 11_000 }, (_, n) => line(n))
    .join('')
    .slice(0, MiB - 1)
  const fd = openSync(path, 'w')
  for (let n = 0; n < LOG_MIB; n += 1) writeSync(fd, `${block}\n`)
  writeSync(fd, readFileSync(sample('syslog-rfc3164/container-limit.log')))
  closeSync(fd)
  return path
}

/** Proportional set size of the processes that render pages, in bytes: the largest of them. */
async function rendererPss(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'latin1'))?.[1])
  return 1024 * Math.max(...sizes.map(Number))
}

const asCommandLine = async (path: string): Promise<string> => render(await analyze([path]), 'html')

describe.skipIf(!hasChromium)('what is large, or meant to be, in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launched()
  }, 60_000)
  afterAll(async () => browser?.close())

  it(`a log of ${LOG_MIB} MiB is read piece by piece`, async () => {
    const path = largeLog()
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
    expect(html === (await asCommandLine(path))).toBe(true)
    expect(Math.max(...measured)).toBeLessThan(MOST_PSS)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  it('bombs cost what they cost the command line, and hostile names are text', async () => {
    const { page, trouble } = await openPage(browser)
    const bomb = join(folder, 'bomb.gz')
    writeFileSync(bomb, gzipSync(Buffer.alloc(200 * MiB), { level: 9 }))
    expect(await shown(page, bomb)).toBe(await asCommandLine(bomb))
    const named = join(folder, '<img src=x onerror=alert(1)>\u202e.log')
    writeFileSync(named, readFileSync(sample('kernel/6.1-global.txt')))
    expect(await shown(page, named)).toBe(await asCommandLine(named))
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
